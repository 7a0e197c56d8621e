import type { DecodeHints, Emit, JsonObject, Signature } from '../../types/index.ts';
import type { PartWriter } from '../shared/part-writer.ts';
import { asNumber, parseObject } from '../shared/read.ts';
import { createUniqueIds } from '../shared/unique-ids.ts';
import { isPythonDict } from './python-dict.ts';
import { argumentsText, callFacts, customInput, type CallFacts } from './tool-calls.ts';

interface OpenCall {
  key: number;
  id: string;
  name: string;
  kind: 'function' | 'custom';
  /** All of the arguments so far; only kept to tell a complete call from an unfinished one. */
  text: string;
  /** What was handed on. Less than `text` while the name is unknown, or where only the whole can be read. */
  sent: number;
  opened: boolean;
  signature?: Signature;
}

/**
 * Puts the tool calls of one streamed answer together out of fragments, for vendors that number them well and for those
 * that do not (FP-19): no index, every call at index 0, a new id with every fragment, no id at all, one for all, the name late,
 * arguments as an object.
 */
export class CallReader {
  readonly #writer: PartWriter;
  readonly #newId: (at: number) => string;
  readonly #hints: DecodeHints;
  readonly #calls: OpenCall[] = [];
  readonly #byIndex = new Map<number, OpenCall>();
  readonly #unique = createUniqueIds();

  constructor(writer: PartWriter, newId: (at: number) => string, hints: DecodeHints) {
    this.#writer = writer;
    this.#newId = newId;
    this.#hints = hints;
  }

  /** How many calls the client gets. */
  get count(): number {
    return this.#calls.filter(({ name }) => name !== this.#hints.jsonToolName).length;
  }

  /** @param at the fragment's place among those of its chunk: two that begin a call in one chunk are two calls */
  push(fragment: JsonObject, at: number, emit: Emit): void {
    const facts = callFacts(fragment);
    const index = asNumber(fragment['index']);
    const args = typeof facts.arguments === 'string' ? facts.arguments : facts.arguments ? JSON.stringify(facts.arguments) : '';
    const call = this.#find(index, facts, args, at);
    call.id ||= facts.id;
    call.name ||= facts.name;
    if (facts.signature) this.#sign(call, facts.signature, emit);
    call.text += args;
    this.#advance(call, emit);
  }

  /** The answer is complete: what was held back goes out. */
  finish(emit: Emit): void {
    for (const call of this.#calls) {
      if (!call.opened) this.#open(call, emit);
      const rest = this.#rest(call);
      if (rest !== '') this.#send(call, rest, emit);
    }
  }

  #rest(call: OpenCall): string {
    if (call.sent === call.text.length) return '';
    if (this.#isCustom(call)) return customInput(call.text);
    return call.sent === 0 && call.kind === 'function' ? argumentsText(call.text) : call.text.slice(call.sent);
  }

  #find(index: number | undefined, facts: CallFacts, args: string, at: number): OpenCall {
    const known = index === undefined ? this.#calls.findLast(({ id }) => id !== '' && id === facts.id) : this.#byIndex.get(index);
    const last = known ?? (index === undefined ? this.#calls.at(-1) : undefined);
    const beside = at > 0 && index === undefined && facts.id === '' && facts.name !== '';
    if (last && !beside && !beginsAnother(last, facts, args)) return last;
    const call: OpenCall = { key: this.#calls.length, id: '', name: '', kind: facts.kind, text: '', sent: 0, opened: false };
    this.#calls.push(call);
    if (index !== undefined) this.#byIndex.set(index, call);
    return call;
  }

  #sign(call: OpenCall, signature: Signature, emit: Emit): void {
    if (call.signature) return;
    call.signature = signature;
    if (call.opened) this.#writer.signCall(call.key, signature, emit);
  }

  #advance(call: OpenCall, emit: Emit): void {
    if (call.name === '') return;
    if (!call.opened) this.#open(call, emit);
    if (call.sent === call.text.length || this.#isCustom(call)) return;
    // What begins as a Python dict can only be read as a whole, and `null` is no arguments; a few characters tell.
    if (call.kind === 'function' && call.sent === 0 && undecided.test(call.text)) return;
    if (isPython(call)) return;
    this.#send(call, call.text.slice(call.sent), emit);
  }

  #open(call: OpenCall, emit: Emit): void {
    call.opened = true;
    if (this.#isJson(call)) return;
    this.#writer.call(
      call.key,
      {
        type: 'tool-call',
        kind: this.#isCustom(call) ? 'custom' : call.kind,
        id: this.#unique(call.id || this.#newId(call.key)),
        name: this.#clientName(call),
        arguments: '',
        ...(call.signature && { signature: call.signature }),
      },
      emit,
    );
  }

  #send(call: OpenCall, text: string, emit: Emit): void {
    call.sent = call.text.length;
    if (this.#isJson(call)) this.#writer.text(text, emit);
    else this.#writer.arguments(call.key, text, emit);
  }

  #clientName({ name }: OpenCall): string {
    return this.#hints.toolNames?.[name] ?? name;
  }

  #isJson({ name }: OpenCall): boolean {
    return name !== '' && name === this.#hints.jsonToolName;
  }

  /** A custom tool of the client's that the vendor saw as a function: its text is inside a JSON that must be whole. */
  #isCustom(call: OpenCall): boolean {
    return call.kind === 'function' && (this.#hints.customTools?.includes(this.#clientName(call)) ?? false);
  }
}

/** Too little of the arguments to tell what they are. */
const undecided = /^\s*(?:\{\s*|n(?:u(?:ll?)?)?\s*)?$/;

const isPython = ({ kind, sent, text }: OpenCall): boolean => kind === 'function' && sent === 0 && isPythonDict(text);

/** Whether a fragment that stands where `last` stood is another call's. */
const beginsAnother = (last: OpenCall, { id, name }: CallFacts, args: string): boolean => {
  if (name === '' || last.name === '') return false;
  // Two whole calls may share an id.
  if (id !== '' && last.id !== '') return id !== last.id || (parseObject(args) !== undefined && parseObject(last.text) !== undefined);
  // No ids to go by: a name and arguments, behind arguments that were complete.
  return args !== '' && parseObject(last.text) !== undefined;
};
