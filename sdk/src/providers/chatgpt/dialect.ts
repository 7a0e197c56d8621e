import { asArray, asObjects, asString } from '../../protocols/shared/read.ts';
import type { Dialect, DialectCall, JsonObject } from '../../types/index.ts';

/*
 * The Responses API of a subscription (BerriAI/litellm `llms/chatgpt/responses/transformation.py`, read 2026-11-22, and
 * recorded calls): it streams and stores nothing, must have instructions, and takes no system messages ("System messages
 * are not allowed").
 */

const encrypted = 'reasoning.encrypted_content';

const textOf = ({ content }: JsonObject): string =>
  asString(content) ??
  asObjects(asArray(content))
    .map((part) => asString(part['text']) ?? '')
    .join('\n\n');

/** System messages at the start are instructions here; later ones are the developer's. */
const withoutSystem = (input: unknown): { said: string[]; items: JsonObject[] } | undefined => {
  const items = asObjects(asArray(input));
  if (!items.some((item) => item['role'] === 'system')) return undefined;
  const first = items.findIndex((item) => item['role'] !== 'system');
  const lead = first === -1 ? items.length : first;
  return {
    said: items.slice(0, lead).map(textOf),
    items: items.slice(lead).map((item) => (item['role'] === 'system' ? { ...item, role: 'developer' } : item)),
  };
};

export const chatgptDialect = ({ body }: DialectCall): Dialect => {
  const moved = withoutSystem(body['input']);
  const given = asString(body['instructions']);
  const include = asArray(body['include']);
  return {
    members: {
      stream: true,
      store: false,
      ...(moved && { input: moved.items }),
      ...((moved || given === undefined) && {
        instructions: [given ?? '', ...(moved?.said ?? [])].filter((each) => each !== '').join('\n\n'),
      }),
      // A text alone is not taken.
      ...(typeof body['input'] === 'string' && { input: [{ type: 'message', role: 'user', content: body['input'] }] }),
      ...(!include.includes(encrypted) && { include: [...include, encrypted] }),
    },
    headers: { accept: 'text/event-stream' },
  };
};
