// Rules of this project's own, for oxlint (`jsPlugins` in .oxlintrc.json).
import { noBuiltSql } from './no-built-sql.js';
import { noDriver } from './no-driver.js';
import { noSqlText } from './no-sql-text.js';

export default {
  meta: { name: 'sluice' },
  rules: { 'no-built-sql': noBuiltSql, 'no-driver': noDriver, 'no-sql-text': noSqlText },
};
