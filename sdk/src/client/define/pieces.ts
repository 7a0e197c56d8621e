import { newId } from '../../lib/ids.ts';
import type { Emit, FinishReason, Usage } from '../../types/index.ts';
import type { ChatAnswer, ChatPiece } from './definition.ts';

/** Writes pieces as the parts of a stream, with all that parts must keep. */
export class PieceWriter {
  readonly #emit: Emit;
  #index = -1;
  #open: 'text' | 'thinking' | undefined;
  #called = false;
  #usage: Usage | undefined;
  #reason: FinishReason | undefined;

  constructor(emit: Emit, model: string) {
    this.#emit = emit;
    emit({ type: 'start', id: newId('chatcmpl-'), model });
  }

  push(given: string | ChatPiece): void {
    const piece = typeof given === 'string' ? { text: given } : given;
    if (piece.thinking) this.#say('thinking', piece.thinking);
    if (piece.text) this.#say('text', piece.text);
    for (const call of piece.toolCalls ?? []) this.#call(call);
    this.#usage = piece.usage ?? this.#usage;
    this.#reason = piece.finishReason ?? this.#reason;
  }

  end(): void {
    this.#close();
    if (this.#usage) this.#emit({ type: 'usage', usage: this.#usage });
    this.#emit({ type: 'finish', candidate: 0, reason: this.#reason ?? (this.#called ? 'tool-calls' : 'stop') });
    this.#emit({ type: 'end' });
  }

  #say(kind: 'text' | 'thinking', text: string): void {
    if (this.#open !== kind) {
      this.#close();
      this.#open = kind;
      this.#emit({ type: 'part-start', candidate: 0, index: ++this.#index, part: { type: kind, text: '' } });
    }
    this.#emit({ type: `${kind}-delta`, candidate: 0, index: this.#index, text });
  }

  #call({ id, name, arguments: given }: NonNullable<ChatPiece['toolCalls']>[number]): void {
    this.#close();
    this.#called = true;
    const index = ++this.#index;
    const part = { type: 'tool-call', kind: 'function', id: id ?? newId('call_'), name, arguments: '' } as const;
    this.#emit({ type: 'part-start', candidate: 0, index, part });
    this.#emit({ type: 'arguments-delta', candidate: 0, index, text: typeof given === 'string' ? given : JSON.stringify(given) });
    this.#emit({ type: 'part-end', candidate: 0, index });
  }

  #close(): void {
    if (this.#open) this.#emit({ type: 'part-end', candidate: 0, index: this.#index });
    this.#open = undefined;
  }
}

/** The pieces of an answer, however it was given. */
export async function* piecesOf(answer: ChatAnswer): AsyncGenerator<string | ChatPiece> {
  if (typeof answer === 'object' && Symbol.asyncIterator in answer) yield* answer;
  else yield await answer;
}
