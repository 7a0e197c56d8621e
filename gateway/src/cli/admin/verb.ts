import type { Field } from './field.ts';

/** A column of a table of things: a member of the answer, under a title. */
export interface Column {
  readonly title: string;
  /** `user_email`, or `model_info.id`. */
  readonly member: string;
  readonly right?: true;
}

/** One command: `sluice keys update`. A row of a table, not code. */
export interface Verb {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly help: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** `{name}`: what the argument says, encoded. */
  readonly path: string;
  /** Which thing it is about. */
  readonly argument?: {
    readonly name: string;
    /** Where it goes; absent: into the path. `list`: several may be named. */
    readonly query?: string;
    readonly body?: string;
    readonly list?: true;
    readonly optional?: true;
    /** What has to be true of it, for a sentence where it is not. */
    readonly must?: { readonly match: RegExp; readonly say: string };
  };
  /** Flags that go into the body, or for a GET into the query. */
  readonly fields?: readonly Field[];
  /** Of the query, whatever is asked for. */
  readonly query?: Readonly<Record<string, string>>;
  /** Members of the body, whatever is asked for. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** Where the answer has its list, for tables; `''`: the answer is it. */
  readonly rows?: string;
  readonly columns?: readonly Column[];
  /** Where the answer has the thing itself. */
  readonly thing?: string;
  /** Printed alone, as it is shown once: the new key. */
  readonly secret?: string;
}

/** `sluice keys`. */
export interface Thing {
  readonly name: string;
  readonly help: string;
  readonly verbs: readonly Verb[];
}
