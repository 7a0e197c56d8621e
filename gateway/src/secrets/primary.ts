import { Secret } from 'sluice/kit';
import { ManagerFailure, mapping, type Fields, type SecretManager } from './manager.ts';

/** Names of one round are asked for within it. Milliseconds. */
const togetherMs = 5000;

/**
 * A manager whose secrets are members of one secret: JSON, or the fields of a path where the manager has fields
 * (`primary_secret_name`). It is asked once for all names of a round. What is written is a secret of its own.
 */
export const ofPrimary = (manager: SecretManager, primary: string, now: () => number): SecretManager => {
  let round: { fields: Promise<Fields | undefined>; untilMs: number } | undefined;

  const load = async (signal: AbortSignal): Promise<Fields | undefined> => {
    if (manager.readFields) return manager.readFields(primary, signal);
    const text = (await manager.read(primary, signal))?.reveal();
    return text === undefined ? undefined : parse(text);
  };

  return {
    ...manager,
    async read(name, signal) {
      if (!round || now() >= round.untilMs) {
        const made = { fields: load(signal), untilMs: now() + togetherMs };
        round = made;
        // A failure is nobody's answer the next time.
        made.fields.catch(() => (round = round === made ? undefined : round));
      }
      const fields = await round.fields;
      if (!fields) throw new ManagerFailure('there is no secret of the name that `primary_secret_name` says');
      return Object.hasOwn(fields, name) ? fields[name] : undefined;
    },
  };
};

const parse = (text: string): Fields => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Said below: the parser's own words quote the text.
  }
  const members = mapping(value);
  if (!members) throw new ManagerFailure('the secret that `primary_secret_name` names is no JSON object');
  return Object.fromEntries(
    Object.entries(members)
      .filter(([, member]) => member !== null)
      .map(([name, member]) => [name, new Secret(typeof member === 'string' ? member : JSON.stringify(member))]),
  );
};
