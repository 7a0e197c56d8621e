import { describe, expect, test } from 'bun:test';
import { fileTeams } from './team-settings.ts';
import { load, mistakes } from './testing.ts';

const team = (...lines: string[]) => ['team_settings:', '  - team_id: t', ...lines.map((line) => `    ${line}`)].join('\n');

describe('team_settings', () => {
  test('limits, models and the rest, in the spelling of the admin API', () => {
    const snapshot = load(
      team(
        'team_alias: The team',
        'models: [gpt-4o, "embedding-*"]',
        'max_budget: os.environ/BUDGET',
        'budget_duration: 30d',
        'tpm_limit: 1_000',
        'rpm_limit: 0',
        'metadata: { cost_center: 7 }',
      ),
      { env: { BUDGET: '12.5' } },
    );
    expect([...fileTeams(snapshot)]).toEqual([
      [
        't',
        {
          team_alias: 'The team',
          models: ['gpt-4o', 'embedding-*'],
          max_budget: 12.5,
          budget_duration: '30d',
          tpm_limit: 1000,
          rpm_limit: 0,
          metadata: { cost_center: 7 },
        },
      ],
    ]);
  });

  test('FP-68: a budget of 0 is none, and one that is not there no limit', () => {
    expect(fileTeams(load(team('max_budget: 0'))).get('t')).toEqual({ models: [], max_budget: 0 });
    expect(fileTeams(load(team('max_budget:'))).get('t')).toEqual({ models: [] });
  });

  test('teams of included files are added', () => {
    const readInclude = () => ({ text: 'team_settings: [{ team_id: u }]', file: 'more.yaml' });
    const { teams } = load(`include: [more.yaml]\n${team()}`, { readInclude });
    expect(teams.map(({ id, place }) => [id, place.file])).toEqual([
      ['t', 'config.yaml'],
      ['u', 'more.yaml'],
    ]);
  });

  test("LiteLLM's callbacks of a team load with a note each", () => {
    const { notes } = load(team('success_callback: [langfuse]', 'langfuse_public_key: pk', 'langfuse_secret: os.environ/NO_SUCH'), {
      env: { NO_SUCH: 'x' },
    });
    expect(notes.map(({ kind, key, line }) => [kind, key, line])).toEqual([
      ['not-built', 'team_settings.success_callback', 3],
      ['not-built', 'team_settings.langfuse_public_key', 4],
      ['not-built', 'team_settings.langfuse_secret', 5],
    ]);
  });

  test('mistakes have their place', () => {
    expect(mistakes(team('max_bugdet: 3'))).toEqual([
      'config.yaml:3:5: team_settings[0].max_bugdet: unknown key (did you mean max_budget?)',
    ]);
    expect(mistakes(team('max_budget: -1'))).toEqual(['config.yaml:3:17: team_settings[0].max_budget: must be at least 0']);
    expect(mistakes(team('budget_duration: soon'))[0]).toContain('must be a duration');
    expect(mistakes('team_settings: [{ models: [] }]')[0]).toContain('team_id: is missing');
    expect(mistakes('team_settings: [{ team_id: t }, { team_id: t }]')[0]).toContain('is the id of a team above');
  });

  test('a limit whose variable is not set is a mistake, since it would be no limit', () => {
    expect(mistakes(team('max_budget: os.environ/NO_SUCH'))).toEqual([
      'config.yaml:3:17: team_settings[0].max_budget: needs the environment variable NO_SUCH, which is not set: without it the team would have no such limit',
    ]);
  });
});
