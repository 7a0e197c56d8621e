import type { PublishedRates } from '../../../sdk/src/catalog/rates.ts';
import type { Mode } from '../../../sdk/src/catalog/model-row.ts';
import type { Fact } from './fact.ts';

const of =
  (provider: string, mode: Mode, source: string) =>
  (price: PublishedRates, ...ids: string[]): Fact => ({ provider, mode, source, price, ids });

/** A price a minute or an hour, for one second. */
const minute = (dollars: number): PublishedRates => ({ inputSecond: Number((dollars / 60).toPrecision(12)) });
const hour = (dollars: number): PublishedRates => ({ inputSecond: Number((dollars / 3600).toPrecision(12)) });

const deepgram = of('deepgram', 'audio_transcription', 'deepgram-pricing');
const deepgramSpeech = of('deepgram', 'audio_speech', 'deepgram-pricing');
const named = (match: string, fact: Fact): readonly Fact[] => [{ ...fact, match }];
const assemblyai = of('assemblyai', 'audio_transcription', 'assemblyai-pricing');
const elevenlabs = of('elevenlabs', 'audio_speech', 'elevenlabs-pricing');
const soniox = of('soniox', 'audio_transcription', 'soniox-pricing');
const polly = of('aws_polly', 'audio_speech', 'polly-pricing');
const groqSpeech = of('groq', 'audio_speech', 'groq-pricing');
const minimaxSpeech = of('minimax', 'audio_speech', 'minimax-pricing');
const mistralHearing = of('mistral', 'audio_transcription', 'mistral-pricing');
const mistralSpeech = of('mistral', 'audio_speech', 'mistral-pricing');

const audio: readonly Fact[] = [
  deepgram(minute(0.0043), 'nova', 'nova-2', 'nova-3', 'nova-2-general', 'nova-3-general', 'nova-2-meeting', 'nova-2-phonecall'),
  ...named('^nova-2-', deepgram(minute(0.0043), 'nova-2')),
  ...named('^aura-(?!2)', deepgramSpeech({ character: 15 }, 'aura')),
  ...named('^aura-2-', deepgramSpeech({ character: 30 }, 'aura-2')),
  deepgram(minute(0.0052), 'nova-3-medical'),
  deepgram(minute(0.0145), 'enhanced', 'enhanced-general', 'enhanced-meeting', 'enhanced-phonecall'),
  deepgram(minute(0.0125), 'base', 'base-general', 'base-meeting', 'base-phonecall'),
  deepgram(minute(0.006), 'whisper', 'whisper-large', 'whisper-medium', 'whisper-small', 'whisper-base', 'whisper-tiny'),
  assemblyai(hour(0.21), 'universal-3-pro', 'universal-3-5-pro'),
  assemblyai(hour(0.15), 'universal-2'),
  of('gladia', 'audio_transcription', 'gladia-pricing')(hour(0.61), 'solaria-1'),
  assemblyai(hour(0.12), 'best'),
  assemblyai(hour(0.37), 'nano'),
  of('elevenlabs', 'audio_transcription', 'elevenlabs-pricing')(hour(0.22), 'scribe_v1', 'scribe_v1_experimental', 'scribe_v2'),
  elevenlabs({ character: 80 }, 'eleven_v3', 'eleven_multilingual_v2', 'eleven_v4'),
  elevenlabs(
    { character: 40 },
    'eleven_flash_v2',
    'eleven_flash_v2_5',
    'eleven_turbo_v2',
    'eleven_turbo_v2_5',
    'eleven_v4_turbo',
    'eleven_v3_conversational',
  ),
  soniox(hour(0.1), 'stt-async-v4', 'stt-async-v5'),
  soniox(hour(0.12), 'stt-rt-v3', 'stt-rt-v4', 'stt-rt-v5', 'stt-rt-preview', 'stt-rt-v3-preview', 'stt-rt-preview-v2'),
  polly({ character: 4 }, 'standard'),
  polly({ character: 16 }, 'neural'),
  polly({ character: 100 }, 'long-form'),
  polly({ character: 30 }, 'generative'),
  groqSpeech({ character: 22 }, 'canopylabs/orpheus-v1-english'),
  groqSpeech({ character: 40 }, 'canopylabs/orpheus-arabic-saudi'),
  minimaxSpeech({ character: 100 }, 'speech-02-hd', 'speech-2.6-hd'),
  minimaxSpeech({ character: 60 }, 'speech-02-turbo', 'speech-2.6-turbo'),
  mistralHearing(minute(0.003), 'voxtral-mini-2602', 'voxtral-mini-transcribe-2602'),
  mistralHearing(minute(0.006), 'voxtral-mini-transcribe-realtime-2602'),
  mistralSpeech({ character: 16 }, 'voxtral-mini-tts-2603', 'voxtral-mini-tts-latest'),
];

