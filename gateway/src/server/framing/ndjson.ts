import type { ClientFraming } from './client-framing.ts';

/**
 * A JSON object a line (Ollama). An empty line is an error to its clients, a space before an object is nothing: that
 * keeps the connection alive.
 */
export const ndjsonFraming: ClientFraming = {
  contentType: 'application/x-ndjson',
  frame(chunk) {
    if (chunk instanceof Uint8Array) return chunk;
    let text = '';
    for (const { data } of chunk) text += `${data}\n`;
    return text;
  },
  close: () => '',
  keepAlive: ' ',
};
