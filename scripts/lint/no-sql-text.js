import { isSqlText } from './sql-text.js';

// What a database is asked with is written as sql`…` from the first line on: a text without values is the one that gets some later (FP-1).

const asks = new Set(['all', 'one', 'run', 'get', 'query', 'exec', 'execute', 'prepare', 'unsafe', 'raw']);

export const noSqlText = {
  meta: {
    type: 'problem',
    docs: { description: 'A database is asked with sql`…`, not with a text.' },
    schema: [],
  },
  create: (context) => ({
    CallExpression({ callee, arguments: [first] }) {
      if (callee.type !== 'MemberExpression' || callee.computed || !asks.has(callee.property.name)) return;
      // One with an interpolation is reported where it is written.
      const whole = first?.type === 'Literal' || (first?.type === 'TemplateLiteral' && first.expressions.length === 0);
      if (whole && isSqlText(first)) context.report({ node: first, message: 'A database is asked with sql`…`, not with a text.' });
    },
  }),
};
