import { test } from 'bun:test';
import { Secret } from 'sluice/kit';
import { describeDatabases } from '../../../../test/kit/describe-databases.ts';
import { Directory } from '../../access/directory/directory.ts';
import { KeyPrincipals } from '../../access/directory/key-principals.ts';
import { createIdentify } from '../../access/identify.ts';
import { hashKey } from '../../access/keys/secret.ts';
import type { Principal } from '../../access/principal.ts';
import { kinds } from '../../access/records/kinds.ts';
import type { KeyRecord } from '../../access/records/records.ts';
import { Store } from '../../access/store/store.ts';
import { UnknownKeys } from '../../access/unknown-keys.ts';
import { loadConfig } from '../../config/load.ts';
import { SpendTotals } from '../../spend/totals.ts';
import type { CallState } from '../call-state.ts';
import { createLive } from '../live.ts';
import { createLoopGuard } from '../loops.ts';
import { builtInPrices } from '../prices.ts';
import { routeRequestOf } from '../route-request.ts';
import { govern } from './govern.ts';
import { Governor } from './governor.ts';

const config = 'model_list: [{ model_name: gpt-4o, litellm_params: { model: mock/hello, input_cost_per_token: 0.000001 } }]';
const masterKey = 'sk-the-master-key-of-this-measurement';
const calls = 100_000;

const four: Partial<KeyRecord> = { rpm_limit: 1e9, tpm_limit: 1e9, max_parallel_requests: 1e6, max_budget: 1e6, budget_duration: '30d' };

/** Prints the least of five runs, and asserts no time: `SLUICE_SPEED=1 bun test gateway/src/pipeline/governance/speed.test.ts`. */
if (Bun.env['SLUICE_SPEED'])
  describeDatabases('CPU time of knowing, governing and settling a call', (open) => {
    const setUp = async () => {
      const now = Date.now;
      const database = await open();
      const store = new Store(database, now);
      const directory = new Directory({ store, now });
      const loaded = loadConfig(config, { file: 'speed.yaml', env: {} });
      if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
      const prices = builtInPrices();
      await prices.ready;
      const live = createLive(loaded.snapshot, new Secret(masterKey), {}, createLoopGuard('speed'), prices);
      const identify = createIdentify({
        isMaster: (presented) => live.isMasterKey(presented),
        keys: new KeyPrincipals(directory, now),
        unknown: new UnknownKeys({ now }),
        others: () => [],
        now,
      });
      const totals = new SpendTotals(database, { now, onFailure: () => {} });
      const governor = new Governor({ totals, directory, now, overSoftBudget: () => {} });
      const keys = { plain: 'sk-plain-key-for-speed', limited: 'sk-limited-key-for-speed', inTeam: 'sk-team-key-for-speed' };
      await store.write({ by: 'test' }, async (writing) => {
        await writing.insert(kinds.team, 't', { models: ['gpt-4o'], rpm_limit: 1e9, max_budget: 1e6, budget_duration: '30d' });
        const add = (key: string, more: Partial<KeyRecord>) =>
          writing.insert(kinds.key, hashKey(key), { key_name: 'sk-...', models: [], ...more });
        await add(keys.plain, {});
        await add(keys.limited, four);
        await add(keys.inTeam, { ...four, team_id: 't', models: ['gpt-4o'] });
      });
      const headers = new Headers({ authorization: 'Bearer x' });
      const body = { model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }], max_tokens: 10 };
      const call = (presented: string): Promise<void> | void => {
        const known = identify({ presented, headers, method: 'POST', path: '/v1/chat/completions', address: () => undefined });
        return known instanceof Promise ? known.then((principal) => rest(principal)) : rest(known);
      };
      const rest = (principal: Principal): Promise<void> | void => {
        const state = { live, governor, principal, route: 'chat', stream: false, tries: [] } as unknown as CallState;
        const said = { body, length: 80 };
        const route = routeRequestOf({ ...said, headers, stream: false });
        const waits = govern(state, 'gpt-4o', { clientHeaders: headers, said, route });
        const settle = () => governor.settle(state, { inputTokens: 10, outputTokens: 10, nanodollars: 20_000, made: true });
        return waits ? waits.then(settle) : settle();
      };
      return { keys, call, close: () => directory.close() };
    };

    test('master key, plain key, key with four limits, the same in a team', async () => {
      const { keys, call, close } = await setUp();
      for (const [name, key] of Object.entries({ master: masterKey, ...keys })) {
        await call(key);
        let least = Infinity;
        for (let run = 0; run < 5; run++) {
          const began = process.cpuUsage();
          for (let at = 0; at < calls; at++) void call(key);
          const { user, system } = process.cpuUsage(began);
          least = Math.min(least, (user + system) / calls);
        }
        console.log(`${name}: ${least.toFixed(2)} µs of CPU a call`);
      }
      close();
    });
  });
