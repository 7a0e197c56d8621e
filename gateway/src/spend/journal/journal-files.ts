/** One file that is being written. */
export interface Appender {
  /**
   * Hands a text to the operating system: behind it, a killed process loses nothing of it.
   * @throws where it cannot, or not all of it (a full disk)
   */
  append(text: string): void;
  /** To the disk itself, so that a machine that loses its power loses nothing older. */
  sync(): Promise<void>;
  close(): void;
}

/** A folder of the journal's files. Names are plain, without a path. */
export interface JournalFiles {
  /** Who writes here: one name for each process that ever did. */
  readonly instance: string;
  /** A new file. @throws where it cannot be made */
  create(name: string): Appender;
  list(): Promise<readonly string[]>;
  /** Undefined: there is no such file. */
  read(name: string): Promise<string | undefined>;
  /** @returns false where there is no such file */
  rename(name: string, to: string): Promise<boolean>;
  /** What is not there is no failure. */
  delete(name: string): Promise<void>;
  /** Says that this process is still there. */
  touch(): Promise<void>;
  /** Whether the process that wrote under a name may still write: what it has is its own then. */
  isAlive(instance: string): Promise<boolean>;
  /** This process writes no more. */
  leave(): Promise<void>;
}