const stability = of('stability', 'image_generation', 'stability-pricing');
const stabilityEdit = of('stability', 'image_edit', 'stability-credits');
const flux = of('black_forest_labs', 'image_generation', 'bfl-pricing');
const fluxEdit = of('black_forest_labs', 'image_edit', 'bfl-pricing');
const recraft = of('recraft', 'image_generation', 'recraft-pricing');
const bedrockImage = of('bedrock', 'image_generation', 'bedrock-pricing');
const fal = of('fal_ai', 'image_generation', 'fal-pricing');
const imagen = (provider: string, source: string) => of(provider, 'image_generation', source);
const imagens = (make: ReturnType<typeof of>): readonly Fact[] => [
  make({ image: 0.03 }, 'imagen-3.0-generate-002'),
  make({ image: 0.04 }, 'imagen-4.0-generate-001'),
  make({ image: 0.02 }, 'imagen-4.0-fast-generate-001'),
  make({ image: 0.06 }, 'imagen-4.0-ultra-generate-001'),
];

const runwayImage = of('runwayml', 'image_generation', 'runway-pricing');
const runwaySpeech = of('runwayml', 'audio_speech', 'runway-pricing');
const sized = (price: number, sizes: readonly string[]): Record<string, number> => Object.fromEntries(sizes.map((size) => [size, price]));
const runway720 = ['1280x720', '720x1280', '720x720', '960x720', '720x960', '1680x720'];
const runway1080 = [
  '1024x1024',
  '1080x1080',
  '1080x1440',
  '1080x1920',
  '1168x880',
  '1360x768',
  '1440x1080',
  '1808x768',
  '1920x1080',
  '2112x912',
];

const images: readonly Fact[] = [
  stability({ image: 0.08 }, 'stable-image-ultra'),
  stability({ image: 0.03 }, 'stable-image-core'),
  stability({ image: 0.065 }, 'sd3', 'sd3-large', 'sd3.5-large'),
  stability({ image: 0.04 }, 'sd3-large-turbo', 'sd3.5-large-turbo'),
  stability({ image: 0.035 }, 'sd3-medium', 'sd3.5-medium'),
  // A credit is a cent.
  stabilityEdit({ image: 0.05 }, 'erase', 'inpaint', 'remove-background', 'search-and-replace', 'sketch', 'structure', 'style'),
  stabilityEdit({ image: 0.02 }, 'fast'),
  stabilityEdit({ image: 0.4 }, 'conservative'),
  stabilityEdit({ image: 0.6 }, 'creative'),
  flux({ image: 0.04 }, 'flux-pro-1.1'),
  flux({ image: 0.06 }, 'flux-pro-1.1-ultra'),
  flux({ image: 0.05 }, 'flux-pro'),
  flux({ image: 0.025 }, 'flux-dev'),
  fluxEdit({ image: 0.04 }, 'flux-kontext-pro'),
  fluxEdit({ image: 0.08 }, 'flux-kontext-max'),
  fluxEdit({ image: 0.05 }, 'flux-pro-1.0-fill', 'flux-pro-1.0-expand'),
  recraft({ image: 0.04 }, 'recraftv3'),
  recraft({ image: 0.022 }, 'recraftv2'),
  recraft({ image: 0.035 }, 'recraftv4_1', 'recraftv4_1_utility'),
  recraft({ image: 0.21 }, 'recraftv4_1_pro', 'recraftv4_1_utility_pro'),
  recraft({ image: 0.04 }, 'recraftv4'),
  recraft({ image: 0.25 }, 'recraftv4_pro'),
  recraft({ image: 0.08 }, 'recraftv3_vector', 'recraftv4_vector'),
  recraft({ image: 0.3 }, 'recraftv4_pro_vector'),
  recraft({ image: 0.044 }, 'recraftv2_vector'),
  // A credit is a cent: 5 for a picture of 720 lines, 8 for one of 1080.
  runwayImage({ imageBy: { ...sized(0.05, runway720), ...sized(0.08, runway1080) } }, 'gen4_image'),
  runwayImage({ image: 0.02 }, 'gen4_image_turbo'),
  runwaySpeech({ character: 200 }, 'eleven_multilingual_v2'),
  bedrockImage({ image: 0.06, imageBy: { standard: 0.04, premium: 0.06 } }, 'amazon.nova-canvas-v1:0'),
  bedrockImage({ image: 0.008 }, 'amazon.titan-image-generator-v1', 'amazon.titan-image-generator-v2:0'),
  bedrockImage({ image: 0.08 }, 'stability.sd3-5-large-v1:0', 'stability.sd3-large-v1:0'),
  bedrockImage({ image: 0.04 }, 'stability.stable-image-core-v1:0', 'stability.stable-image-core-v1:1'),
  bedrockImage({ image: 0.14 }, 'stability.stable-image-ultra-v1:0', 'stability.stable-image-ultra-v1:1'),
  fal({ image: 0.003 }, 'fal-ai/flux/schnell'),
  fal({ image: 0.04 }, 'fal-ai/flux-pro/v1.1'),
  fal({ image: 0.06 }, 'fal-ai/flux-pro/v1.1-ultra', 'fal-ai/ideogram/v3', 'fal-ai/imagen4/preview/ultra'),
  fal({ image: 0.02 }, 'fal-ai/imagen4/preview/fast'),
  fal({ image: 0.03 }, 'fal-ai/bytedance/seedream/v3/text-to-image', 'fal-ai/bytedance/dreamina/v3.1/text-to-image'),
  fal({ image: 0.039 }, 'fal-ai/nano-banana', 'fal-ai/gemini-25-flash-image'),
  ...imagens(imagen('gemini', 'gemini-pricing')),
  ...imagens(imagen('vertex_ai', 'vertex-pricing')),
  of('xai', 'image_generation', 'xai-pricing')({ image: 0.02 }, 'grok-imagine-image'),
  of('xai', 'image_generation', 'xai-pricing')({ image: 0.05 }, 'grok-imagine-image-quality', 'grok-imagine-image-pro'),
];

