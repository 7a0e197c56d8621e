import { describe, expect, test } from 'bun:test';
import type { Principal } from '../../access/principal.ts';
import type { Limits } from '../../access/records/records.ts';
import { Governor } from './governor.ts';
import { governing, liveOf, principalOf, stored } from './testing.ts';

const live = await liveOf(`
model_list: [{ model_name: m, litellm_params: { model: mock/hello, input_cost_per_token: 0.000001, output_cost_per_token: 0.000001 } }]
`);

/** Everybody in a caller's line, in the order in which they are asked, and how errors call them. */
const kinds = {
  key: 'key "ci"',
  member: 'member of the team "core"',
  organizationMember: 'member of the organisation "Acme"',
  team: 'team "core"',
  project: 'project "p"',
  user: 'user "u@x.test"',
  organization: 'organisation "Acme"',
} as const;
type Kind = keyof typeof kinds;
const names = Object.keys(kinds) as Kind[];

const lineWith = (limitsOf: (kind: Kind) => Limits): Principal =>
  principalOf(limitsOf('key'), {
    ofTeam: limitsOf('team'),
    member: stored('t/u', { team_id: 't', user_id: 'u', role: 'user', ...limitsOf('member') }),
    organizationMember: stored('o/u', { organization_id: 'o', user_id: 'u', role: 'internal_user', ...limitsOf('organizationMember') }),
    project: stored('p', { team_id: 't', models: [], ...limitsOf('project') }),
    user: stored('u', { user_email: 'u@x.test', user_role: 'internal_user', models: [], ...limitsOf('user') }),
    organization: stored('o', { organization_alias: 'Acme', models: [], ...limitsOf('organization') }),
  });

const admit = (principal: Principal): string | undefined => {
  const { governor, stateOf, asked } = governing(live, { at: Date.UTC(2026, 10, 22) });
  const state = stateOf(principal);
  try {
    expect(governor.admit(state, asked('m', { max_tokens: 10 }))).toBeUndefined();
    return undefined;
  } catch (error) {
    expect(state.held).toBeUndefined();
    return (error as Error).message;
  }
};

/** Members without each kind of room: not one that a small call fits into, none at all, and one that fits nothing (FP-68). */
const without: Readonly<Record<string, Limits>> = {
  money: { max_budget: 0.000001 },
  'no money at all': { max_budget: 0 },
  requests: { rpm_limit: 0 },
  tokens: { tpm_limit: 5 },
};
const roomy: Limits = { max_budget: 1, rpm_limit: 100, tpm_limit: 100_000, max_parallel_requests: 10 };
const unlimited: Limits = { max_budget: null, rpm_limit: null, tpm_limit: null, max_parallel_requests: null };
/** Project and organisation members have fewer. */
const fits = (kind: Kind, limits: Limits): Limits =>
  kind === 'organizationMember' ? (limits.max_budget === undefined ? {} : { max_budget: limits.max_budget }) : limits;

describe('every limit of a line counts, whoever owns the key (FP-67, FP-68)', () => {
  for (const [what, limits] of Object.entries(without))
    test(`every combination of who lacks ${what}: the first of them is named`, () => {
      for (let bits = 0; bits < 2 ** names.length; bits++) {
        const lacks = (kind: Kind): boolean => (bits & (1 << names.indexOf(kind))) !== 0;
        const real = (kind: Kind): boolean => lacks(kind) && Object.keys(fits(kind, limits)).length > 0;
        for (const others of [roomy, unlimited]) {
          const message = admit(lineWith((kind) => fits(kind, lacks(kind) ? { ...others, ...limits } : others)));
          const first = names.find(real);
          if (first === undefined) expect(message).toBeUndefined();
          else expect(message).toContain(kinds[first]);
        }
      }
    });

  test('a refused call takes nothing of those that had room', () => {
    const now = { at: Date.UTC(2026, 10, 22) };
    const { governor, stateOf, asked } = governing(live, now);
    const principal = lineWith((kind) => fits(kind, kind === 'organization' ? { max_budget: 0 } : roomy));
    for (let call = 0; call < 200; call++) expect(() => governor.admit(stateOf(principal), asked('m', { max_tokens: 10 }))).toThrow('Acme');
    const other = lineWith((kind) => fits(kind, roomy));
    expect(governor.admit(stateOf(other), asked('m', { max_tokens: 10 }))).toBeUndefined();
  });
});

describe("a person's own budget, in a team", () => {
  const inTeam = lineWith((kind) => fits(kind, kind === 'user' ? { max_budget: 0, rpm_limit: 100 } : {}));
  test('holds unless the settings say otherwise', async () => {
    expect(admit(inTeam)).toContain('user "u@x.test"');
    for (const setting of ['apply_user_budget_to_team_keys: false', 'skip_user_budget_on_team_key: true']) {
      const other = await liveOf(
        `model_list: [{ model_name: m, litellm_params: { model: mock/hello, input_cost_per_token: 0.000001 } }]\ngeneral_settings: { ${setting} }`,
      );
      const { governor, stateOf, asked } = governing(other, { at: 0 });
      expect(governor.admit(stateOf(inTeam), asked('m', { max_tokens: 10 }))).toBeUndefined();
      const personal: Principal = { ...inTeam, team: undefined, member: undefined };
      expect(() => governor.admit(stateOf(personal), asked('m', { max_tokens: 10 }))).toThrow('user "u@x.test"');
    }
  });
});

test('nothing is held where nothing limits, and the spenders are known all the same', () => {
  const governor = new Governor({ now: () => 0, overSoftBudget: () => {} });
  const { stateOf, asked } = governing(live, { at: 0 });
  const state = stateOf(principalOf({}, { agentId: 'a1' }));
  expect(governor.admit(state, asked('m'))).toBeUndefined();
  expect(state.held?.reservation).toBeUndefined();
  expect(state.held?.spenders.map(({ subject }) => subject)).toEqual(['key:k', 'agent:a1']);
});
