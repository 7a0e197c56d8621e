import { frameSse } from 'sluice/kit';
import type { ClientFraming } from './client-framing.ts';

/** Server-sent events. */
export const sseFraming: ClientFraming = {
  contentType: 'text/event-stream; charset=utf-8',
  frame: (chunk) => (chunk instanceof Uint8Array ? chunk : frameSse(chunk)),
  close: () => '',
  keepAlive: ': keep-alive\n\n',
};
