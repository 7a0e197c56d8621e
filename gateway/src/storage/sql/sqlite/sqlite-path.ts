/**
 * The file of `sqlite:/path/file.db`, also written `sqlite:///path/file.db`; `sqlite:file.db` is relative to where the
 * gateway was started; `sqlite::memory:` is none.
 * @throws Error that says what is wrong
 */
export const sqlitePath = (url: string): string => {
  const path = url.replace(/^sqlite:(?:\/\/(?=\/))?/, '');
  if (path === '' || path.endsWith('/'))
    throw new Error('The URL of the database names no file. It looks like sqlite:/var/lib/sluice/sluice.db.');
  if (path.startsWith('//')) throw new Error('A file on another machine cannot be a database. Write sqlite:/path/file.db.');
  if (/[?#\0]/.test(path)) throw new Error('The URL of an SQLite database takes no parameters: sqlite:/path/file.db.');
  return path;
};
