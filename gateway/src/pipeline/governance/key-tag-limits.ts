import { keySubject } from '../../access/keys/key-subject.ts';
import type { KeyRecord } from '../../access/records/records.ts';
import type { Stored } from '../../access/store/stored.ts';
import type { Limit } from '../../limits/index.ts';
import { isShadowed, type LimitRules } from './subject-limits.ts';

const minuteMs = 60_000;
const none: readonly Limit[] = [];

/** What a key may ask for under each of a call's tags (`tag_rpm_limit`), beside what it may ask for in all. */
export const tagLimitsOfKey = (
  key: Stored<KeyRecord> | undefined,
  tags: readonly string[] | undefined,
  rules: Pick<LimitRules, 'shadow'>,
): readonly Limit[] => {
  const table = key?.data.tag_rpm_limit;
  if (!table || !tags?.length) return none;
  const { data } = key;
  const isShadow = isShadowed('requests', rules) || data.metadata?.['shadow_limits'] === true;
  return [...new Set(tags)]
    .filter((tag) => Object.hasOwn(table, tag))
    .map((tag) => ({
      subject: `${keySubject(key)}/tag:${tag}`,
      label: `key "${data.key_alias ?? data.key_name}", tag "${tag}"`,
      metric: 'requests',
      max: table[tag]!,
      windowMs: minuteMs,
      ...(isShadow && { soft: true, shadow: true }),
    }));
};
