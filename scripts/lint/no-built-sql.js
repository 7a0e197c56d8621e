import { isSqlText } from './sql-text.js';

// SQL that is built from strings is how a gateway is taken over (FP-1). It is written as sql`…`, where values are bound.

const isSqlTag = (tag) => tag.type === 'Identifier' && tag.name === 'sql';

export const noBuiltSql = {
  meta: {
    type: 'problem',
    docs: { description: 'SQL is written as sql`…`, where what is interpolated is bound.' },
    schema: [],
  },
  create(context) {
    const report = (node, message) => context.report({ node, message });
    return {
      TemplateLiteral(node) {
        if (node.expressions.length === 0 || !isSqlText(node)) return;
        if (node.parent.type === 'TaggedTemplateExpression' && isSqlTag(node.parent.tag)) return;
        report(node, 'SQL with an interpolation is written as sql`…`, which binds it.');
      },
      BinaryExpression(node) {
        // The outermost one speaks for all.
        if (node.parent.type === 'BinaryExpression' && node.parent.operator === '+') return;
        if (node.operator === '+' && isSqlText(node)) report(node, 'SQL is not put together from strings: write it as sql`…`.');
      },
      CallExpression(node) {
        if (isSqlTag(node.callee)) {
          report(node, 'sql is a tag: write sql`…`.');
          return;
        }
        if (node.callee.type !== 'MemberExpression' || node.callee.computed) return;
        if (node.callee.property.name === 'concat' && isSqlText(node.callee.object))
          report(node, 'SQL is not put together from strings: write it as sql`…`.');
      },
    };
  },
};
