import type { ByteStream } from '../../types/index.ts';

/** Sound as plain samples: 16 bit, little-endian. */
export interface Samples {
  rateHz: number;
  channels?: number;
}

/** What players read as "until the end", for sound whose length nobody knows yet. */
const unknownLength = 0xffff_ffff;
const headerBytes = 44;

/** The head of a WAV file. @param bytes of samples; absent: not known */
export const wavHeader = ({ rateHz, channels = 1 }: Samples, bytes?: number): Uint8Array<ArrayBuffer> => {
  const header = new Uint8Array(headerBytes);
  const view = new DataView(header.buffer);
  const text = (at: number, letters: string): void => {
    for (let index = 0; index < letters.length; index++) header[at + index] = letters.charCodeAt(index);
  };
  text(0, 'RIFF');
  view.setUint32(4, bytes === undefined ? unknownLength : headerBytes - 8 + bytes, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rateHz, true);
  view.setUint32(28, rateHz * channels * 2, true);
  view.setUint16(32, channels * 2, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, bytes ?? unknownLength, true);
  return header;
};

/** Samples as a WAV file, as they come. @param bytes how many there are, where that is known */
export const asWav = (stream: ByteStream, samples: Samples, bytes?: number): ByteStream => {
  let headed = false;
  return {
    contentType: 'audio/wav',
    read() {
      if (headed) return stream.read();
      headed = true;
      return Promise.resolve(wavHeader(samples, bytes));
    },
    cancel: () => stream.cancel(),
  };
};
