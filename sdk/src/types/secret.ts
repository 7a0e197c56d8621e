const inspect = Symbol.for('nodejs.util.inspect.custom');

/** A value that must not be seen: prints as `[secret]` wherever it is printed, logged or serialised (FP-26). */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. Call it only where it goes onto the wire or is compared. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect](): string {
    return '[secret]';
  }
}
