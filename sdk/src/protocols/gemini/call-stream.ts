import type { JsonObject } from '../../types/index.ts';
import { PartialArguments, readCallPiece } from './partial-args.ts';

/** A call as it is streamed, told to who writes it. */
export interface CallListener {
  /** @param part the first part of it, which has the name and maybe the id and the signature */
  begin(call: { id: string | undefined; name: string }, part: JsonObject): void;
  /** More of the arguments' text; none where the piece had none. @param part the part that it came in */
  more(text: string, part: JsonObject): void;
  end(): void;
}

/** Follows calls that come in pieces, one at a time: the next one begins when the one before it is complete. */
export class CallStream {
  readonly #listener: CallListener;
  #open: { id: string | undefined; name: string; args: PartialArguments } | undefined;

  constructor(listener: CallListener) {
    this.#listener = listener;
  }

  /**
   * @returns whether the part was a piece of a call
   * @throws SluiceError `invalid_response` for pieces that do not make one JSON text
   */
  read(part: JsonObject): boolean {
    const piece = readCallPiece(part, this.#open !== undefined);
    if (!piece) return false;
    const { id, name, args, pieces, more } = piece;
    const same = this.#open !== undefined && (name === undefined || (name === this.#open.name && id !== undefined && id === this.#open.id));
    if (!same) {
      this.end();
      this.#open = { id, name: name!, args: new PartialArguments() };
      this.#listener.begin({ id, name: name! }, part);
    }
    const { args: text } = this.#open!;
    const whole = !same && args ? text.start(args) : '';
    this.#listener.more(whole + pieces.map((each) => text.push(each)).join(''), part);
    if (!more) this.end();
    return true;
  }

  /** The call that is open, if any, is complete. */
  end(): void {
    if (!this.#open) return;
    const rest = this.#open.args.end();
    this.#open = undefined;
    if (rest !== '') this.#listener.more(rest, {});
    this.#listener.end();
  }
}

/** The parts of a turn with each call that came in pieces as one call. @throws SluiceError `invalid_response` */
export const joinCallPieces = (parts: readonly JsonObject[]): JsonObject[] => {
  const joined: JsonObject[] = [];
  let open: { call: JsonObject; text: string } | undefined;
  const calls = new CallStream({
    begin({ id, name }, { functionCall: _call, function_call: _spelled, ...beside }) {
      open = { call: { ...(id !== undefined && { id }), name }, text: '' };
      joined.push({ functionCall: open.call, ...beside });
    },
    more: (text) => void (open!.text += text),
    end: () => void (open!.call['args'] = open!.text === '' ? {} : JSON.parse(open!.text)),
  });
  for (const part of parts) {
    if (calls.read(part)) continue;
    calls.end();
    joined.push(part);
  }
  calls.end();
  return joined;
};
