import { anthropicMessages, jinaReranks } from '../speaks.ts';
import { fromLitellm, plain, type Row } from './row.ts';

/**
 * Alibaba's Model Studio: one API on a host for each region. Formats lie under paths of their own, and any of them may be
 * what a user gives as the address.
 */
export const dashscope = (facts: Pick<Row, 'label' | 'keyEnv' | 'baseUrl'> & Partial<Row>): Row => ({
  baseUrlRules: { strip: ['/compatible-mode/v1', '/compatible-api/v1', '/apps/anthropic/v1', '/apps/anthropic', '/api/v1'] },
  speaks: {
    chat: { protocol: 'openai-chat', path: '/compatible-mode/v1/chat/completions' },
    completions: { protocol: 'openai-completions', path: '/compatible-mode/v1/completions' },
    responses: { protocol: 'openai-responses', path: '/compatible-mode/v1/responses', optIn: true },
    embeddings: { protocol: 'openai-embeddings', path: '/compatible-mode/v1/embeddings' },
    ...jinaReranks('/compatible-api/v1/reranks'),
    ...anthropicMessages('/apps/anthropic/v1/messages'),
  },
  // https://help.aliyun.com/en/model-studio/batch-interfaces-compatible-with-openai/, 2026-11-22
  resources: { files: { path: '/compatible-mode/v1/files' }, batches: { path: '/compatible-mode/v1/batches' } },
  quirks: { ...plain, reasoningField: 'reasoning_content' },
  // Its signatures of thoughts are its own, also in Anthropic's format.
  traits: () => ({ origin: 'alibaba' }),
  source: fromLitellm('dashscope'),
  ...facts,
});
