import { z } from 'zod';
import type { TeamRecord } from '../../../access/records/records.ts';
import { checked } from '../checked.ts';
import { limitsShape } from '../fields.ts';
import type { Change } from '../patch.ts';

/** Members that LiteLLM's clients also put into a team's metadata, where its own table has them. */
const lifted = z.strictObject({
  tags: z.array(z.string().min(1).max(256)).max(100).nullish(),
  model_rpm_limit: limitsShape.model_rpm_limit,
  model_tpm_limit: limitsShape.model_tpm_limit,
});
const names = ['tags', 'model_rpm_limit', 'model_tpm_limit'] as const;

type WithMetadata = Change<TeamRecord>;

/**
 * What a request says, with those members where the record has them. One that is also given by itself wins.
 * @throws SluiceError `invalid_request`
 */
export const withLifted = (change: WithMetadata): WithMetadata => {
  const { metadata } = change;
  if (!metadata || !names.some((name) => name in metadata)) return change;
  const own = { ...metadata };
  const found: Record<string, unknown> = {};
  for (const name of names) {
    if (name in own) found[name] = own[name];
    delete own[name];
  }
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  return { ...(checked(lifted, found, 'body') as WithMetadata), ...given, metadata: own };
};

/** Metadata with them in it, where LiteLLM's clients look for them. */
export const metadataShown = (data: TeamRecord): Readonly<Record<string, unknown>> | null => {
  const found = names.filter((name) => data[name] != null).map((name) => [name, data[name]]);
  return found.length === 0 ? (data.metadata ?? null) : { ...data.metadata, ...Object.fromEntries(found) };
};
