/** Something that must not be. */
export interface Finding {
  kind: 'request' | 'answer';
  /** Of the case: `--only request --case 17` runs it again. */
  index: number;
  problem: string;
  /** What was sent, and what came of it; shortened. */
  detail: string;
}

export const short = (text: string, most = 400): string => (text.length > most ? `${text.slice(0, most)}... (${text.length})` : text);

const prototypes: readonly object[] = [Object.prototype, Array.prototype, Function.prototype, String.prototype];
const known = prototypes.map((prototype) => Reflect.ownKeys(prototype).length);

/** Members that something has put where every object sees them; taken away again. */
export const pollution = (): string | undefined => {
  const changed = prototypes.filter((prototype, at) => Reflect.ownKeys(prototype).length !== known[at]);
  const seen = 'polluted' in {};
  if (changed.length === 0 && !seen) return undefined;
  for (const prototype of changed) Reflect.deleteProperty(prototype, 'polluted');
  return 'a prototype of the language has new members';
};

/** Rejections and exceptions that nobody caught, from here on. */
export const watchUncaught = (): { taken(): string[]; stop(): void } => {
  let found: string[] = [];
  const note = (cause: unknown) => void found.push(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause));
  process.on('unhandledRejection', note);
  process.on('uncaughtException', note);
  return {
    taken() {
      const taken = found;
      found = [];
      return taken;
    },
    stop() {
      process.off('unhandledRejection', note);
      process.off('uncaughtException', note);
    },
  };
};
