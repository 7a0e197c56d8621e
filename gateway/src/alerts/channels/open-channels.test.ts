import { describe, expect, test } from 'bun:test';
import type { AlertSettings } from '../../config/alert-settings.ts';
import { secretOf, settingsOf } from '../testing.ts';
import type { Message } from './channel.ts';
import { openChannels } from './open-channels.ts';

interface Sent {
  url: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- bodies of others' formats
  body: any;
}

const urls = {
  slack: 'https://hooks.slack.com/services/T/B/canary-slack',
  other: 'https://hooks.slack.com/services/T/B/canary-other',
  discord: 'https://discord.com/api/webhooks/1/canary-discord',
  teams: 'https://x.webhook.office.com/webhookb2/canary-teams',
};

const messageOf = (text: string): Message => ({
  id: 'i1',
  type: 'budget_alerts',
  event: { event: 'budget_crossed', event_group: 'key', event_message: text, subject: 'key:a', spend: 1 },
});

describe('channels', () => {
  const open = (more: Partial<AlertSettings>, env: Record<string, string>, answer: () => Response = () => new Response('ok')) => {
    const sent: Sent[] = [];
    const reach = async (url: string, init: RequestInit) => {
      sent.push({ url, body: JSON.parse(init.body as string) });
      return answer();
    };
    return { sent, channels: openChannels({ settings: settingsOf(more), env: (name) => env[name], reach, now: () => 0 }) };
  };

  test('each chat gets what it takes, by its address', async () => {
    const byType = { budget_alerts: [urls.slack, urls.discord, urls.teams, `${urls.discord}/slack`].map(secretOf) };
    const { channels, sent } = open({ channels: ['slack'], urlsByType: byType }, {});
    for (const to of channels.destinationsOf('budget_alerts', 'budget_crossed', []))
      await channels.outletAt(to).send(messageOf('a <@everyone> & b'), AbortSignal.timeout(1000));
    expect(sent).toMatchObject([
      { url: urls.slack, body: { text: 'a &lt;@everyone&gt; &amp; b' } },
      { url: `${urls.discord}?wait=true`, body: { content: 'a <@everyone> & b', allowed_mentions: { parse: [] } } },
      { url: urls.teams, body: { type: 'message', attachments: [{ content: { body: [{ text: 'a <@everyone> & b' }] } }] } },
      // Slack's way would let a name call everyone there.
      { url: `${urls.discord}?wait=true`, body: { content: 'a <@everyone> & b', allowed_mentions: { parse: [] } } },
    ]);
  });

  test('a type with chats of its own goes there alone', () => {
    const { channels } = open(
      { channels: ['slack'], urlsByType: { spend_reports: [secretOf(urls.other)] } },
      { SLACK_WEBHOOK_URL: urls.slack },
    );
    const budget = channels.destinationsOf('budget_alerts', 'budget_crossed', []);
    const report = channels.destinationsOf('spend_reports', 'spend_report', []);
    expect([budget.length, report.length, budget[0]!.target === report[0]!.target]).toEqual([1, 1, false]);
    expect(JSON.stringify([budget, report])).not.toContain('canary');
  });

  test('what a channel is for', () => {
    const env = {
      SLACK_WEBHOOK_URL: urls.slack,
      MS_TEAMS_WEBHOOK_URL: urls.teams,
      WEBHOOK_URL: 'https://example.com',
      PAGERDUTY_API_KEY: 'k',
      RESEND_API_KEY: 'k',
      RESEND_FROM_EMAIL: 'a@b',
    };
    const { channels } = open({ channels: ['slack', 'ms_teams', 'webhook', 'email', 'pagerduty'], emails: ['all@example.com'] }, env);
    const named = (event: Parameters<typeof channels.destinationsOf>[1]) =>
      channels
        .destinationsOf('budget_alerts', event, ['Own@Example.com ', 'no address', 'a@b\r\nBcc: c@d'])
        .map(({ channel, target }) => (channel === 'email' ? target : channel));
    expect(named('threshold_crossed')).toEqual(['slack', 'ms_teams', 'webhook']);
    expect(named('max_budget_alert')).toEqual(['webhook', 'own@example.com', 'all@example.com']);
    expect(named('budget_crossed')).toEqual(['slack', 'ms_teams', 'webhook', 'own@example.com', 'all@example.com', 'pagerduty']);
    expect(channels.destinationsOf('virtual_key_updated', 'virtual_key_updated', [])).toEqual([]);
    expect([...channels.lacks]).toEqual([]);
  });

  test('what is lacking is said by its name, and never by its value', () => {
    const { channels } = open({ channels: ['slack', 'ms_teams', 'webhook', 'email', 'pagerduty'] }, { WEBHOOK_URL: 'canary' });
    expect(Object.fromEntries(channels.lacks)).toEqual({
      slack: 'SLACK_WEBHOOK_URL is not set.',
      ms_teams: 'MS_TEAMS_WEBHOOK_URL is not set.',
      webhook: 'WEBHOOK_URL is no address that begins with http:// or https://.',
      pagerduty: 'PAGERDUTY_API_KEY is not set.',
      email: 'SMTP_HOST is not set, nor RESEND_API_KEY nor SENDGRID_API_KEY.',
    });
    expect(channels.destinationsOf('budget_alerts', 'budget_crossed', ['a@b.c'])).toEqual([]);
    const typed = open({ channels: ['slack'], types: ['spend_reports'], urlsByType: { spend_reports: [secretOf(urls.other)] } }, {});
    expect([...typed.channels.lacks]).toEqual([]);
  });

  test('a place that is no more in the configuration is told so', () => {
    const { channels } = open({ channels: ['webhook'] }, { WEBHOOK_URL: 'https://example.com' });
    for (const channel of ['webhook', 'slack', 'email', 'none'])
      expect(() => channels.outletAt({ channel, target: 'gone' })).toThrow('the configuration has no such place any more');
  });

  test('an answer that leads elsewhere is no delivery, and nothing of it is in the error', async () => {
    for (const status of [302, 404]) {
      const answer = () => new Response('canary', { status, headers: { location: 'https://canary.test' } });
      const { channels } = open({ channels: ['slack'] }, { SLACK_WEBHOOK_URL: urls.slack }, answer);
      const [to] = channels.destinationsOf('budget_alerts', 'budget_crossed', []);
      const failed = await channels
        .outletAt(to!)
        .send(messageOf('a'), AbortSignal.timeout(1000))
        .catch((cause: unknown) => cause);
      expect(Bun.inspect(failed)).not.toContain('canary-slack');
      expect(String(failed)).toBe(`DeliveryError: it answered ${status}`);
    }
  });

  test('one that cannot be reached is told without its address', async () => {
    const channels = openChannels({
      settings: settingsOf({ channels: ['webhook'] }),
      env: () => 'http://127.0.0.1:1/canary',
      reach: fetch,
      now: () => 0,
    });
    const [outlet] = channels.outletsOf('webhook', []);
    const failed = await outlet!.send(messageOf('a'), AbortSignal.timeout(5000)).catch((cause: unknown) => cause);
    expect(String(failed)).toBe('DeliveryError: it cannot be reached (ECONNREFUSED)');
    expect(Bun.inspect(failed)).not.toContain('canary');
  });

  test('PagerDuty gets an event that it knows again', async () => {
    const { channels, sent } = open({ channels: ['pagerduty'] }, { PAGERDUTY_API_KEY: 'routing' });
    await channels.outletsOf('pagerduty', [])[0]!.send(messageOf('a'), AbortSignal.timeout(1000));
    expect(sent[0]).toMatchObject({
      url: 'https://events.pagerduty.com/v2/enqueue',
      body: { routing_key: 'routing', event_action: 'trigger', dedup_key: 'i1', payload: { summary: 'a', source: 'sluice' } },
    });
  });
});
