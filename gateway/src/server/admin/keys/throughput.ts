import { SluiceError } from 'sluice/kit';
import { kinds } from '../../../access/records/kinds.ts';
import type { KeyRecord, TeamRecord } from '../../../access/records/records.ts';
import type { Reading } from '../../../access/store/reading.ts';
import type { ConfigSnapshot } from '../../../config/snapshot.ts';

const kindsOfLimit = [
  { limit: 'rpm_limit', type: 'rpm_limit_type', perModel: 'model_rpm_limit', capacity: 'rpm' },
  { limit: 'tpm_limit', type: 'tpm_limit_type', perModel: 'model_tpm_limit', capacity: 'tpm' },
] as const;

/**
 * A throughput that is guaranteed must be there: what the team's keys are promised together, this one with them, is at most
 * what the team has, and of one model at most what its deployments can take.
 * @throws SluiceError `invalid_request`
 */
export const demandThroughput = async (
  reading: Reading,
  { deployments }: Pick<ConfigSnapshot, 'deployments'>,
  hash: string,
  key: KeyRecord,
  team: TeamRecord | undefined,
): Promise<void> => {
  for (const { limit, type, perModel, capacity } of kindsOfLimit) {
    if (key[type] !== 'guaranteed_throughput') continue;
    const others =
      key.team_id == null ? [] : (await reading.find(kinds.key, { is: { team_id: key.team_id } })).filter(({ id }) => id !== hash);
    const promised = [
      key,
      ...others.map(({ data }) => data).filter((data) => data[type] === 'guaranteed_throughput' && data.replaced_by == null),
    ];
    demandRoom(limit, sumOf(promised.map((data) => data[limit])), team?.[limit], 'the team has');
    for (const model of Object.keys(key[perModel] ?? {})) {
      const sum = sumOf(promised.map((data) => data[perModel]?.[model]));
      demandRoom(`${perModel}.${model}`, sum, team?.[perModel]?.[model], 'the team has of it');
      const ofModel = deployments.filter(({ modelName }) => modelName === model);
      const all = ofModel.some((each) => each[capacity] === undefined) ? undefined : sumOf(ofModel.map((each) => each[capacity]));
      demandRoom(`${perModel}.${model}`, sum, ofModel.length === 0 ? undefined : all, 'its deployments take');
    }
  }
};

const sumOf = (amounts: readonly (number | null | undefined)[]): number => amounts.reduce<number>((sum, amount) => sum + (amount ?? 0), 0);

const demandRoom = (param: string, promised: number, most: number | null | undefined, whose: string): void => {
  if (most == null || promised <= most) return;
  throw new SluiceError('invalid_request', `\`${param}\` cannot be guaranteed: ${promised} would be promised, and ${whose} ${most}.`, {
    param,
  });
};
