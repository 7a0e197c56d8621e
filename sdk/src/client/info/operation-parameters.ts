import type { Operation, Target } from '../../types/index.ts';

/** OpenAI's parameters of calls that are not chat, besides what is worked on itself (openai/openai-openapi, read 2026-11-22). */
const known: { readonly [K in Operation]?: readonly string[] } = {
  'image-generation': [
    'background',
    'moderation',
    'n',
    'output_compression',
    'output_format',
    'partial_images',
    'quality',
    'response_format',
    'size',
    'stream',
    'style',
    'user',
  ],
  'image-edit': [
    'background',
    'input_fidelity',
    'mask',
    'n',
    'output_compression',
    'output_format',
    'partial_images',
    'quality',
    'response_format',
    'size',
    'stream',
    'user',
  ],
  'image-variation': ['n', 'response_format', 'size', 'user'],
  transcription: [
    'chunking_strategy',
    'include',
    'known_speaker_names',
    'known_speaker_references',
    'language',
    'prompt',
    'response_format',
    'stream',
    'temperature',
    'timestamp_granularities',
  ],
  translation: ['prompt', 'response_format', 'temperature'],
  speech: ['instructions', 'response_format', 'speed', 'stream_format', 'voice'],
  moderation: [],
  'video-create': ['input_reference', 'seconds', 'size'],
};

/**
 * The parameters of one kind of call that go on to a target: all of OpenAI's where its provider speaks OpenAI's format, in
 * which nothing is translated. An adapter says what it lacks when it is asked, and not before: undefined.
 */
export const operationParametersOf = ({ provider }: Target, operation: Operation): readonly string[] | undefined => {
  const served = provider.operations?.[operation];
  if (served === undefined) return [];
  return typeof served === 'function' ? undefined : known[operation];
};
