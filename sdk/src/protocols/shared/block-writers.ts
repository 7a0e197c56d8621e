import type { JsonObject, Origin, StreamPart, ThinkingPart, ToolCallPart } from '../../types/index.ts';
import { sealThinking } from './seal.ts';
import { customInput } from './tool-hints.ts';

/*
 * What formats with blocks (Anthropic's, Bedrock's) share while they stream: what a block holds, whatever its events look like.
 */

/** Follows the pieces of one block. */
export interface BlockFollower {
  delta(part: StreamPart): void;
  end(patch?: JsonObject): void;
}

/**
 * A thought: signatures that the format's own family makes pass as they come; what is opaque of others is sealed once all
 * of it is known (FP-16).
 * @param write each is called with what goes out next
 */
export const followThinking = (
  first: ThinkingPart,
  isOwn: (origin: Origin) => boolean,
  write: { text(text: string): void; signature(value: string): void },
): BlockFollower => {
  const seen: ThinkingPart = { ...first };
  const think = (text: string) => {
    seen.text += text;
    if (text !== '') write.text(text);
  };
  return {
    delta(part) {
      if (part.type === 'thinking-delta') {
        if (part.newParagraph) {
          (seen.summary ??= seen.text === '' ? [] : [seen.text]).push('');
          if (seen.text !== '') think('\n\n');
        }
        think(part.text);
        if (seen.summary && seen.summary.length > 0) seen.summary[seen.summary.length - 1] += part.text;
      } else if (part.type === 'signature-delta') {
        const { origin, value } = part.signature;
        if (isOwn(origin)) write.signature(value);
        else seen.signature = { origin, value: (seen.signature?.origin === origin ? seen.signature.value : '') + value };
      }
    },
    end(patch) {
      if (patch) Object.assign(seen, patch);
      const sealed = seen.signature && isOwn(seen.signature.origin) ? undefined : sealThinking(seen);
      if (sealed !== undefined) write.signature(sealed);
    },
  };
};

/** The text of a JSON string, without its quotes; fragments may be joined. */
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** The input of a call, as fragments that join to the JSON text of an object. @param write is called with each */
export const followInput = ({ kind }: ToolCallPart, write: (json: string) => void): BlockFollower => {
  const custom = kind === 'custom';
  let blank = true;
  return {
    delta(part) {
      if (part.type !== 'arguments-delta' || part.text === '') return;
      if (custom) write((blank ? `{"${customInput}":"` : '') + inJson(part.text));
      else write(part.text);
      blank &&= !custom && part.text.trim() === '';
    },
    end() {
      // The fragments must join to valid JSON, also where the model gave no arguments.
      if (custom) write(blank ? `{"${customInput}":""}` : '"}');
      else if (blank) write('{}');
    },
  };
};
