import { countLocally, textsOfTokens, type Countable } from 'sluice/kit';

/* Counts and reads tokens beside the server: a tokenizer takes a quarter of a second to load, and long texts as long to go through. */

declare const self: Worker;

type Asked = { id: number; model: string } & ({ what: Countable } | { lists: readonly (readonly number[])[] });

self.addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  const { id, model } = data;
  const answer = 'lists' in data ? textsOfTokens(model, data.lists) : countLocally(model, data.what);
  answer.then(
    (found) => self.postMessage({ id, found }, []),
    (cause: unknown) => self.postMessage({ id, error: String(cause) }, []),
  );
});
