import { SluiceError } from 'sluice/kit';
import { kinds } from '../../../access/records/kinds.ts';
import type { OrganizationRecord, TeamRecord } from '../../../access/records/records.ts';
import type { Stored } from '../../../access/store/stored.ts';
import type { Writing } from '../../../access/store/writing.ts';
import type { ConfigSnapshot } from '../../../config/snapshot.ts';

const kindsOfLimit = [
  { type: 'rpm_limit_type', limit: 'rpm_limit', byModel: 'model_rpm_limit', capacity: 'rpm' },
  { type: 'tpm_limit_type', limit: 'tpm_limit', byModel: 'model_tpm_limit', capacity: 'tpm' },
] as const;

/**
 * `guaranteed_throughput`: what is promised to all teams together is there. An organisation's limit is shared by its teams,
 * what the deployments of a model take by all teams; where neither says how much, nothing can be promised too often.
 * @throws SluiceError `invalid_request`
 */
export const demandThroughput = async (
  writing: Writing,
  snapshot: Pick<ConfigSnapshot, 'deployments'>,
  id: string,
  team: TeamRecord,
  organization: Stored<OrganizationRecord> | undefined,
): Promise<void> => {
  if (kindsOfLimit.every(({ type }) => team[type] !== 'guaranteed_throughput')) return;
  // Two promises at a time would not see each other.
  await writing.tx.lock('guaranteed_throughput');
  const others = (await writing.find(kinds.team)).filter((other) => other.id !== id);
  for (const { type, limit, byModel, capacity } of kindsOfLimit) {
    if (team[type] !== guaranteed) continue;
    const promised = others.filter(({ data }) => data[type] === guaranteed).map(({ data }) => data);
    const ofOrganization = promised.filter(({ organization_id: of }) => of === organization?.id);
    refuseOver(
      limit,
      `organisation '${organization?.id}'`,
      team[limit],
      sumOf(ofOrganization.map((each) => each[limit])),
      organization?.data[limit],
    );
    for (const [model, wanted] of Object.entries(team[byModel] ?? {}))
      refuseOver(
        `${byModel}.${model}`,
        `model '${model}'`,
        wanted,
        sumOf(promised.map((each) => each[byModel]?.[model])),
        capacityOf(snapshot, model, capacity),
      );
  }
};

const guaranteed = 'guaranteed_throughput';

const refuseOver = (
  name: string,
  of: string,
  wanted: number | null | undefined,
  promised: number,
  most: number | null | undefined,
): void => {
  if (wanted == null || most == null || wanted + promised <= most) return;
  throw new SluiceError(
    'invalid_request',
    `${name}: ${wanted} cannot be guaranteed: the ${of} has ${most}, of which ${promised} are guaranteed to others. Take less, or best_effort_throughput.`,
    { param: name },
  );
};

const sumOf = (limits: readonly (number | null | undefined)[]): number => limits.reduce<number>((sum, limit) => sum + (limit ?? 0), 0);

/** What the deployments of a model take together. Undefined: one of them does not say, or there is none. */
const capacityOf = ({ deployments }: Pick<ConfigSnapshot, 'deployments'>, model: string, of: 'rpm' | 'tpm'): number | undefined => {
  const limits = deployments.filter(({ modelName }) => modelName === model).map((deployment) => deployment[of]);
  return limits.length === 0 || limits.includes(undefined) ? undefined : sumOf(limits);
};
