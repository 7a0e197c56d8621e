/*
 * JSON objects in a text that comes in pieces, whatever stands around and between them: lines, the `data:` of server-sent
 * events, the brackets of a list. SageMaker hands on what a container writes in pieces that it cuts at will, and
 * containers write any of these.
 */

export interface JsonPiecesParser {
  push(text: string): void;
  /** @throws Error if the text ended in the middle of an object */
  close(): void;
}

const done = '[DONE]';
/** Longer is no event. In UTF-16 units. */
const maxLength = 32 * 1024 * 1024;

const [quote, backslash, openBrace, closeBrace] = [34, 92, 123, 125];

/** @param onPiece called with the text of each object, and with `[DONE]` where that stands between them */
export const createJsonPiecesParser = (onPiece: (text: string) => void): JsonPiecesParser => {
  let depth = 0;
  let inString = false;
  let escaped = false;
  /** What came before this piece of the open object; between objects, what may be the beginning of the mark. */
  let held = '';

  return {
    push(text) {
      let from = 0;
      for (let at = 0; at < text.length; at++) {
        const code = text.charCodeAt(at);
        if (depth === 0) {
          if (code === openBrace) {
            depth = 1;
            from = at;
            held = '';
          } else {
            held = (held + text[at]!).slice(-done.length);
            if (held === done) {
              held = '';
              onPiece(done);
            }
          }
        } else if (inString) {
          if (escaped) escaped = false;
          else if (code === backslash) escaped = true;
          else if (code === quote) inString = false;
        } else if (code === quote) inString = true;
        else if (code === openBrace) depth++;
        else if (code === closeBrace && --depth === 0) {
          const piece = held + text.slice(from, at + 1);
          held = '';
          onPiece(piece);
        }
      }
      if (depth === 0) return;
      held += text.slice(from);
      if (held.length > maxLength) throw new Error(`a JSON object of more than ${maxLength} characters`);
    },
    close() {
      if (depth > 0) throw new Error(`the stream ended ${held.length} characters into a JSON object`);
    },
  };
};
