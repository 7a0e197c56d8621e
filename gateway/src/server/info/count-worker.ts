import { countLocally, type Countable } from 'sluice/kit';

/* Counts tokens beside the server: a tokenizer takes a quarter of a second to load, and long texts as long to go through. */

declare const self: Worker;

self.addEventListener('message', ({ data }: MessageEvent<{ id: number; model: string; what: Countable }>) => {
  const { id, model, what } = data;
  countLocally(model, what).then(
    (count) => self.postMessage({ id, count }, []),
    (cause: unknown) => self.postMessage({ id, error: String(cause) }, []),
  );
});