const runway = of('runwayml', 'video_generation', 'runway-pricing');
const veos = (provider: string, source: string): readonly Fact[] => {
  const make = of(provider, 'video_generation', source);
  return [
    make({ outputSecond: 0.4, outputSecondBy: { '4k': 0.6 } }, 'veo-3.1-generate-001', 'veo-3.1-generate-preview'),
    make({ outputSecond: 0.1, outputSecondBy: { '1080p': 0.12, '4k': 0.3 } }, 'veo-3.1-fast-generate-001', 'veo-3.1-fast-generate-preview'),
    make({ outputSecond: 0.4 }, 'veo-3.0-generate-001'),
    make({ outputSecond: 0.1, outputSecondBy: { '1080p': 0.12 } }, 'veo-3.0-fast-generate-001'),
    make({ outputSecond: provider === 'gemini' ? 0.35 : 0.5 }, 'veo-2.0-generate-001'),
  ];
};

const videos: readonly Fact[] = [
  ...veos('gemini', 'gemini-pricing'),
  ...veos('vertex_ai', 'vertex-pricing'),
  runway({ outputSecond: 0.05 }, 'gen4_turbo'),
  runway({ outputSecond: 0.12 }, 'gen4.5'),
  runway({ outputSecond: 0.15 }, 'gen4_aleph'),
  runway({ outputSecond: 0.28 }, 'aleph2'),
  runway({ outputSecond: 0.05 }, 'act_two'),
  runway({ outputSecond: 0.4 }, 'veo3'),
  runway({ outputSecond: 0.29 }, 'seedance2_fast'),
  runway({ outputSecond: 0.16 }, 'seedance2_mini'),
  runway({ outputSecond: 0.1 }, 'gemini_omni_flash'),
  runway({ outputSecond: 0.4 }, 'veo3.1'),
  runway({ outputSecond: 0.15 }, 'veo3.1_fast'),
  of(
    'xai',
    'video_generation',
    'xai-pricing',
  )({ outputSecond: 0.05, outputSecondBy: { '480p': 0.05, '720p': 0.07 } }, 'grok-imagine-video'),
];

const live = (provider: string, source: string) => of(provider, 'realtime', source);
const lives = (make: ReturnType<typeof of>): readonly Fact[] => [
  make(
    { input: 0.5, output: 2, inputAudio: 3, outputAudio: 12, inputImage: 3, inputVideo: 3 },
    'gemini-2.5-flash-native-audio-latest',
    'gemini-2.5-flash-native-audio-preview-09-2025',
    'gemini-2.5-flash-native-audio-preview-12-2025',
    'gemini-live-2.5-flash-preview-native-audio-09-2025',
  ),
  make(
    { input: 0.75, output: 4.5, inputAudio: 3, outputAudio: 12, inputImage: 1, inputVideo: 1 },
    'gemini-3.8-live',
    'gemini-3.8-live-extended-thinking',
  ),
  make({ input: 3.5, output: 21, inputAudio: 3.5, outputAudio: 21 }, 'gemini-3.5-live-translate-preview'),
];
const sessions: readonly Fact[] = [
  ...lives(live('gemini', 'gemini-pricing')),
  ...lives(live('vertex_ai', 'vertex-pricing')),
  live('openai', 'openai-pricing')({ inputSecond: 0.000283333333 }, 'gpt-realtime-whisper'),
];

export const mediaFacts: readonly Fact[] = [...audio, ...images, ...videos, ...sessions];
