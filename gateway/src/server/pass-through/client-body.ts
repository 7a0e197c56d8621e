import { SluiceError, type BodySource } from 'sluice/kit';

export interface ClientBodyOptions {
  body: ReadableStream<Uint8Array>;
  /** As the client says. Bytes. */
  length: number | undefined;
  maxBytes: number;
  /** The client is waited for, for so long at most; 0: no more. */
  waiting(seconds: number): void;
  /** Something of it has come. */
  progress(): void;
}

/** How long a client may send nothing of a body that it has begun. */
const bodyIdleSeconds = 60;

/** A client's body on its way to a provider: read as the provider takes it, and no further. @throws SluiceError `request_too_large` */
export const clientBody = ({ body, length, maxBytes, waiting, progress }: ClientBodyOptions): BodySource => {
  if (length !== undefined && length > maxBytes) throw tooLarge(maxBytes);
  const reader = body.getReader();
  let total = 0;
  let over = false;
  return {
    ...(length !== undefined && { length }),
    async read() {
      if (over) return undefined;
      waiting(bodyIdleSeconds);
      const { value, done } = await reader.read();
      waiting(0);
      progress();
      if (done) {
        over = true;
        return undefined;
      }
      total += value.length;
      if (total > maxBytes) throw tooLarge(maxBytes);
      return value;
    },
    cancel() {
      if (over) return;
      over = true;
      reader.cancel().catch(() => {});
    },
  };
};

const tooLarge = (maxBytes: number): SluiceError =>
  new SluiceError(
    'request_too_large',
    `The request body is larger than ${maxBytes} bytes. The gateway's limit is general_settings.max_request_size_mb.`,
  );
