export type { Database, DatabaseFile, Queries, Transaction } from './database.ts';
export { UniqueViolation } from './failure.ts';
export { migrate, pendingMigrations } from './migrate.ts';
export type { Migration } from './migration.ts';
export { openDatabase, type DatabaseObserver, type DatabaseSettings } from './open.ts';
export { sql, Statement, type SqlValue } from './statement.ts';
