import { loadCatalog, offersOf, providers, type Offer, type PriceBook } from 'sluice/kit';
import type { Deployment } from '../config/snapshot.ts';

/** What a deployment is for, in LiteLLM's words; undefined where nobody knows. */
export type ModeOf = (deployment: Deployment) => string | undefined;

/** What a provider without chat is asked for, most usual first. */
const modes: readonly (readonly [Offer, string])[] = [
  ['chat', 'chat'],
  ['responses', 'chat'],
  ['messages', 'chat'],
  ['completions', 'completion'],
  ['embeddings', 'embedding'],
  ['rerank', 'rerank'],
  ['image-generation', 'image_generation'],
  ['speech', 'audio_speech'],
  ['transcription', 'audio_transcription'],
  ['moderation', 'moderation'],
  ['video-create', 'video_generation'],
  ['ocr', 'ocr'],
];

/** By what is written, else by what is known of the model, else by what its provider does. */
export const modeBy =
  (catalog: Pick<PriceBook, 'find'>): ModeOf =>
  ({ mode, provider, model, baseModel }) => {
    if (mode !== undefined || provider === undefined) return mode;
    const known = catalog.find(provider, baseModel ?? model)?.mode;
    const vendor = known === undefined ? providers.find(provider) : undefined;
    if (!vendor) return known;
    const offered = new Set(offersOf(vendor).map(({ what }) => what));
    return modes.find(([offer]) => offered.has(offer))?.[1];
  };

export const loadModes = async (): Promise<ModeOf> => modeBy(await loadCatalog());
