import { explode } from '../../protocols/shared/collect.ts';
import type { ChatResult, StreamPart } from '../../types/index.ts';
import { piecesOf } from './answer.ts';

/** Arguments come in pieces of so many characters, so that clients that cannot join them are found out. */
const argumentsPiece = 12;

/** A whole answer as the parts of a stream, its texts in pieces. */
export const partsOf = (result: ChatResult): StreamPart[] => {
  const parts: StreamPart[] = [];
  explode(result, (part) => {
    if (part.type === 'text-delta') for (const piece of piecesOf(part.text)) parts.push({ ...part, text: piece });
    else if (part.type === 'thinking-delta') for (const piece of piecesOf(part.text)) parts.push({ ...part, text: piece });
    else if (part.type === 'arguments-delta')
      for (const piece of part.text.match(new RegExp(`.{1,${argumentsPiece}}`, 'gsu')) ?? []) parts.push({ ...part, text: piece });
    else parts.push(part);
  });
  return parts;
};
