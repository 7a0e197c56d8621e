import type { JsonObject, ToWireContext } from '../../types/index.ts';

/**
 * A finished body in a vendor's own spelling: what it lacks is refused or dropped by name, what it calls otherwise is
 * renamed. Changes the body it is given, which was just made.
 * @throws SluiceError `unsupported_parameter`
 */
export const applyQuirks = (body: JsonObject, { quirks, lacks }: Pick<ToWireContext, 'quirks' | 'lacks'>): JsonObject => {
  for (const name of quirks.lacks ?? []) {
    if (body[name] === undefined) continue;
    lacks(name);
    delete body[name];
  }
  for (const [name, theirs] of Object.entries(quirks.rename ?? {})) {
    if (body[name] === undefined) continue;
    body[theirs] = body[name];
    delete body[name];
  }
  return body;
};
