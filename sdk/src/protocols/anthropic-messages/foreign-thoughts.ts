import type { JsonObject, ModelTraits, Origin, Signature } from '../../types/index.ts';
import { asObjects } from '../shared/read.ts';
import { origin } from './common.ts';

/*
 * Vendors who speak this format sign thoughts in ways of their own, and nothing in a request says whose a signature is.
 * Claude refuses a foreign one with 400 (NousResearch/hermes-agent issue 24401 of MiniMax's, can1357/oh-my-pi issue 6379 of
 * Kimi's, thedotmack/claude-mem issue 3198 of GLM's, read 2026-11-22). Some show it: Claude's are base64 of a message whose
 * first field is number 2, which begins with `E` and a letter from `g` to `v`, and long (all that were recorded); GLM's are
 * hex digests, others' UUIDs, Gemini's base64 for URLs, and an empty one is no signature. What does not show it goes on as
 * it is, and is taken out where the vendor refuses it (`client/refused-thoughts.ts`). Claude's own are
 * taken to be one family on every platform, as anomalyco/opencode pull request 25003 (read 2026-11-22) has them; a platform
 * that thinks otherwise says so in the same way.
 */

const isDigest = (value: string): boolean => /^(?:[0-9a-f]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.test(value);
const isForUrls = (value: string): boolean => value.length >= 60 && /^[A-Za-z0-9_-]*[_-][A-Za-z0-9_=-]*$/.test(value);
const isClaudes = (value: string): boolean => /^E[g-v][A-Za-z0-9+/]{62,}={0,2}$/.test(value);

/** Whether a value of this format is evidently not of the family that is to read it. @param reader undefined: nothing is known of the model */
const isForeign = (value: string, reader: Origin | undefined): boolean => {
  if (reader === undefined) return false;
  return reader === origin ? value === '' || isDigest(value) || isForUrls(value) : isClaudes(value);
};

/** Whether the model can read it, as far as is known: what came in this format unsealed is said to be Claude's, and may not be. */
export const isReadable = ({ origin: from, value }: Signature, { origin: reader }: ModelTraits): boolean =>
  from === origin ? !isForeign(value, reader) : from === reader;

/** Whether the history has thoughts that the model behind cannot read. */
export const holdsForeignThoughts = (body: JsonObject, { origin: reader }: ModelTraits): boolean =>
  reader !== undefined &&
  asObjects(body['messages']).some(
    ({ role, content }) =>
      role === 'assistant' &&
      asObjects(content).some(({ type, signature, data }) => {
        if (type === 'redacted_thinking') return typeof data === 'string' && isForeign(data, reader);
        // Claude needs one; others do without.
        if (type === 'thinking') return typeof signature === 'string' ? isForeign(signature, reader) : reader === origin;
        return false;
      }),
  );
