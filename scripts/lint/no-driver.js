// Databases are reached through gateway/src/storage/sql alone, whose statements bind their values (FP-1).

const drivers = /^(?:bun:sqlite|node:sqlite|sqlite3?|better-sqlite3|pg|pg-.+|postgres|mysql2?|kysely|knex|libsql|@libsql\/.+)$/;
const inside = /(?:^|\/)storage\/sql\/(?:sqlite|postgres)\//;
const statementFile = /(?:^|\/)storage\/sql\/statement(?:\.ts)?$/;

export const noDriver = {
  meta: {
    type: 'problem',
    docs: { description: 'Only gateway/src/storage/sql loads a database driver.' },
    schema: [],
  },
  create(context) {
    const look = (node, source) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
      if (drivers.test(source.value)) context.report({ node, message: `${source.value} is loaded by gateway/src/storage/sql alone.` });
      else if (inside.test(source.value)) context.report({ node, message: 'A database is opened with openDatabase of storage/sql.' });
    };
    return {
      ImportDeclaration(node) {
        look(node, node.source);
        for (const each of node.specifiers) {
          const name = each.imported?.name;
          if (node.source.value === 'bun' && (name === 'SQL' || name === 'sql'))
            context.report({ node: each, message: `Bun's ${name} is not used: a database is opened with openDatabase of storage/sql.` });
          if (statementFile.test(node.source.value) && name === 'script')
            context.report({ node: each, message: 'A text becomes a statement in migrations alone.' });
        }
      },
      ExportNamedDeclaration: (node) => look(node, node.source),
      ExportAllDeclaration: (node) => look(node, node.source),
      ImportExpression: (node) => look(node, node.source),
      CallExpression(node) {
        if (node.callee.type === 'Identifier' && node.callee.name === 'require') look(node, node.arguments[0]);
      },
      MemberExpression(node) {
        const { object, property, computed } = node;
        if (object.type !== 'Identifier' || object.name !== 'Bun') return;
        const name = computed ? property.value : property.name;
        if (name === 'SQL' || name === 'sql' || name === 'postgres')
          context.report({ node, message: `Bun.${name} is not used: a database is opened with openDatabase of storage/sql.` });
      },
    };
  },
};
