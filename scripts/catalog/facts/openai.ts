import type { PublishedRates } from '../../../sdk/src/catalog/rates.ts';
import type { Fact } from './fact.ts';

const source = 'openai-pricing';

/** Priority processing, dollars a million tokens: input, cached input, output. */
const priority = (input: number, cacheRead: number, output: number): PublishedRates => ({ input, cacheRead, output });

const ofTier = (ids: readonly string[], rates: PublishedRates): Fact => ({ provider: 'openai', ids, tiers: { priority: rates }, source });

const dallE2 = { '256x256': 0.016, '512x512': 0.018, '1024x1024': 0.02 };
const dallE3 = {
  'standard/1024x1024': 0.04,
  'standard/1024x1792': 0.08,
  'standard/1792x1024': 0.08,
  'hd/1024x1024': 0.08,
  'hd/1024x1792': 0.12,
  'hd/1792x1024': 0.12,
  '1024x1024': 0.04,
  '1024x1792': 0.08,
  '1792x1024': 0.08,
};
const sora2Pro = { '720x1280': 0.3, '1280x720': 0.3, '1024x1792': 0.5, '1792x1024': 0.5 };

const priorities: readonly Fact[] = [
  ofTier(['gpt-4o'], priority(4.25, 2.125, 17)),
  ofTier(['gpt-4o-2024-05-13'], { input: 8.75, output: 26.25 }),
  ofTier(['gpt-4o-mini'], priority(0.25, 0.125, 1)),
  ofTier(['gpt-4.1'], priority(3.5, 0.875, 14)),
  ofTier(['gpt-4.1-mini'], priority(0.7, 0.175, 2.8)),
  ofTier(['gpt-4.1-nano'], priority(0.2, 0.05, 0.8)),
  ofTier(['gpt-5', 'gpt-5.1'], priority(2.5, 0.25, 20)),
  ofTier(['gpt-5-mini'], priority(0.45, 0.045, 3.6)),
  ofTier(['gpt-5.2', 'gpt-5.3-codex'], priority(3.5, 0.35, 28)),
  ofTier(['o3'], priority(3.5, 0.875, 14)),
  ofTier(['o4-mini'], priority(2, 0.5, 8)),
];

/** All prices above the base of these are multiples of it, those of long contexts too. */
const multiples: readonly Fact[] = [
  {
    provider: 'openai',
    ids: ['gpt-5.4', 'gpt-5.4-mini', 'gpt-5.6-sol', 'gpt-5.6-terra', 'gpt-5.6-luna', 'gpt-6-astra', 'gpt-6-sol', 'gpt-6-luna'],
    tiers: { priority: 2, fast: 2 },
    source,
  },
  { provider: 'openai', ids: ['gpt-5.5'], tiers: { priority: 2.5, fast: 2.5 }, source },
];

const flexed: Fact = {
  provider: 'openai',
  ids: [
    'gpt-5',
    'gpt-5-mini',
    'gpt-5-nano',
    'gpt-5.1',
    'gpt-5.2',
    'gpt-5.4',
    'gpt-5.4-mini',
    'gpt-5.4-nano',
    'gpt-5.4-pro',
    'gpt-5.5',
    'gpt-5.5-pro',
    'gpt-5.6-sol',
    'gpt-5.6-terra',
    'gpt-5.6-luna',
    'gpt-6-astra',
    'gpt-6-sol',
    'gpt-6-luna',
    'o3',
    'o4-mini',
  ],
  tiers: { flex: 0.5 },
  source,
};

/** Searching with models that do not reason costs more, and their search tokens nothing. */
const searches: readonly Fact[] = [
  {
    provider: 'openai',
    ids: ['gpt-4o', 'gpt-4o-mini', 'gpt-4.1', 'gpt-4.1-mini', 'gpt-4o-search-preview', 'gpt-4o-mini-search-preview'],
    price: { webSearch: 0.025 },
    can: 'web_search',
    source,
  },
];

