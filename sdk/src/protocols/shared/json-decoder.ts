import { SluiceError, type Emit, type StreamDecoder } from '../../types/index.ts';

/** Reads the values of a stream whose every event or line is JSON, and knows when it was complete. */
export interface ValueReader {
  read(value: unknown, emit: Emit): void;
  fail(error: SluiceError, emit: Emit): void;
  close(emit: Emit): void;
}

/** @param what an event is called, for the message where one is not JSON */
export const createJsonDecoder = (reader: ValueReader, what: 'event' | 'line'): StreamDecoder => ({
  push({ data }, emit) {
    let value: unknown;
    try {
      value = JSON.parse(data);
    } catch (cause) {
      const article = what === 'event' ? 'an event' : 'a line';
      reader.fail(new SluiceError('invalid_response', `The provider sent ${article} that is not JSON.`, { cause }), emit);
      return;
    }
    reader.read(value, emit);
  },
  close: (emit) => reader.close(emit),
});
