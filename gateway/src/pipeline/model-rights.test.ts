import { expect, test } from 'bun:test';
import { describeAdmin } from '../../../test/kit/admin.ts';

describeAdmin('models of teams', (start) => {
  test('a team’s own model is its own: beside its list, in nobody else’s', async () => {
    const admin = await start();
    const team = await admin.ok<{ team_id: string }>('POST /team/new', { models: ['gpt-4o'] });
    const others = await admin.ok<{ key: string }>('POST /key/generate', {});
    const key = await admin.ok<{ key: string }>('POST /key/generate', { team_id: team.team_id });
    await admin.ok('POST /model/new', {
      model_name: 'ours',
      litellm_params: { model: 'mock/hello' },
      model_info: { team_id: team.team_id, team_public_model_name: 'ours' },
    });
    expect((await admin.chat('ours', key.key)).status).toBe(200);
    expect((await admin.chat('gpt-4o', key.key)).status).toBe(200);
    expect((await admin.chat('claude-sonnet', key.key)).status).toBe(401);
    expect((await admin.chat('ours', others.key)).status).toBe(404);
    expect((await admin.chat(`team:${team.team_id}/ours`, others.key)).status).toBe(404);
    const listed = async (of: string) =>
      (await admin.ok<{ data: { id: string }[] }>('GET /v1/models', undefined, { key: of })).data.map(({ id }) => id).toSorted();
    expect(await listed(key.key)).toEqual(['gpt-4o', 'ours']);
    expect(await listed(others.key)).toEqual(['claude-sonnet', 'embedding-small', 'gpt-4o']);
    await admin.stop();
  });

  test('a fallback that a client names is a model that it asks for', async () => {
    const admin = await start();
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', { models: ['gpt-4o'] });
    const { status } = await admin.chat('gpt-4o', key, { fallbacks: ['claude-sonnet'], mock_testing_fallbacks: true });
    expect(status).toBe(401);
    await admin.stop();
  });
});
