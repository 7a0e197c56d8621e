import { createSseParser } from '../../lib/sse.ts';
import { isObject, parseObject } from '../../protocols/shared/read.ts';
import type { JsonObject, ResourceKind, Usage } from '../../types/index.ts';
import { usageInAnswer } from '../answer-tap.ts';

/** What costs something when it is asked for, among the calls about kept things; all others are looks, or are billed by what is made of them. */
const running: Readonly<Partial<Record<ResourceKind, ReadonlySet<string>>>> = {
  responses: new Set(['/compact']),
  interactions: new Set(['']),
  threads: new Set(['/runs', '/{}/runs']),
  videos: new Set(['/edits', '/extensions']),
  // A container is a session of the code interpreter, whoever opens it.
  containers: new Set(['']),
  vector_stores: new Set(['/{}/search']),
};

export const runsModel = (method: string, kind: ResourceKind, rest: string): boolean =>
  method === 'POST' && running[kind]?.has(rest) === true;

/** What an answer of such a call says that it used, by itself or inside what an event is about. */
export const usageOfRun = (json: JsonObject): Usage | undefined => {
  if (json['object'] === 'video') {
    const seconds = Number(json['seconds']);
    return seconds > 0 ? { inputTokens: 0, outputTokens: 0, units: { outputSeconds: seconds } } : undefined;
  }
  if (json['object'] === 'container') return { inputTokens: 0, outputTokens: 0, units: { tools: { code_interpreter: 1 } } };
  if (json['object'] === 'vector_store.search_results.page') return { inputTokens: 0, outputTokens: 0, units: { queries: 1 } };
  if (isObject(json['usage'])) return usageInAnswer(json);
  for (const name of ['interaction', 'response', 'data']) {
    const inner = json[name];
    if (isObject(inner) && isObject(inner['usage'])) return usageInAnswer(inner);
  }
  return undefined;
};

/** Reads usage from a stream of them: the last that counts. Never throws. */
export const createRunTap = (): { see(bytes: Uint8Array): void; usage(): Usage | undefined } => {
  let found: Usage | undefined;
  let broken = false;
  const parser = createSseParser(({ data }) => {
    if (!data.includes('"usage"')) return;
    const event = parseObject(data);
    if (event) found = usageOfRun(event) ?? found;
  });
  return {
    see(bytes) {
      if (broken) return;
      try {
        parser.push(bytes);
      } catch {
        broken = true;
      }
    },
    usage: () => found,
  };
};
