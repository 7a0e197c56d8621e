import { SluiceError, type JsonObject } from '../../types/index.ts';
import { asObject, asObjects, asString } from '../shared/read.ts';
import { parseJsonPath, type Step } from './json-path.ts';
import { camelKeys } from './names.ts';

/*
 * Arguments that Vertex AI streams (`streamFunctionCallArguments`): pieces of values with the JSON path of each, in the
 * order of the text. `willContinue` says that more of the same string, or of the call, follows; a call of that kind ends
 * with a piece that says nothing (docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/Content#PartialArg, and
 * @ai-sdk/google's reading of it, read 2026-11-22).
 */

/** An object or a list whose end was not written yet. */
interface Open {
  /** Its place in what is around it. */
  at: Step | undefined;
  list: boolean;
  /** Names that were written, so that none is written twice. */
  names: Set<string>;
  count: number;
}

const malformed = (): SluiceError =>
  new SluiceError('invalid_response', 'The provider sent pieces of arguments that do not make one JSON text.');

/** Writes the pieces of one call's arguments as one JSON text, each as soon as it comes. */
export class PartialArguments {
  #open: Open[] = [];
  /** The string that is being written. */
  #string: string | undefined;
  /** The last value that was completed. */
  #last: string | undefined;

  /**
   * @param args arguments that came whole, before any piece
   * @returns the text that they add
   */
  start(args: JsonObject): string {
    return Object.entries(args)
      .map(([name, value]) => this.#place([name]) + JSON.stringify(value))
      .join('');
  }

  /**
   * @returns the text that the piece adds, maybe none
   * @throws SluiceError `invalid_response` where it belongs before something that was written already
   */
  push(piece: JsonObject): string {
    const { jsonPath, stringValue, numberValue, boolValue, nullValue, willContinue } = camelKeys(piece);
    const path = asString(jsonPath) ?? '';
    const steps = parseJsonPath(path);
    if (!steps || steps.length === 0) throw malformed();
    const text = asString(stringValue);
    if (this.#string === path) {
      const more = text === undefined ? '' : escaped(text);
      return willContinue === true ? more : more + this.#endString();
    }
    // What only says that a value is complete, behind its last piece.
    if (this.#last === path && (text === undefined || text === '')) return '';
    const before = this.#endString();
    const value = text ?? numberValue ?? boolValue;
    // A member that is `null` is gone by now in the spelling of some clients; its name is what is left.
    if (value === undefined && nullValue === undefined && !('nullValue' in piece || 'null_value' in piece)) {
      if (willContinue !== true) return before;
      this.#string = path;
      return `${before}${this.#place(steps)}"`;
    }
    const placed = before + this.#place(steps);
    if (text !== undefined && willContinue === true) {
      this.#string = path;
      return `${placed}"${escaped(text)}`;
    }
    this.#last = path;
    return placed + JSON.stringify(value ?? null);
  }

  /** @returns the rest of the text */
  end(): string {
    let text = this.#endString();
    while (this.#open.length > 0) text += this.#endContainer();
    return text;
  }

  /** Goes to a place, ending and beginning what lies on the way, up to where the value stands. */
  #place(steps: readonly Step[]): string {
    const containers = steps.slice(0, -1);
    let shared = 0;
    while (shared < containers.length && shared + 1 < this.#open.length && this.#open[shared + 1]!.at === containers[shared]) shared++;
    let text = this.#open.length === 0 ? this.#begin(undefined, steps[0]!) : '';
    while (this.#open.length > shared + 1) text += this.#endContainer();
    for (let depth = shared; depth < containers.length; depth++)
      text += this.#member(containers[depth]!) + this.#begin(containers[depth]!, steps[depth + 1]!);
    return text + this.#member(steps.at(-1)!);
  }

  #begin(at: Step | undefined, inside: Step): string {
    const list = typeof inside === 'number';
    this.#open.push({ at, list, names: new Set(), count: 0 });
    return list ? '[' : '{';
  }

  #member(at: Step): string {
    const around = this.#open.at(-1)!;
    if (around.list !== (typeof at === 'number')) throw malformed();
    const comma = around.count > 0 ? ',' : '';
    if (typeof at === 'number') {
      if (at !== around.count) throw malformed();
      around.count++;
      return comma;
    }
    if (around.names.has(at)) throw malformed();
    around.names.add(at);
    around.count++;
    return `${comma}${JSON.stringify(at)}:`;
  }

  #endString(): string {
    if (this.#string === undefined) return '';
    this.#last = this.#string;
    this.#string = undefined;
    return '"';
  }

  #endContainer(): string {
    return this.#open.pop()!.list ? ']' : '}';
  }
}

/** Text within a JSON string. Halves of a character that two pieces share are escaped, and make one again when read. */
const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

/** A piece of a call that is streamed. */
export interface CallPiece {
  id: string | undefined;
  name: string | undefined;
  args: JsonObject | undefined;
  pieces: JsonObject[];
  /** More of the call follows. */
  more: boolean;
}

/**
 * What a part says of a call that is streamed; undefined for a part of any other kind, also for a whole call.
 * @param within a call is open, so that a piece without a name belongs to it
 */
export const readCallPiece = (part: JsonObject, within: boolean): CallPiece | undefined => {
  const value = asObject(part['functionCall'] ?? part['function_call']);
  if (!value) return undefined;
  const { id, name: spelled, args, partialArgs, willContinue } = camelKeys(value);
  const name = asString(spelled) || undefined;
  const pieces = asObjects(partialArgs);
  const streamed = pieces.length > 0 || willContinue === true || (within && name === undefined);
  if (!streamed || (name === undefined && !within)) return undefined;
  const more = willContinue === true || pieces.some((each) => camelKeys(each)['willContinue'] === true);
  return { id: asString(id) || undefined, name, args: asObject(args), pieces, more };
};
