import type { Secret } from 'sluice/kit';
import { post } from './post.ts';
import type { Message, Outlet, Reach } from './channel.ts';

/**
 * Of one message: Discord takes 2000 characters (its page below). Slack cuts at 40,000 (docs.slack.dev/reference/methods/
 * chat.postMessage) and Teams takes 28 KB (learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/
 * add-incoming-webhook); copies of both were read on 2026-11-22.
 */
const maxChars = 1900;

/** What each kind of chat takes. */
const bodies = {
  // api.slack.com/incoming-webhooks, read 2026-11-22
  slack: (text: string) => ({ text }),
  // github.com/discord/discord-api-docs, docs/resources/webhook.mdx, "Execute Webhook", read 2026-11-22. Names of keys and teams
  // must call nobody.
  discord: (text: string) => ({ content: text, allowed_mentions: { parse: [] } }),
  // A card, which webhooks of workflows and the older connectors both take; workflows take nothing else
  // (github.com/MicrosoftDocs/msteams-docs, webhooks-and-connectors/how-to/connectors-using.md, read 2026-11-22).
  teams: (text: string) => ({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.2',
          body: [{ type: 'TextBlock', text, wrap: true }],
        },
      },
    ],
  }),
} as const;

type Chat = keyof typeof bodies;

const hosts: readonly (readonly [pattern: RegExp, chat: Chat])[] = [
  [/(?:^|\.)discord(?:app)?\.com$/, 'discord'],
  [/(?:^|\.)(?:webhook\.office\.com|logic\.azure\.com|api\.powerplatform\.com)$/, 'teams'],
];

/** Which chat an address is of. */
const chatOf = (url: string): Chat => hosts.find(([pattern]) => pattern.test(new URL(url).hostname))?.[1] ?? 'slack';

/**
 * Discord takes what Slack does behind `/slack`, where nothing keeps a name from calling people: so it is told in its own way.
 * Without `wait` it says yes to what it does not keep (the same page).
 */
const addressOf = (url: string, chat: Chat): string => {
  if (chat !== 'discord') return url;
  const address = new URL(url);
  address.pathname = address.pathname.replace(/\/slack\/?$/, '');
  address.searchParams.set('wait', 'true');
  return address.href;
};

/** In Slack these three are markup (Slack's reference of formatting, "Escaping text": api.slack.com/docs/attachments leads there; read 2026-11-22). */
const escapeSlack = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A chat's incoming webhook. @param chat absent: what the address says */
export const chatOutlet = (reach: Reach, url: Secret, target: string, chat: Chat = chatOf(url.reveal())): Outlet => ({
  target,
  send: (message, signal) =>
    post(reach, addressOf(url.reveal(), chat), { body: JSON.stringify(bodies[chat](textOf(message, chat))), signal }),
});

const textOf = ({ event }: Message, chat: Chat): string => {
  const text = event.event_message.slice(0, maxChars).toWellFormed();
  return chat === 'slack' ? escapeSlack(text) : text;
};
