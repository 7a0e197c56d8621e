/** A name that a client gave, short enough for a message. */
export const shown = (name: string): string => `'${name.length > 100 ? `${name.slice(0, 100)}...` : name}'`;

/** Some of a list that a client gave. */
export const shownList = (names: readonly string[], most = 5): string =>
  names.slice(0, most).map(shown).join(', ') + (names.length > most ? ', ...' : '');
