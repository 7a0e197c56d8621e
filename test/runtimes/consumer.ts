// A program of somebody else, compiled against the package as it is published: types come from `dist`.
import { SluiceError, completion, errorCodes, type ChatCompletion, type ErrorCode, type Model } from 'sluice';
import { providers, type Provider } from 'sluice/kit';

export const ask = async (model: Model): Promise<string> => {
  const answer: ChatCompletion = await completion({ model, messages: [{ role: 'user', content: 'Hello' }] });
  return answer.choices[0]?.message.content ?? '';
};

export const stream = async (): Promise<string> => {
  let text = '';
  for await (const chunk of await completion({ model: 'mock/echo', messages: [], stream: true })) {
    text += chunk.choices[0]?.delta.content ?? '';
  }
  return text;
};

export const codeOf = (error: unknown): ErrorCode | undefined => (SluiceError.is(error) ? error.code : undefined);
export const status: number = errorCodes.rate_limited.status;
export const all: readonly Provider[] = providers.list;

// @ts-expect-error a model is a string: the types are really there, and not `any`
export const wrong = completion({ model: 7, messages: [] });
