import { searchToolOf } from '../config/schema/search-tools.ts';
import { shownName } from '../config/shown-name.ts';
import type { ConfigSnapshot, Deployment } from '../config/snapshot.ts';
import type { ModeOf } from './mode-of.ts';

/** A call to paste: where, and with what. */
export interface ExampleCall {
  path: string;
  /** JSON. */
  body?: object;
  /** Fields of a form. */
  form?: Readonly<Record<string, string>>;
  /** A file for the answer, where that is no text. */
  output?: string;
}

export const chatWith = (model: string): ExampleCall => ({
  path: '/v1/chat/completions',
  body: { model, messages: [{ role: 'user', content: 'Hello' }] },
});

/** By what a model is for. All other models talk. */
const examples: Readonly<Record<string, (model: string) => ExampleCall>> = {
  completion: (model) => ({ path: '/v1/completions', body: { model, prompt: 'Hello' } }),
  embedding: (model) => ({ path: '/v1/embeddings', body: { model, input: 'Hello' } }),
  rerank: (model) => ({ path: '/v1/rerank', body: { model, query: 'Which is a greeting?', documents: ['Hello', 'Goodbye'] } }),
  image_generation: (model) => ({ path: '/v1/images/generations', body: { model, prompt: 'A lighthouse at night' } }),
  image_edit: (model) => ({ path: '/v1/images/edits', form: { model, prompt: 'Make it night', image: '@image.png' } }),
  audio_speech: (model) => ({ path: '/v1/audio/speech', body: { model, input: 'Hello', voice: 'alloy' }, output: 'hello.mp3' }),
  audio_transcription: (model) => ({ path: '/v1/audio/transcriptions', form: { model, file: '@hello.mp3' } }),
  moderation: (model) => ({ path: '/v1/moderations', body: { model, input: 'Hello' } }),
  video_generation: (model) => ({ path: '/v1/videos', body: { model, prompt: 'A lighthouse at night' } }),
  ocr: (model) => ({
    path: '/v1/ocr',
    body: { model, document: { type: 'document_url', document_url: 'https://arxiv.org/pdf/1706.03762' } },
  }),
};

const talks = (mode: string | undefined): boolean => mode === undefined || mode === 'chat' || mode === 'responses';

/** A call that the configuration answers: to talk where it has a model that does, else what its first model is for. */
export const exampleCall = ({ deployments }: ConfigSnapshot, modeOf: ModeOf): ExampleCall => {
  const models = deployments.filter(({ modelName }) => shownName(modelName) === modelName);
  const ready = models.filter(({ unsetVariables }) => unsetVariables.length === 0);
  for (const among of [ready, models]) {
    const named = among.filter(({ modelName }) => !modelName.includes('*'));
    const talking = named.find((each) => talks(modeOf(each)));
    if (talking) return chatWith(talking.modelName);
    const other = named.find((each) => examples[modeOf(each) ?? ''] !== undefined);
    if (other) return examples[modeOf(other)!]!(other.modelName);
  }
  const [pattern] = models;
  if (pattern) return chatWith(pattern.modelName.replace('*', 'some-model'));
  return searchOf(deployments) ?? chatWith('mock/hello');
};

const searchOf = (deployments: readonly Deployment[]): ExampleCall | undefined => {
  const tool = deployments.map(({ modelName }) => searchToolOf(modelName)).find((each) => each !== undefined);
  return tool === undefined ? undefined : { path: `/v1/search/${encodeURIComponent(tool)}`, body: { query: 'Hello' } };
};
