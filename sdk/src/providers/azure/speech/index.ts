import type { Provider } from '../../../types/index.ts';
import { headerText } from '../../credentials.ts';
import { lazily } from '../../lazily.ts';
import { azureAuth } from '../credentials.ts';
import type { EntraTokens } from '../entra.ts';
import { speechHosts } from './place.ts';

/** `azure/speech/azure-tts`, as LiteLLM's users write Azure's own speech service, which is none of its OpenAI models. */
export const isSpeech = (model: string): boolean => model.startsWith('speech/');

/** Azure Speech. @param common what it shares with Azure's models */
export const azureSpeech = (
  common: Pick<Provider, 'id' | 'baseUrlEnv' | 'keyEnv' | 'optionsEnv' | 'credentialOptions' | 'variant'>,
  tokens: EntraTokens,
): Provider => ({
  ...common,
  label: 'Azure Speech',
  auth: azureAuth(tokens, (key, { provider }) => ({ 'ocp-apim-subscription-key': headerText(key, provider) })),
  speaks: {},
  operations: {
    speech: lazily(() => import('./synthesis.ts').then(({ speech }) => speech)),
    transcription: lazily(() => import('./recognition.ts').then(({ transcription }) => transcription)),
  },
  hosts: speechHosts,
  resolveModel: (model) => ({ model: model.replace(/^speech\//, '') }),
  source: 'https://learn.microsoft.com/azure/ai-services/speech-service/rest-text-to-speech, 2026-11-22',
});
