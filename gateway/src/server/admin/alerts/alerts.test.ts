import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';

interface Alert {
  event: string;
  subject: string;
  event_message: string;
  deliveries: { channel: string; state: string; attempts: number; target: string }[];
}

describeAdmin('alerts', (start) => {
  const received: { path: string; text: string }[] = [];
  let server: ReturnType<typeof Bun.serve>;
  let admin: TestAdmin;
  let viewer: string;
  let user: string;
  const config = (alerting: string) => `
model_list:
  - model_name: priced
    litellm_params: { model: mock/hello, input_cost_per_token: 0.01, output_cost_per_token: 0.01 }
general_settings:
  alerting: ${alerting}
  alert_types: [budget_alerts, new_team_created, virtual_key_updated]
  alerting_args: { report_check_interval: 1 }
`;
  const list = async (query = '') => (await admin.ok<{ alerts: Alert[]; total: number }>(`GET /alerts${query}`)).alerts;
  const until = async <T>(ready: () => Promise<T | undefined>): Promise<T> => {
    for (let left = 200; left > 0; left--) {
      const found = await ready();
      if (found !== undefined) return found;
      await Bun.sleep(50);
    }
    throw new Error('It did not come.');
  };

  beforeAll(async () => {
    server = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: async (request) => {
        received.push({ path: new URL(request.url).pathname, text: await request.text() });
        return new Response('ok', { status: new URL(request.url).pathname === '/broken' ? 500 : 200 });
      },
    });
    const url = `http://127.0.0.1:${server.port}`;
    const env = { WEBHOOK_URL: `${url}/hook?key=canary-url`, SLACK_WEBHOOK_URL: `${url}/broken?key=canary-url` };
    admin = await start({ config: config('[webhook]'), env });
    ({ key: viewer } = await admin.ok<{ key: string }>('POST /user/new', { user_id: 'viewer', user_role: 'proxy_admin_viewer' }));
    ({ key: user } = await admin.ok<{ key: string }>('POST /user/new', { user_id: 'user', user_role: 'internal_user' }));
  });
  afterAll(async () => {
    await admin.stop();
    await server.stop(true);
  });

  test('a budget that refuses calls is told, listed, and delivered', async () => {
    // The first look only finds out where to begin.
    await Bun.sleep(1500);
    const { key, token } = await admin.ok<{ key: string; token: string }>('POST /key/generate', { key_alias: 'ci', max_budget: 5 });
    let refused = 0;
    for (let each = 0; each < 100 && refused === 0; each++)
      if ((await admin.chat('priced', key, { max_tokens: 50 })).status === 400) refused++;
    expect(refused).toBe(1);
    const alert = await until(async () => {
      const [found] = await list(`?subject=key:${token}&event=budget_crossed`);
      return found?.deliveries.every(({ state }) => state === 'sent') ? found : undefined;
    });
    expect(alert).toMatchObject({ event: 'budget_crossed', deliveries: [{ channel: 'webhook', state: 'sent', attempts: 1 }] });
    expect(alert.event_message).toStartWith('Budget of key "ci" is crossed');
    const sent = received.map(({ text }) => JSON.parse(text) as Record<string, unknown>).filter(({ event }) => event === 'budget_crossed');
    expect(sent).toMatchObject([{ token, key_alias: 'ci', max_budget: 5, event_group: 'key' }]);
    expect(JSON.stringify(await list())).not.toContain('canary');
  }, 30_000);

  test('two gateways that refuse calls of one key at the same time tell it once', async () => {
    const other = await start({ config: config('[webhook]'), env: { WEBHOOK_URL: `http://127.0.0.1:${server.port}/hook` }, beside: admin });
    const { key, token } = await admin.ok<{ key: string; token: string }>('POST /key/generate', { key_alias: 'two', max_budget: 0.1 });
    const refused = await Promise.all(
      [admin, other].flatMap((each) => Array.from({ length: 5 }, () => each.chat('priced', key, { max_tokens: 50 }))),
    );
    expect(refused.map(({ status }) => status)).toEqual(Array(10).fill(400));
    const ofIt = () => received.filter(({ text }) => text.includes(token) && text.includes('budget_crossed')).length;
    await until(async () => (ofIt() > 0 ? true : undefined));
    await Bun.sleep(2500);
    expect(ofIt()).toBe(1);
    await other.stop();
  }, 30_000);

  test('teams that are made are told', async () => {
    const { team_id: team } = await admin.ok<{ team_id: string }>('POST /team/new', { team_alias: 'new one' });
    const alert = await until(async () => (await list('?type=new_team_created'))[0]);
    expect(alert).toMatchObject({ subject: `team:${team}`, event_message: 'The team "new one" was created by master_key.' });
  }, 30_000);

  test('a test of a channel arrives, or says why it does not', async () => {
    const before = received.length;
    for (const method of ['GET', 'POST'])
      expect(await admin.call(`${method} /health/services?service=webhook`)).toMatchObject({ status: 200, json: { status: 'success' } });
    expect(received.slice(before).map(({ text }) => (JSON.parse(text) as { event: string }).event)).toEqual(['test', 'test']);
    const of = async (query: string) => (await admin.call(`GET /health/services${query}`)).json.error;
    expect(await of('?service=slack')).toMatchObject({ param: 'service', message: expect.stringContaining('does not name slack') });
    expect((await of('?service=webhok')).message).toContain('Did you mean webhook?');
    expect((await of('?service=langfuse')).message).toContain('take one of slack');
    expect(await of('')).toMatchObject({ param: 'service' });
    admin.reload(config('[webhook, slack, email]'));
    const { status, json } = await admin.call('GET /health/services?service=slack_budget_alerts');
    expect([status, json.error.message]).toEqual([502, 'A test by slack did not arrive: it answered 500']);
    expect((await of('?service=email')).message).toContain('SMTP_HOST is not set');
  });

  test('the settings are shown, without addresses', async () => {
    admin.reload(config('[webhook, slack, email]'));
    const settings = await admin.ok<{ field_name: string; field_value: unknown; field_description: string }[]>('GET /alerting/settings');
    const of = (name: string) => settings.find(({ field_name }) => field_name === name);
    expect(of('alerting')).toMatchObject({ field_value: ['webhook', 'slack', 'email'], field_default_value: [] });
    expect(of('budget_alert_ttl')).toMatchObject({ field_value: 86_400, field_type: 'Integer' });
    expect(of('slack_alerting')).toMatchObject({ field_value: true });
    expect(of('email_alerting')).toMatchObject({ field_value: false, field_description: expect.stringContaining('SMTP_HOST is not set') });
    expect(JSON.stringify(settings)).not.toContain('canary');
  });

  test('pages and filters', async () => {
    const all = await admin.ok<{ total: number; total_pages: number }>('GET /alerts?page_size=1&page=1000');
    expect(all).toMatchObject({ alerts: [], page: 1000, page_size: 1, total_pages: all.total });
    expect((await list('?delivery=failed')).length).toBe(0);
    expect((await list('?delivery=sent')).length).toBeGreaterThan(0);
    for (const [query, param] of [
      ['page=0', 'page'],
      ['delivery=gone', 'delivery'],
      ['evnt=x', 'evnt'],
    ])
      expect(await admin.call(`GET /alerts?${query}`)).toMatchObject({ status: 400, json: { error: { param } } });
  });

  test('viewers look, and only administrators send', async () => {
    for (const [path, key, status] of [
      ['GET /alerts', viewer, 200],
      ['GET /alerting/settings', viewer, 200],
      ['GET /health/services?service=webhook', viewer, 403],
      ['POST /health/services?service=webhook', viewer, 403],
      ['GET /alerts', user, 403],
      ['GET /alerting/settings', user, 403],
      ['GET /health/services?service=webhook', user, 403],
      ['GET /alerts', '', 401],
    ] as const)
      expect([path, (await admin.call(path, undefined, { key })).status]).toEqual([path, status]);
  });
});
