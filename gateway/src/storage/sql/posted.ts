import { postedStatement, type SqlValue, type Statement } from './statement.ts';

/** A statement on its way to a thread of this process: there it is no object of our class any more. */
export interface PostedStatement {
  readonly texts: readonly string[];
  readonly values: readonly SqlValue[];
}

export const postable = ({ texts, values }: Statement): PostedStatement => ({ texts, values });

/** In the thread. It was made by `sql` before it was posted. */
export const fromPosted = ({ texts, values }: PostedStatement): Statement => postedStatement(texts, values);
