import { Secret } from 'sluice/kit';
import type { AlertSettings } from '../../config/alert-settings.ts';
import type { AlertingChannel, AlertType } from '../../config/alert-types.ts';
import type { Destination } from '../alert-store.ts';
import type { AlertEvent } from '../event.ts';
import { chatOutlet } from './chat.ts';
import { DeliveryError, type Outlet, type Reach } from './channel.ts';
import { mailOutlet } from './mail.ts';
import { mailSenderOf } from './mail-sender.ts';
import { pagerdutyOutlet } from './pagerduty.ts';
import { webhookOutlet } from './webhook.ts';

export interface ChannelWorld {
  readonly settings: AlertSettings;
  /** Reads a variable of the environment. */
  readonly env: (name: string) => string | undefined;
  readonly reach: Reach;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** Where alerts can go, as the configuration and the environment are now. */
export interface Channels {
  /** Where an alert is to go. @param emails of those whom it is about */
  destinationsOf(type: AlertType, event: AlertEvent['event'], emails: readonly string[]): readonly Destination[];
  /** The outlets of a channel, for a test. @param emails for `email` */
  outletsOf(channel: AlertingChannel, emails: readonly string[]): readonly Outlet[];
  /** @throws DeliveryError where the configuration has no such place any more */
  outletAt(destination: Destination): Outlet;
  /** What a channel that the configuration names lacks, in one sentence each. */
  readonly lacks: ReadonlyMap<AlertingChannel, string>;
}

/** As many as one alert is mailed to. */
const maxEmails = 50;
const anEmail = /^[^\s@<>(),;:"\\]{1,64}@[^\s@<>(),;:"\\]{1,189}$/;

/** They call people at night: only what stops somebody's work. */
const pages: ReadonlySet<string> = new Set(['budget_crossed', 'failed_tracking_spend', 'db_exceptions']);

/** Which events a channel is for, as in LiteLLM: people get one mail before a budget is spent, chats a line at each threshold. */
const takes: Readonly<Record<AlertingChannel, (event: string) => boolean>> = {
  slack: (event) => event !== 'max_budget_alert',
  ms_teams: (event) => event !== 'max_budget_alert',
  webhook: () => true,
  email: (event) => event !== 'threshold_crossed',
  pagerduty: (event) => pages.has(event),
};

export const openChannels = ({ settings, env, reach, now }: ChannelWorld): Channels => {
  const lacks = new Map<AlertingChannel, string>();
  const has = new Set(settings.channels);
  const secretOf = (...names: string[]): Secret | undefined => {
    const value = names.map(env).find((each) => each !== undefined && each !== '');
    return value === undefined ? undefined : new Secret(value);
  };
  const urlOf = (channel: AlertingChannel, ...names: string[]): Secret | undefined => {
    const url = has.has(channel) ? secretOf(...names) : undefined;
    if (url && /^https?:\/\//i.test(url.reveal()) && URL.canParse(url.reveal())) return url;
    if (url) lacks.set(channel, `${names[0]} is no address that begins with http:// or https://.`);
    else if (has.has(channel)) lacks.set(channel, `${names[0]} is not set.`);
    return undefined;
  };

  const slackUrl = urlOf('slack', 'SLACK_WEBHOOK_URL', 'ALERTING_WEBHOOK_URL');
  const teamsUrl = urlOf('ms_teams', 'MS_TEAMS_WEBHOOK_URL');
  const webhookUrl = urlOf('webhook', 'WEBHOOK_URL');
  const pagerdutyKey = has.has('pagerduty') ? secretOf('PAGERDUTY_API_KEY') : undefined;
  if (has.has('pagerduty') && !pagerdutyKey) lacks.set('pagerduty', 'PAGERDUTY_API_KEY is not set.');
  const mail = has.has('email') ? mailSenderOf(env, reach) : undefined;
  if (mail && 'lacks' in mail) lacks.set('email', mail.lacks);
  const sendMail = mail && 'send' in mail ? mail.send : undefined;

  const slackOf = (urls: readonly Secret[]): readonly Outlet[] => urls.map((url) => chatOutlet(reach, url, targetOf(url)));
  const usualSlack = slackUrl ? [slackUrl] : [];
  const slackUrls = [...usualSlack, ...Object.values(settings.urlsByType).flat()];
  // Every type has an address of its own, so the usual one is not needed.
  if (!slackUrl && settings.types.every((type) => settings.urlsByType[type])) lacks.delete('slack');

  const fixed: Readonly<Record<Exclude<AlertingChannel, 'slack' | 'email'>, readonly Outlet[]>> = {
    ms_teams: teamsUrl ? [chatOutlet(reach, teamsUrl, targetOf(teamsUrl), 'teams')] : [],
    webhook: webhookUrl
      ? [webhookOutlet(reach, { url: webhookUrl, target: targetOf(webhookUrl), secret: settings.webhookSecret, now })]
      : [],
    pagerduty: pagerdutyKey ? [pagerdutyOutlet(reach, pagerdutyKey)] : [],
  };
  const mailsTo = (emails: readonly string[]): readonly Outlet[] => {
    const addresses = [...new Set([...emails, ...settings.emails].map((each) => each.trim().toLowerCase()))];
    return sendMail
      ? addresses
          .filter((each) => anEmail.test(each))
          .slice(0, maxEmails)
          .map((to) => mailOutlet(sendMail, to))
      : [];
  };
  const outletsOf = (channel: AlertingChannel, emails: readonly string[], type?: AlertType): readonly Outlet[] => {
    if (!has.has(channel)) return [];
    if (channel === 'email') return mailsTo(emails);
    if (channel === 'slack') return slackOf((type && settings.urlsByType[type]) ?? usualSlack);
    return fixed[channel];
  };

  return {
    lacks,
    outletsOf,
    destinationsOf(type, event, emails) {
      if (!settings.types.includes(type)) return [];
      return settings.channels
        .filter((channel) => takes[channel](event))
        .flatMap((channel) => outletsOf(channel, emails, type).map(({ target }) => ({ channel, target })));
    },
    outletAt({ channel, target }) {
      const name = channel as AlertingChannel;
      const outlets = name === 'slack' && has.has(name) ? slackOf(slackUrls) : outletsOf(name, [target]);
      const outlet = outlets.find((each) => each.target === target);
      if (!outlet) throw new DeliveryError('the configuration has no such place any more');
      return outlet;
    },
  };
};

/** Addresses of webhooks are secrets; a hash of one tells it from others. */
const targetOf = (url: Secret): string => new Bun.CryptoHasher('sha256').update(url.reveal()).digest('hex').slice(0, 16);
