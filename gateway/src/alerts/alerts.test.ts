import { afterEach, expect, test } from 'bun:test';
import { describeDatabases } from '../../../test/kit/describe-databases.ts';
import { sql } from '../storage/sql/index.ts';
import { listAlerts } from './list-alerts.ts';
import { signatureOf } from './channels/webhook.ts';
import { budgetOf, dayMs, minuteMs, noon, secretOf, settingsOf, startWorld, usd, type TestWorld } from './testing.ts';

const month = { start: Date.UTC(2026, 10, 1), end: Date.UTC(2026, 11, 1) };

describeDatabases('alerts', (open) => {
  const worlds: TestWorld[] = [];
  /** With its first look behind it, which only finds out where to begin. */
  const start = async (change: (world: TestWorld) => void = () => {}) => {
    const world = startWorld(await open());
    worlds.push(world);
    change(world);
    const gateway = world.gateway();
    await gateway.look();
    world.now += minuteMs;
    return { world, gateway };
  };
  afterEach(async () => {
    await Promise.all(worlds.splice(0).map((world) => world.stop()));
  });
  const events = (world: TestWorld) =>
    world.received.map(({ json }) => `${json.event} ${json.spend}/${json.max_budget ?? json.soft_budget}`);
  const states = async (world: TestWorld) =>
    (await listAlerts(world.database, { page: 1, size: 100 })).alerts.flatMap(({ deliveries }) => deliveries.map(({ state }) => state));

  test('each threshold, the share of the mail and the budget itself are told once', async () => {
    const { world, gateway } = await start((made) => {
      made.budgets = [budgetOf('key:a', 10)];
    });
    for (const spent of [5, 8, 8.4, 8.5, 8.6, 9.4, 9.5, 9.9, 10, 10.5]) {
      await world.spend('key:a', spent);
      await gateway.look();
      await gateway.look();
      world.now += minuteMs;
    }
    expect(events(world)).toEqual([
      'max_budget_alert 8/10',
      'threshold_crossed 8.5/10',
      'threshold_crossed 9.5/10',
      'budget_crossed 10/10',
    ]);
    expect(world.received.map(({ json }) => json.threshold_left)).toEqual([0.2, 0.15, 0.05, undefined]);
    expect(world.received[3]!.json).toMatchObject({
      event_group: 'key',
      event_message: 'Budget of key "key:a" is crossed: $10.00 of $10.00 is spent.',
      token: 'a',
      key_alias: 'ci',
      soft_budget: null,
      alert_emails: [],
    });
  });

  test("a budget's own thresholds replace the usual one; each is told to its people, the last with the budget itself", async () => {
    const { world, gateway } = await start((made) => {
      made.emails = ['owner@example.com'];
      const emailsAt = [
        { share: 0.5, emails: [] },
        { share: 0.75, emails: ['finance@example.com', 'owner@example.com'] },
        { share: 1, emails: ['oncall@example.com'] },
      ];
      made.budgets = [{ ...budgetOf('key:a', 10), emailsAt }];
      made.settings = settingsOf({ thresholdsLeft: [], forecast: false });
    });
    for (const spent of [4, 5, 6, 8.5, 10]) {
      await world.spend('key:a', spent);
      await gateway.look();
      world.now += minuteMs;
    }
    expect(world.received.map(({ json }) => [json.event, json.spend, json.threshold_left, json.alert_emails])).toEqual([
      ['max_budget_alert', 5, 0.5, ['owner@example.com']],
      ['max_budget_alert', 8.5, 0.25, ['owner@example.com', 'finance@example.com']],
      ['budget_crossed', 10, undefined, ['owner@example.com', 'oncall@example.com']],
    ]);
    // Passed at once: a call that is dearer than the half.
    world.budgets = [{ ...world.budgets[0]!, subject: 'key:b' }];
    await world.spend('key:b', 11);
    await gateway.look();
    expect(events(world).slice(3).toSorted()).toEqual(['budget_crossed 11/10', 'max_budget_alert 11/10', 'max_budget_alert 11/10']);
  });

  test('what was spent before alerts were asked for is no news', async () => {
    const world = startWorld(await open());
    worlds.push(world);
    world.budgets = [budgetOf('key:a', 10)];
    await world.spend('key:a', 20);
    world.now += minuteMs;
    const gateway = world.gateway();
    await gateway.look();
    await gateway.look();
    expect(events(world)).toEqual([]);
  });

  test('several gateways at once tell it once', async () => {
    const { world } = await start((made) => {
      made.budgets = Array.from({ length: 20 }, (_, at) => budgetOf(`key:${at}`, 10));
    });
    const gateways = Array.from({ length: 4 }, () => world.gateway());
    for (const { subject } of world.budgets) await world.spend(subject, 11);
    // Also those that do not hold the lease: each was refused there.
    for (const each of gateways) for (const { subject } of world.budgets) each.refused(subject, 0);
    await Promise.all(gateways.map((each) => each.look()));
    await Promise.all(gateways.map((each) => each.look()));
    expect(world.received.map(({ json }) => json.subject).toSorted()).toEqual(world.budgets.map(({ subject }) => subject).toSorted());
    expect((await states(world)).every((state) => state === 'sent')).toBe(true);
    // And nobody wrote anything of what was told already.
    expect((await world.database.all(sql`select id from alert_deliveries`)).length).toBe(20);
  });

  test('one gateway at a time looks at what all of them spent; the next one does when it is gone', async () => {
    const { world, gateway } = await start((made) => {
      made.budgets = [budgetOf('key:a', 10)];
    });
    const other = world.gateway();
    await world.spend('key:a', 1);
    await gateway.look();
    await other.look();
    expect(world.looked.length).toBe(1);
    await gateway.look();
    expect(world.looked.length).toBe(2);
    await gateway.stop();
    await other.look();
    expect(world.looked.length).toBe(3);
    // One that died keeps nobody waiting for long.
    const third = world.gateway();
    world.now += 31_000;
    await world.spend('key:a', 2);
    await third.look();
    expect(world.looked.length).toBe(4);
  });

  test('what is seen late, as its transaction took long, is seen', async () => {
    const { world, gateway } = await start((made) => {
      made.budgets = [budgetOf('key:a', 10), budgetOf('key:late', 10)];
    });
    const began = world.now;
    world.now += 5000;
    await world.spend('key:a', 10);
    await gateway.look();
    const { now } = world;
    world.now = began;
    await world.spend('key:late', 10);
    world.now = now + 1000;
    await gateway.look();
    expect(world.received.map(({ json }) => json.subject)).toEqual(['key:a', 'key:late']);
  });

  test('a webhook that fails three times is tried a fourth time, and all tries are one copy', async () => {
    const { world, gateway } = await start((made) => {
      made.budgets = [budgetOf('key:a', 10)];
    });
    let left = 3;
    world.answer = () => (left-- > 0 ? 500 : 200);
    await world.spend('key:a', 10);
    for (let each = 0; each < 10; each++) {
      await gateway.look();
      world.now += 2000;
    }
    // After 5 and 10 seconds more; the next one comes after 20.
    expect(world.received.length).toBe(3);
    for (let each = 0; each < 40; each++) {
      await gateway.look();
      world.now += 2000;
    }
    expect(world.received.length).toBe(4);
    expect(new Set(world.received.map(({ headers }) => headers.get('x-sluice-alert-id'))).size).toBe(1);
    expect(world.received[0]!.json.dedupe_id).toBe(world.received[0]!.headers.get('x-sluice-alert-id'));
    const [alert] = (await listAlerts(world.database, { page: 1, size: 10 })).alerts;
    expect(alert!.deliveries).toMatchObject([{ state: 'sent', attempts: 4, lastError: undefined }]);
  });

  test('one that fails for a day is given up, and that is told without its address', async () => {
    const { world, gateway } = await start((made) => {
      made.budgets = [budgetOf('key:a', 10)];
      made.answer = () => 503;
    });
    await world.spend('key:a', 10);
    for (let each = 0; each < 60; each++) {
      await gateway.look();
      world.now += 1_800_000;
    }
    const [alert] = (await listAlerts(world.database, { page: 1, size: 10, state: 'failed' })).alerts;
    expect(alert!.deliveries).toMatchObject([{ state: 'failed', lastError: 'it answered 503' }]);
    expect(world.received.length).toBeGreaterThan(20);
    expect(world.received.length).toBeLessThan(50);
    const told = JSON.stringify([world.logged, alert]);
    expect(told).toContain('given up');
    expect(told).not.toContain('canary');
    expect(told).not.toContain('an answer');
  });

  test('a gateway that died in the middle leaves its copies to the next one', async () => {
    const { world, gateway } = await start((made) => {
      made.budgets = [budgetOf('key:a', 10)];
    });
    await world.spend('key:a', 10);
    const never = Promise.withResolvers<number>();
    world.answer = () => never.promise;
    const looking = gateway.look().catch(() => {});
    while (world.received.length === 0) await Bun.sleep(1);
    // It sent, and never wrote down that it did.
    await gateway.stop();
    await looking;
    const [left] = (await listAlerts(world.database, { page: 1, size: 10 })).alerts;
    expect(left!.deliveries).toMatchObject([{ state: 'pending', attempts: 1, lastError: undefined }]);
    world.answer = () => 200;
    const next = world.gateway();
    await next.look();
    expect(world.received.length).toBe(1);
    world.now += 61_000;
    await next.look();
    expect(world.received.length).toBe(2);
    expect(world.received[1]!.json.dedupe_id).toBe(world.received[0]!.json.dedupe_id);
    expect(await states(world)).toEqual(['sent']);
    never.resolve(200);
  });

  test('a budget that was raised is told when it is crossed again, one that was set back too', async () => {
    const { world, gateway } = await start((made) => {
      made.settings = settingsOf({ thresholdsLeft: [], emailAtShareSpent: 0.999 });
      made.budgets = [budgetOf('key:a', 10)];
    });
    const go = async (spent: number) => {
      await world.spend('key:a', spent);
      await gateway.look();
      world.now += minuteMs;
    };
    await go(10);
    world.budgets = [budgetOf('key:a', 20)];
    await go(15);
    await go(20);
    // And lowered: all of this was said.
    world.budgets = [budgetOf('key:a', 10)];
    await go(21);
    expect(events(world)).toEqual(['budget_crossed 10/10', 'budget_crossed 20/20']);
    await go(0);
    await go(9);
    await go(10);
    await go(11);
    expect(events(world).slice(2)).toEqual(['budget_crossed 10/10']);
    // Set back and spent again between two looks.
    await go(0);
    await world.spend('key:a', 12);
    await world.database.run(sql`update spend_totals set set_at = ${world.now} where subject = 'key:a'`);
    await gateway.look();
    await gateway.look();
    expect(events(world).slice(3)).toEqual(['budget_crossed 12/10']);
  });

  test('spend that was set back between two looks, and is over again, is told', async () => {
    const { world, gateway } = await start((made) => {
      made.settings = settingsOf({ thresholdsLeft: [], emailAtShareSpent: 0.999 });
      made.budgets = [budgetOf('key:a', 10)];
    });
    await world.spend('key:a', 10);
    await gateway.look();
    world.now += minuteMs;
    await world.spend('key:a', 12);
    await world.database.run(sql`update spend_totals set set_at = ${world.now} where subject = 'key:a'`);
    await gateway.look();
    await gateway.look();
    expect(events(world)).toEqual(['budget_crossed 10/10', 'budget_crossed 12/10']);
  });

  test('each period has alerts of its own', async () => {
    const days = (at: number) => ({ start: Math.floor(at / dayMs) * dayMs, end: (Math.floor(at / dayMs) + 1) * dayMs });
    const { world, gateway } = await start((made) => {
      made.settings = settingsOf({ forecast: false, thresholdsLeft: [], emailAtShareSpent: 0.999 });
    });
    for (let day = 0; day < 3; day++) {
      const period = days(world.now);
      world.budgets = [budgetOf('key:a', 10, { period })];
      await world.spend('key:a', 3, period.start);
      await gateway.look();
      await world.spend('key:a', 10, period.start);
      await gateway.look();
      await gateway.look();
      world.now += dayMs;
    }
    expect(world.received.map(({ json }) => json.period_start)).toEqual(
      [0, 1, 2].map((day) => new Date(days(noon + day * dayMs).start).toISOString()),
    );
  });

  test('a soft budget is told each day as long as it is spent on', async () => {
    const { world, gateway } = await start((made) => {
      made.budgets = [budgetOf('key:a', 5, { soft: true })];
    });
    for (let hours = 0; hours < 60; hours += 6) {
      await world.spend('key:a', 5 + hours);
      await gateway.look();
      world.now += 6 * 3_600_000;
    }
    expect(events(world)).toEqual(['soft_budget_crossed 5/5', 'soft_budget_crossed 29/5', 'soft_budget_crossed 53/5']);
  });

  test('a call that did not fit into what is left is told, once', async () => {
    const { world, gateway } = await start((made) => {
      made.budgets = [budgetOf('key:a', 10), budgetOf('key:b', 0)];
    });
    await world.spend('key:a', 7);
    for (let each = 0; each < 5; each++) {
      gateway.refused('key:a', 0);
      gateway.refused('key:b', 0);
      gateway.refused('key:c', 0);
      gateway.refused('key:a', 77);
      await gateway.look();
      world.now += minuteMs;
    }
    expect(events(world).toSorted()).toEqual(['budget_crossed 0/0', 'budget_crossed 7/10']);
    const before = world.looked.length;
    for (let each = 0; each < 20; each++) {
      gateway.refused('key:b', 0);
      await gateway.look();
      world.now += 3000;
    }
    expect(world.looked.slice(before).filter((subjects) => subjects.includes('key:b')).length).toBe(1);
  });

  test('refusals are looked at once a minute, and those that could not be looked at wait', async () => {
    const { world } = await start();
    const asked: number[] = [];
    const faulty = startWorld(world.database);
    worlds.push(faulty);
    faulty.budgets = [budgetOf('key:a', 10)];
    const gateway = faulty.gateway();
    gateway.refused('key:a', 0);
    const { settings } = faulty;
    Object.defineProperty(faulty, 'budgets', {
      get: () => {
        asked.push(faulty.now);
        throw new Error('away');
      },
    });
    await expect(gateway.look()).rejects.toThrow('away');
    await expect(gateway.look()).rejects.toThrow('away');
    expect(asked.length).toBe(2);
    Object.defineProperty(faulty, 'budgets', { value: [budgetOf('key:a', 10)], writable: true });
    await gateway.look();
    expect([settings.enabled, events(faulty)]).toEqual([true, ['budget_crossed 0/10']]);
  });

  test('a forecast is told once a period, by the days before where there are seven', async () => {
    const { world, gateway } = await start((made) => {
      made.budgets = [budgetOf('key:a', 100, { period: month }), budgetOf('key:b', 100, { period: month })];
    });
    const today = Math.floor(world.now / dayMs);
    for (let day = today - 7; day < today; day++)
      await world.database.run(
        sql`insert into spend_days (kind, entity, day, requests, failed, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
              cache_hits, nanodollars) values ('key', 'b', ${day}, 1, 0, 0, 0, 0, 0, 0, ${usd})`,
      );
    // 17.5 of 30 days: without days, 70 becomes 120; with a dollar a day, 82.5.
    await world.spend('key:a', 70, month.start);
    await world.spend('key:b', 70, month.start);
    await gateway.look();
    await world.spend('key:a', 72, month.start);
    await world.spend('key:b', 72, month.start);
    await gateway.look();
    expect(
      world.received.map(({ json }) => [json.event, json.subject, Math.round(json.projected_spend), json.projected_exceeded_date]),
    ).toEqual([['projected_limit_exceeded', 'key:a', 120, '2026-11-26']]);
  });

  test('a budget that was lowered is told although nothing is spent', async () => {
    const { world, gateway } = await start((made) => {
      made.budgets = [budgetOf('team:t', 10, { group: 'team' })];
    });
    await world.spend('team:t', 6);
    await gateway.look();
    world.now += minuteMs;
    world.budgets = [budgetOf('team:t', 5, { group: 'team' })];
    await world.database.run(
      sql`insert into audit_log (id, at, action, table_name, object_id, changed_by, updated_values, previous_hash, hash)
          values ('1', ${world.now}, 'updated', 'LiteLLM_TeamTable', 't', 'ann', ${'{"max_budget":5}'}, '', '')`,
    );
    await gateway.look();
    expect(events(world)).toEqual(['budget_crossed 6/5']);
  });

  test('what is made and changed is told to who wants it, by name and without values', async () => {
    const { world, gateway } = await start((made) => {
      made.settings = settingsOf({ types: ['new_virtual_key_created', 'virtual_key_updated', 'team_deleted'] });
    });
    const change = (id: number, action: string, table: string, after: object) =>
      world.database.run(
        sql`insert into audit_log (id, at, action, table_name, object_id, changed_by, updated_values, previous_hash, hash)
            values (${String(id)}, ${world.now}, ${action}, ${table}, 'ab12', 'ann', ${JSON.stringify(after)}, '', '')`,
      );
    await change(1, 'created', 'LiteLLM_VerificationToken', { key_alias: 'ci', metadata: { secret: 'canary' } });
    await change(2, 'updated', 'LiteLLM_VerificationToken', { metadata: { secret: 'canary' }, max_budget: 5 });
    await change(3, 'regenerated', 'LiteLLM_VerificationToken', {});
    await change(4, 'created', 'LiteLLM_TeamTable', { team_alias: 'x' });
    await change(5, 'deleted', 'LiteLLM_TeamTable', {});
    const [a, b] = [gateway, world.gateway()];
    await Promise.all([a.look(), b.look()]);
    await Promise.all([a.look(), b.look()]);
    expect(world.received.map(({ json }) => [json.event, json.event_message]).toSorted()).toEqual([
      ['key_created', 'The key "ci" was created by ann.'],
      ['key_rotated', 'The key "ab12" was regenerated by ann.'],
      ['team_deleted', 'The team "ab12" was deleted by ann.'],
      ['virtual_key_updated', 'The key "ab12" was updated (metadata, max_budget) by ann.'],
    ]);
    expect(JSON.stringify(world.received)).not.toContain('canary');
    expect((await listAlerts(world.database, { page: 1, size: 10 })).total).toBe(4);
  });

  test('a report tells of the period that is over, once it is surely over', async () => {
    const { world, gateway } = await start((made) => {
      made.settings = settingsOf({ types: ['spend_reports'], log: true });
    });
    const day = Math.floor(world.now / dayMs);
    const add = (kind: string, entity: string, requests: number, dollars: number, at = day) =>
      world.database.run(
        sql`insert into spend_days (kind, entity, day, requests, failed, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
              cache_hits, nanodollars) values (${kind}, ${entity}, ${at}, ${requests}, 0, 0, 0, 0, 0, 0, ${dollars * usd})`,
      );
    await add('gateway', '', 30, 12);
    await add('gateway', '', 1000, 1000, day + 1);
    for (let each = 0; each < 7; each++) await add('key', `k${each}`, 1, each);
    await add('team', 't', 3, 4);
    await world.database.run(
      sql`insert into spend_details (kind, entity, day, key_id, model, upstream_model, provider, route, requests, failed, input_tokens,
            output_tokens, cache_read_tokens, cache_write_tokens, cache_hits, nanodollars)
          values ('gateway', '', ${day}, 'k1', 'gpt-4o', 'gpt-4o', 'openai', 'chat', 30, 0, 0, 0, 0, 0, 0, ${12 * usd})`,
    );
    world.now = (day + 1) * dayMs + 9 * minuteMs;
    await gateway.look();
    expect(world.received.length).toBe(0);
    world.now += 2 * minuteMs;
    await Promise.all([gateway.look(), world.gateway().look()]);
    await gateway.look();
    expect(world.received.map(({ json }) => json.event_message)).toEqual([
      [
        'Spend of 2026-11-18 to 2026-11-18 (UTC): $12.00 in 30 calls.',
        'Keys:',
        ...[6, 5, 4, 3, 2].map((each) => `- the key:k${each}: $${each}.00 in 1 calls`),
        'Teams:',
        '- the team:t: $4.00 in 3 calls',
        'Models:',
        '- gpt-4o: $12.00 in 30 calls',
      ].join('\n'),
    ]);
    expect(world.logged.map(({ message }) => message)).toEqual(['alert']);
  });

  test('trouble goes out at once, once an hour, also while the database is away', async () => {
    const { world, gateway } = await start();
    world.answer = () => 500;
    await gateway.trouble('failed_tracking_spend', 'The journal takes nothing.');
    expect(world.received.length).toBe(3);
    await gateway.trouble('failed_tracking_spend', 'The journal takes nothing.');
    expect(world.received.length).toBe(3);
    expect(JSON.stringify(world.logged)).toContain('webhook: it answered 500');
    expect(JSON.stringify(world.logged)).not.toContain('canary');
    world.answer = () => 200;
    world.now += 3_600_000;
    await gateway.trouble('failed_tracking_spend', 'The journal takes nothing.');
    expect(world.received[3]!.json).toMatchObject({ event: 'failed_tracking_spend', event_message: 'The journal takes nothing.' });
    await world.database.close();
    for (let each = 0; each < 3; each++) {
      await expect(gateway.look()).rejects.toThrow();
      world.now += 40_000;
    }
    expect(world.received.slice(4).map(({ json }) => json.event)).toEqual(['db_exceptions']);
  });

  test('old alerts are forgotten, but not those that still keep another one from being told', async () => {
    const { world, gateway } = await start((made) => {
      made.settings = settingsOf({ forecast: false, thresholdsLeft: [], emailAtShareSpent: 0.999 });
      made.budgets = [budgetOf('key:a', 10), budgetOf('key:b', 10, { period: month }), budgetOf('key:gone', 10)];
    });
    await world.spend('key:a', 10);
    await world.spend('key:b', 10, month.start);
    await world.spend('key:gone', 10);
    await gateway.look();
    await world.database.run(
      sql`insert into audit_log (id, at, action, table_name, object_id, previous_hash, hash)
          values ('1', ${world.now}, 'deleted', 'LiteLLM_VerificationToken', 'gone', '', '')`,
    );
    await gateway.look();
    expect(world.received.length).toBe(3);
    world.now += 91 * dayMs;
    await world.spend('key:a', 11);
    await gateway.look();
    expect((await listAlerts(world.database, { page: 1, size: 10 })).alerts.map(({ event }) => event.subject)).toEqual(['key:a']);
    expect((await states(world)).length).toBe(1);
    expect(world.received.length).toBe(3);
  });

  test('without a configuration nothing is looked at; with rules alone alerts are listed and sent nowhere', async () => {
    const { world, gateway } = await start((made) => {
      made.budgets = [budgetOf('key:a', 10)];
      made.settings = settingsOf({ channels: [] });
    });
    await world.spend('key:a', 10);
    world.settings = settingsOf({ enabled: false });
    await gateway.look();
    expect((await listAlerts(world.database, { page: 1, size: 10 })).total).toBe(0);
    world.settings = settingsOf({ channels: [] });
    await gateway.look();
    expect((await listAlerts(world.database, { page: 1, size: 10 })).alerts).toMatchObject([{ deliveries: [] }]);
    expect(world.received).toEqual([]);
  });

  test('what is sent is signed, with its time', async () => {
    const { world, gateway } = await start((made) => {
      made.budgets = [budgetOf('key:a', 10)];
      made.settings = settingsOf({ webhookSecret: secretOf('canary-of-signature') });
    });
    await world.spend('key:a', 10);
    await gateway.look();
    const [{ headers, text }] = world.received as [TestWorld['received'][number]];
    expect(headers.get('x-sluice-signature')).toBe(signatureOf(secretOf('canary-of-signature'), text, world.now));
    expect(headers.get('x-sluice-signature')).toMatch(/^t=\d{10},v1=[0-9a-f]{64}$/);
    expect(signatureOf(secretOf('another'), text, world.now)).not.toBe(headers.get('x-sluice-signature'));
  });

  test('more budgets of one subject than a statement binds', async () => {
    const { world, gateway } = await start((made) => {
      made.settings = settingsOf({ channels: [] });
      made.budgets = Array.from({ length: 40_000 }, (_, at) => budgetOf(`key:a/model:${at}`, 10, { period: month }));
    });
    const subject = 'key:a/model:39999';
    await world.spend(subject, 10, month.start);
    const { budgets } = world;
    // All models come with their key.
    Object.defineProperty(world, 'budgets', { value: { filter: () => budgets } });
    await gateway.look();
    expect((await listAlerts(world.database, { page: 1, size: 10 })).alerts.map(({ event }) => event.subject)).toEqual([subject]);
  });

  test('many budgets at once, in many pages', async () => {
    const { world, gateway } = await start((made) => {
      made.settings = settingsOf({ channels: [] });
      made.budgets = Array.from({ length: 1200 }, (_, at) => budgetOf(`key:${at}`, 10));
    });
    for (let at = 0; at < 1200; at += 100)
      await world.database.run(
        sql`insert into spend_totals (subject, period_start, nanodollars, updated_at) values ${sql.join(
          Array.from({ length: 100 }, (_, each) => sql`(${`key:${at + each}`}, ${0}, ${10 * usd}, ${world.now})`),
          ', ',
        )}`,
      );
    await gateway.look();
    expect((await listAlerts(world.database, { page: 1, size: 10 })).total).toBe(1200);
  });
});
