/** Of a request, and of its answer. Characters; what is longer is cut. */
const maxLength = 256 * 1024;

/** What was said in a call, for who asked for it to be kept (`store_prompts_in_spend_logs`): as it came, and as it went out. */
export class CallContent {
  readonly request: string;
  #answer: string[] = [];
  #length = 0;
  #decoder: TextDecoder | undefined;

  constructor(request: string) {
    this.request = cut(request);
  }

  /** The next piece of the answer. */
  add(piece: Uint8Array | string): void {
    if (this.#length >= maxLength) return;
    const text = typeof piece === 'string' ? piece : (this.#decoder ??= new TextDecoder()).decode(piece, { stream: true });
    this.#answer.push(text);
    this.#length += text.length;
  }

  get answer(): string {
    return cut(this.#answer.join(''));
  }
}

const cut = (text: string): string => (text.length <= maxLength ? text : `${text.slice(0, maxLength)}… (${text.length} characters)`);
