import { spliceTopLevel, type JsonObject } from 'sluice/kit';

/** A request's body, read and as text: both say the same. */
export interface ClientRequest {
  body: JsonObject;
  text: string;
  headers: Headers;
}

/** A body as one try sends it: a fallback may set members of its own. */
export const overridden = (
  body: JsonObject,
  text: string | undefined,
  overrides: JsonObject | undefined,
): { body: JsonObject; text: string | undefined } => (overrides ? { body: { ...body, ...overrides }, text: undefined } : { body, text });

/** The request with members set or, where undefined, taken out; in the text nothing else changes. */
export const withMembers = (request: ClientRequest, members: Readonly<JsonObject>): ClientRequest => {
  const names = Object.keys(members);
  if (names.length === 0) return request;
  const body: JsonObject = { ...request.body };
  for (const name of names) {
    if (members[name] === undefined) delete body[name];
    else body[name] = members[name];
  }
  const texts = names.map((name) => [name, members[name] === undefined ? undefined : JSON.stringify(members[name])]);
  return { ...request, body, text: spliceTopLevel(request.text, Object.fromEntries(texts) as Record<string, string | undefined>) };
};
