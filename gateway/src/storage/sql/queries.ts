import type { Queries } from './database.ts';
import type { Execute } from './result.ts';
import { Statement } from './statement.ts';

/** A text would be SQL that was built by hand (FP-1). @throws TypeError */
export const demandStatement = (statement: Statement): void => {
  if (!(statement instanceof Statement)) throw new TypeError('Only statements that were written as sql`…` are carried out.');
};

/** The three ways to ask, over one way to carry out. */
export const queriesOf = (execute: Execute): Queries => {
  const checked: Execute = async (statement, wanted) => {
    demandStatement(statement);
    return execute(statement, wanted);
  };
  return {
    // What a row looks like is known where its statement is.
    all: async <Row>(statement: Statement) => (await checked(statement, 'rows')).rows as Row[],
    one: async <Row>(statement: Statement) => (await checked(statement, 'rows')).rows[0] as Row | undefined,
    run: async (statement) => (await checked(statement, 'changes')).changes,
  };
};