const media: readonly Fact[] = [
  { provider: 'openai', ids: ['dall-e-2'], mode: 'image_generation', price: { imageBy: dallE2, image: 0.02 }, source },
  { provider: 'openai', ids: ['dall-e-3'], mode: 'image_generation', price: { imageBy: dallE3, image: 0.04 }, source },
  {
    provider: 'openai',
    ids: ['gpt-image-1.5', 'chatgpt-image-latest'],
    mode: 'image_generation',
    price: { input: 5, cacheRead: 1.25, output: 10, inputImage: 8, cacheReadImage: 2, outputImage: 32 },
    source,
  },
  {
    provider: 'openai',
    ids: ['gpt-image-1'],
    mode: 'image_generation',
    price: { input: 5, cacheRead: 1.25, output: 40, inputImage: 10, cacheReadImage: 2.5, outputImage: 40 },
    source,
  },
  {
    provider: 'openai',
    ids: ['gpt-image-1-mini'],
    mode: 'image_generation',
    price: { input: 2, cacheRead: 0.2, output: 8, inputImage: 2.5, cacheReadImage: 0.25, outputImage: 8 },
    source,
  },
  { provider: 'openai', ids: ['gpt-image-2'], mode: 'image_generation', price: { output: 30, outputImage: 30 }, source },
  { provider: 'openai', ids: ['tts-1', 'tts-1-1106'], mode: 'audio_speech', price: { character: 15 }, source },
  { provider: 'openai', ids: ['tts-1-hd', 'tts-1-hd-1106'], mode: 'audio_speech', price: { character: 30 }, source },
  { provider: 'openai', ids: ['gpt-4o-mini-tts'], mode: 'audio_speech', price: { input: 0.6, output: 12, outputAudio: 12 }, source },
  { provider: 'openai', ids: ['whisper-1'], mode: 'audio_transcription', price: { inputSecond: 0.0001 }, source },
  { provider: 'openai', ids: ['gpt-4o-transcribe'], mode: 'audio_transcription', source },
  { provider: 'openai', ids: ['gpt-4o-mini-transcribe'], mode: 'audio_transcription', source },
  { provider: 'openai', ids: ['sora-2'], mode: 'video_generation', price: { outputSecond: 0.1 }, source },
  { provider: 'openai', ids: ['sora-2-pro'], mode: 'video_generation', price: { outputSecond: 0.3, outputSecondBy: sora2Pro }, source },
  {
    provider: 'openai',
    ids: ['omni-moderation-latest', 'omni-moderation-2024-09-26', 'text-moderation-latest', 'text-moderation-stable'],
    mode: 'moderation',
    price: { input: 0, output: 0, request: 0 },
    source,
  },
  { provider: 'openai', ids: ['text-embedding-3-large'], mode: 'embedding', vector: 3072, maxOutput: 0, source },
  { provider: 'openai', ids: ['text-embedding-3-small', 'text-embedding-ada-002'], mode: 'embedding', vector: 1536, maxOutput: 0, source },
  { provider: 'openai', ids: ['gpt-4o-audio-preview'], price: { inputAudio: 40, outputAudio: 80 }, source },
  { provider: 'openai', ids: ['gpt-4o-mini-audio-preview'], price: { inputAudio: 10, outputAudio: 20 }, source },
  {
    provider: 'openai',
    ids: ['gpt-4o-realtime-preview'],
    mode: 'realtime',
    price: { input: 5, cacheRead: 2.5, output: 20, inputAudio: 40, cacheReadAudio: 2.5, outputAudio: 80 },
    source,
  },
];

const tuned: readonly Fact[] = [
  { provider: 'openai', ids: ['ft:gpt-4.1'], price: { input: 3, cacheRead: 0.75, output: 12 }, source },
  { provider: 'openai', ids: ['ft:gpt-4.1-mini'], price: { input: 0.8, cacheRead: 0.2, output: 3.2 }, source },
  { provider: 'openai', ids: ['ft:gpt-4.1-nano'], price: { input: 0.2, cacheRead: 0.05, output: 0.8 }, source },
  { provider: 'openai', ids: ['ft:gpt-4o'], price: { input: 3.75, cacheRead: 1.875, output: 15 }, source },
  { provider: 'openai', ids: ['ft:gpt-4o-mini'], price: { input: 0.3, cacheRead: 0.15, output: 1.2 }, source },
  { provider: 'openai', ids: ['ft:gpt-3.5-turbo'], price: { input: 3, output: 6 }, source },
  {
    provider: 'groq',
    ids: ['openai/gpt-oss-safeguard-20b'],
    price: { input: 0.075, cacheRead: 0.0375, output: 0.3 },
    source: 'groq-pricing',
  },
];

export const openaiFacts: readonly Fact[] = [...priorities, ...multiples, flexed, ...searches, ...media, ...tuned];
