/** What a command may touch of the world. Handed in, so that tests need no process. */
export interface Io {
  /** Without the program's own name. */
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  /** Where relative paths begin. */
  cwd: string;
  /** The user's folder, if there is one. */
  home: string | undefined;
  platform: string;
  /** Results: what a command was asked for. */
  out(text: string): void;
  /** Words to the person who started it. */
  tell(text: string): void;
  fetch: typeof fetch;
  /** Of the terminal that results go to, in characters; undefined: it is none. */
  columns?: number | undefined;
}

/** A start that cannot be: the sentence says why and what to do. */
export class Refusal extends Error {
  readonly exitCode: number;

  /** @param exitCode 2: the command line is wrong; 1: anything else */
  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = 'Refusal';
    this.exitCode = exitCode;
  }
}
