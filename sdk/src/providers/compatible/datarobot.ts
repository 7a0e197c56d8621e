import { openaiFormats } from '../speaks.ts';
import { fromLitellm, plain, providerOf, type Row } from './row.ts';

/** DataRobot's gateway to all models, and, at a deployment's own address, that deployment. */
export const datarobot: Row = {
  label: 'DataRobot',
  baseUrl: 'https://app.datarobot.com/api/v2',
  baseUrlEnv: ['DATAROBOT_ENDPOINT'],
  keyEnv: ['DATAROBOT_API_TOKEN'],
  speaks: { chat: { protocol: 'openai-chat', path: '/genai/llmgw/chat/completions' } },
  quirks: plain,
  variant: ({ baseUrl }) => (baseUrl?.includes('/deployments/') ? deployment : gateway),
  source: fromLitellm('datarobot'),
};

const gateway = providerOf('datarobot', datarobot);
const deployment = { ...gateway, speaks: openaiFormats('chat') };
