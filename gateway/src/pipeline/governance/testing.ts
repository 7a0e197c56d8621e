import { Secret } from 'sluice/kit';
import type { Principal } from '../../access/principal.ts';
import type { KeyRecord, TeamRecord } from '../../access/records/records.ts';
import type { Stored } from '../../access/store/stored.ts';
import { loadConfig } from '../../config/load.ts';
import type { CallState } from '../call-state.ts';
import { createLive, type Live } from '../live.ts';
import { createLoopGuard } from '../loops.ts';
import { builtInPrices } from '../prices.ts';
import { BodyNeeds } from '../needs.ts';
import { Governor, type Governed } from './governor.ts';

/** A live configuration with the built-in prices. */
export const liveOf = async (config: string): Promise<Live> => {
  const loaded = loadConfig(config, { file: 'test.yaml', env: {} });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const prices = builtInPrices();
  await prices.ready;
  return createLive(loaded.snapshot, new Secret('sk-a-master-key-of-tests'), {}, createLoopGuard('test'), prices);
};

export const stored = <T>(id: string, data: T): Stored<T> => ({
  id,
  version: 1,
  data,
  createdAt: 0,
  createdBy: undefined,
  updatedAt: 0,
  updatedBy: undefined,
});

export const principalOf = (key: Partial<KeyRecord>, more: Partial<Principal> & { ofTeam?: Partial<TeamRecord> } = {}): Principal => {
  const { ofTeam, ...rest } = more;
  return {
    kind: 'key',
    role: undefined,
    bundles: [],
    budgets: [],
    teams: new Map(),
    organizations: new Map(),
    key: stored('k', { key_name: 'sk-...', key_alias: 'ci', models: [], ...key }),
    ...(ofTeam && { team: stored('t', { models: [], team_alias: 'core', ...ofTeam }) }),
    ...rest,
  };
};

/** A governor of one process without a database, with a clock that is moved by hand. */
export const governing = (live: Live, now: { at: number }) => {
  const governor = new Governor({ now: () => now.at, overSoftBudget: () => {} });
  const stateOf = (principal: Principal, route = 'chat'): CallState =>
    ({ live, governor, principal, route, stream: false, tries: [], attempts: 0 }) as unknown as CallState;
  const asked = (model: string, body: Record<string, unknown> = {}): Governed => ({
    model,
    body: body as never,
    needs: () => new BodyNeeds(body as never, JSON.stringify(body).length),
  });
  return { governor, stateOf, asked };
};
