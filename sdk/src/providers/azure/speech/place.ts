import { SluiceError, type Target } from '../../../types/index.ts';
import { checkedUrl } from '../../url.ts';

/*
 * A resource for speech has a host for each of its parts in its region, or one of its own for all:
 *   https://eastus.api.cognitive.microsoft.com   https://eastus.tts.speech.microsoft.com   https://res.cognitiveservices.azure.com
 * learn.microsoft.com/azure/ai-services/speech-service/rest-text-to-speech, /regions and
 * /speech-services-private-link, read 2026-11-22.
 */

const regional = /^([a-z0-9-]+)\.(?:api\.cognitive|(?:tts|stt)\.speech)\.(microsoft\.com|azure\.cn|azure\.us)$/;
const ownDomain = /\.(?:cognitiveservices|services\.ai)\.azure\.(?:com|cn|us)$/;

/** Hosts that get the credentials whichever of them the user wrote down. */
export const speechHosts = ['microsoft.com', 'azure.cn', 'azure.us'].flatMap((domain) => [
  `*.api.cognitive.${domain}`,
  `*.tts.speech.${domain}`,
]);

const baseOf = ({ baseUrl, provider }: Target): URL => {
  if (baseUrl !== undefined) return checkedUrl(baseUrl, provider);
  throw new SluiceError(
    'invalid_request',
    'Azure Speech needs the address of your resource: give api_base (baseUrl), such as https://eastus.api.cognitive.microsoft.com.',
    { param: 'api_base', provider: provider.id },
  );
};

const ending = /\/+(?:(?:tts\/)?cognitiveservices\/v1|speechtotext(?:\/.*)?)?\/*$/;

const rootOf = ({ origin, pathname }: URL): string => origin + pathname.replace(ending, '');

/** @throws SluiceError `invalid_request` */
export const synthesisUrl = (target: Target): string => {
  const url = baseOf(target);
  const [, region, domain] = regional.exec(url.hostname) ?? [];
  if (region !== undefined) return `https://${region}.tts.speech.${domain}/cognitiveservices/v1`;
  return `${rootOf(url)}${ownDomain.test(url.hostname) ? '/tts' : ''}/cognitiveservices/v1`;
};

/** @throws SluiceError `invalid_request` */
export const recognitionUrl = (target: Target): string => {
  const url = baseOf(target);
  const [, region, domain] = regional.exec(url.hostname) ?? [];
  const root = region === undefined ? rootOf(url) : `https://${region}.api.cognitive.${domain}`;
  return `${root}/speechtotext/transcriptions:transcribe`;
};
