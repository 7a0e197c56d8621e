/** Stands for what is interpolated. */
const hole = ' ? ';

const statements = [
  String.raw`select\s+\?`,
  String.raw`select\s[^]*\sfrom\s`,
  String.raw`(?:insert|replace)\s+(?:or\s+\w+\s+)?into\s`,
  String.raw`update\s+(?:only\s+)?["\w?.]+\s+set\s`,
  String.raw`delete\s+from\s`,
  String.raw`with\s+(?:recursive\s+)?["\w?]+\s+(?:\([^)]*\)\s*)?as\s+(?:not\s+materialized\s*|materialized\s*)?\(`,
  String.raw`(?:create|alter|drop)\s+(?:or\s+replace\s+|unique\s+|temp\s+|temporary\s+)?(?:table|index|view|trigger|function|database|schema|role|user|type|extension|sequence)\s`,
  String.raw`(?:truncate|pragma|vacuum|listen|notify|grant|revoke|copy|attach|explain|savepoint|release)\s`,
  String.raw`set\s+(?:local|session)\s`,
];
/** In lower case or in upper case. A sentence begins with one capital. */
const sqlPattern = new RegExp(`^\\s*(?:${[...statements, ...statements.map(shout)].join('|')})`);

function shout(pattern) {
  // What stands behind a backslash, and between brackets, is no word.
  return pattern.replace(/\\.|\[[^\]]*\]|\?:|[a-z]+/g, (part) => (/^[a-z]/.test(part) ? part.toUpperCase() : part));
}

/** What a string expression says, with holes; undefined where it is none. */
const textOf = (node) => {
  switch (node?.type) {
    case 'Literal':
      return typeof node.value === 'string' ? node.value : undefined;
    case 'TemplateLiteral':
      return node.quasis.map((each) => each.value.cooked ?? '').join(hole);
    case 'BinaryExpression': {
      if (node.operator !== '+') return undefined;
      const [left, right] = [textOf(node.left), textOf(node.right)];
      return left === undefined && right === undefined ? undefined : (left ?? hole) + (right ?? hole);
    }
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
      return textOf(node.expression);
    default:
      return undefined;
  }
};

/** Whether an expression is a text that begins as SQL does. */
export const isSqlText = (node) => {
  const text = textOf(node);
  return text !== undefined && sqlPattern.test(`${text} `);
};
