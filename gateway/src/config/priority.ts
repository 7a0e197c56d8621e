import { note, type Findings } from './issues.ts';
import type { Merged, ReadFile } from './merge.ts';
import { holderOf } from './model-names.ts';
import { plainPriority, type PriorityReservation, type PrioritySettings } from './priority-settings.ts';
import type { Lookup } from './references.ts';
import type { ReservationEntry } from './schema/priority.ts';
import type { Deployment } from './snapshot.ts';

interface Input {
  readonly settings: Merged['settings'];
  readonly files: readonly ReadFile[];
  readonly findings: Findings;
  readonly lookup: Lookup;
  readonly deployments: readonly Deployment[];
}

/** Callbacks of LiteLLM's that are built: -> how they divide. */
export const limiters: Readonly<Record<string, PrioritySettings['limiter']>> = {
  dynamic_rate_limiter_v3: 'shares',
  dynamic_rate_limiter: 'equal',
};

/** What the settings say of it. Adds what is worth a note or a warning. */
export const prioritySettings = (input: Input): PrioritySettings => {
  const { litellm_settings: litellm, sluice_settings: sluice } = input.settings;
  const given = litellm?.priority_reservation_settings;
  const ttlSeconds = given?.saturation_check_cache_ttl;
  const limiter = limiterOf(input, litellm?.callbacks);
  const reservations = Object.fromEntries(
    Object.entries(litellm?.priority_reservation ?? {}).map(([name, entry]) => [name, reservationOf(entry)]),
  );
  const settings: PrioritySettings = {
    ...(limiter && { limiter }),
    reservations,
    defaultShare: given?.default_priority ?? plainPriority.defaultShare,
    saturationThreshold: given?.saturation_threshold ?? plainPriority.saturationThreshold,
    saturationTtlMs: ttlSeconds === undefined ? plainPriority.saturationTtlMs : Math.round(ttlSeconds * 1000),
    fairShare: sluice?.fair_share ?? false,
    failuresPerMinute: failuresOf(input),
  };
  if (!limiter) for (const key of ['priority_reservation', 'priority_reservation_settings'] as const) tellOfNoLimiter(input, key);
  if (limiter || settings.fairShare) tellOfUnsaid(input, limiter ? ['litellm_settings', 'callbacks'] : ['sluice_settings', 'fair_share']);
  return settings;
};

const reservationOf = (entry: ReservationEntry): PriorityReservation => {
  if (typeof entry === 'number') return { of: 'share', value: entry };
  const { type = 'percent', value } = entry;
  return { of: type === 'percent' ? 'share' : type, value };
};

/** The one that holds; names of what else LiteLLM calls are known and not built. The newer limiter wins. */
const limiterOf = ({ files, findings }: Input, callbacks: string | readonly string[] | undefined): PrioritySettings['limiter'] => {
  const path = ['litellm_settings', 'callbacks'];
  const source = holderOf(files, path);
  const names = typeof callbacks === 'string' ? [callbacks] : (callbacks ?? []);
  for (const [at, name] of names.entries()) {
    if (Object.hasOwn(limiters, name) || !source) continue;
    const place = typeof callbacks === 'string' ? path : [...path, at];
    findings.notes.push(note(source, place, 'not-built', `litellm_settings.callbacks ${name.slice(0, 100)}`));
  }
  const found = names.map((name) => (Object.hasOwn(limiters, name) ? limiters[name] : undefined));
  return found.includes('shares') ? 'shares' : found.find((each) => each !== undefined);
};

const tellOfNoLimiter = ({ settings, files, findings }: Input, key: 'priority_reservation' | 'priority_reservation_settings'): void => {
  // Fair shares begin at the same threshold.
  if (settings.sluice_settings?.fair_share && key === 'priority_reservation_settings') return;
  const path = ['litellm_settings', key];
  const source = settings.litellm_settings?.[key] === undefined ? undefined : holderOf(files, path);
  if (source)
    findings.warnings.push(
      note(source, path, 'other', path.join('.'), 'has no effect without `callbacks: [dynamic_rate_limiter_v3]` beside it'),
    );
};

const threshold = 'DYNAMIC_RATE_LIMIT_ERROR_THRESHOLD_PER_MINUTE';
const maxFailures = 1000;

const failuresOf = ({ lookup, files, findings }: Input): number => {
  const text = lookup(threshold);
  if (text === undefined || text === '') return plainPriority.failuresPerMinute;
  const failures = /^\d{1,4}$/.test(text.trim()) ? Number(text) : 0;
  if (failures >= 1 && failures <= maxFailures) return failures;
  const source = files[0]?.source;
  if (source)
    findings.warnings.push(
      note(
        source,
        [],
        'other',
        threshold,
        `${threshold} must be a whole number from 1 to ${maxFailures}; ${plainPriority.failuresPerMinute} holds instead`,
      ),
    );
  return plainPriority.failuresPerMinute;
};

/** What a model takes is only known where each of its deployments says so: what is not bounded cannot be divided. */
const tellOfUnsaid = ({ deployments, files, findings }: Input, path: readonly string[]): void => {
  const asking = holderOf(files, path);
  if (asking && deployments.length > 0 && deployments.every(({ rpm, tpm }) => rpm === undefined && tpm === undefined))
    findings.warnings.push(note(asking, path, 'other', path.join('.'), 'has no effect: no deployment says its `rpm` or `tpm`'));
  const source = files[0]?.source;
  if (!source) return;
  for (const name of new Set(deployments.map(({ modelName }) => modelName))) {
    const all = deployments.filter(({ modelName }) => modelName === name);
    for (const metric of ['rpm', 'tpm'] as const) {
      const said = all.filter((one) => one[metric] !== undefined).length;
      if (said === 0 || said === all.length) continue;
      findings.warnings.push(
        note(
          source,
          ['model_list'],
          'other',
          `model_list ${name} ${metric}`,
          `some deployments of ${name} have no \`${metric}\`, so what the model takes is not known and not divided`,
        ),
      );
    }
  }
};
