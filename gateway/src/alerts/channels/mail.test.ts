import { afterEach, describe, expect, test } from 'bun:test';
import { startSmtp, type TestSmtp, type TestSmtpOptions } from '../../../../test/kit/smtp.ts';
import type { AlertEvent } from '../event.ts';
import type { Message } from './channel.ts';
import { mailOutlet } from './mail.ts';
import { mailSenderOf } from './mail-sender.ts';

const messageOf = (text: string): Message => ({
  id: '11111111-2222-3333-4444-555555555555',
  type: 'budget_alerts',
  event: { event: 'budget_crossed', event_group: 'key', event_message: text, subject: 'key:a', spend: 1 } satisfies AlertEvent,
});

/** Without the encoding of headers (RFC 2047). */
const plain = (text: string): string =>
  text
    .replaceAll(/\?=\n =\?UTF-8\?Q\?/g, '')
    .replaceAll(/=\?UTF-8\?Q\?(.*?)\?=/g, (_, words: string) =>
      words.replaceAll('_', ' ').replaceAll(/=([0-9A-F]{2})/g, (__, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    );

const noReach = async () => {
  throw new Error('nothing is fetched');
};

describe('mail', () => {
  const servers: TestSmtp[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });
  const start = async (options?: TestSmtpOptions) => {
    const server = await startSmtp(options);
    servers.push(server);
    return server;
  };
  const envOf = (port: number, more: Record<string, string> = {}): Record<string, string> => ({
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(port),
    SMTP_TLS: 'False',
    SMTP_SENDER_EMAIL: 'sluice@example.com',
    ...more,
  });
  const sender = (env: Record<string, string>) => {
    const found = mailSenderOf((name) => env[name], noReach);
    if ('lacks' in found) throw new Error(found.lacks);
    return found.send;
  };
  const send = (env: Record<string, string>, text: string, signal = AbortSignal.timeout(5000)) =>
    mailOutlet(sender(env), 'ann@example.com').send(messageOf(text), signal);

  test('arrives, with the id of its copy', async () => {
    const server = await start();
    await send(envOf(server.port), 'Budget of key "ci" is crossed.\nMore.');
    expect(server.mails).toMatchObject([{ from: 'sluice@example.com', to: ['ann@example.com'], login: undefined }]);
    const [{ text }] = server.mails as [TestSmtp['mails'][number]];
    expect(plain(text)).toContain('Subject: [Sluice] Budget of key "ci" is crossed.');
    expect(text).toContain('Message-ID: <11111111-2222-3333-4444-555555555555@example.com>');
    expect(text).toContain('Budget of key "ci" is crossed.\nMore.');
  });

  test('a name with line breaks in it adds no header and no mail', async () => {
    const server = await start();
    await send(envOf(server.port), 'Budget of key "x\r\nBcc: evil@example.com\r\n\r\n.\r\nMAIL FROM:<x@x>" is crossed.');
    expect(server.mails.length).toBe(1);
    expect(server.mails[0]!.to).toEqual(['ann@example.com']);
    expect(server.mails[0]!.text.split('\n\n')[0]).not.toMatch(/^bcc:/im);
  });

  test('signs in, and a wrong password is in no error, though the server repeats it', async () => {
    const server = await start({ login: 'me:right' });
    const env = envOf(server.port, { SMTP_USERNAME: 'me', SMTP_PASSWORD: 'right' });
    await send(env, 'a');
    expect(server.mails[0]!.login).toBe('me:right');
    const failed = await send({ ...env, SMTP_PASSWORD: 'canary-of-password' }, 'b').catch((cause: unknown) => cause);
    expect(String(failed)).toBe('DeliveryError: the mail server did not take it (EAUTH, answered 535)');
    expect(Bun.inspect(failed)).not.toContain('canary');
  });

  test('one that is refused fails, and comes the next time', async () => {
    const server = await start();
    server.refuse(1);
    await expect(send(envOf(server.port), 'a')).rejects.toThrow('answered 451');
    await send(envOf(server.port), 'a');
    expect(server.mails.length).toBe(1);
  });

  test('a server that says nothing, or is not there, is no hanging', async () => {
    const server = await start({ silent: true });
    const began = performance.now();
    await expect(send(envOf(server.port), 'a', AbortSignal.timeout(200))).rejects.toThrow('it did not answer in time');
    expect(performance.now() - began).toBeLessThan(2000);
    const { port } = server;
    await servers.pop()!.stop();
    await expect(send(envOf(port), 'a')).rejects.toThrow('the mail server did not take it (ESOCKET)');
  });

  test('a server without encryption gets nothing unless that is wanted', async () => {
    const server = await start();
    const { SMTP_TLS: _, ...env } = envOf(server.port);
    await expect(send(env, 'a')).rejects.toThrow('the mail server did not take it');
    expect(server.mails).toEqual([]);
  });

  test.each([
    [{}, 'SMTP_HOST is not set, nor RESEND_API_KEY nor SENDGRID_API_KEY.'],
    [{ SMTP_HOST: 'a' }, 'SMTP_SENDER_EMAIL is not set: whom are the mails from?'],
    [{ SMTP_HOST: 'a', SMTP_SENDER_EMAIL: 'a@b', SMTP_PORT: '99999' }, 'SMTP_PORT is no port.'],
    [{ SMTP_HOST: 'a', SMTP_SENDER_EMAIL: 'a@b', SMTP_USERNAME: 'a' }, 'SMTP_PASSWORD is not set, and SMTP_USERNAME is.'],
    [{ RESEND_API_KEY: 'a' }, 'RESEND_FROM_EMAIL is not set: whom are the mails from?'],
    [{ SENDGRID_API_KEY: 'a' }, 'SENDGRID_SENDER_EMAIL is not set: whom are the mails from?'],
  ] as [Record<string, string>, string][])('%p lacks something', (env, lacks) => {
    expect(mailSenderOf((name) => env[name], noReach)).toEqual({ lacks });
  });

  test('Resend and SendGrid get it by their APIs', async () => {
    const sent: { url: string; headers: Record<string, string>; body: unknown }[] = [];
    const reach = async (url: string, init: RequestInit) => {
      sent.push({ url, headers: init.headers as Record<string, string>, body: JSON.parse(init.body as string) });
      return new Response(null, { status: 202 });
    };
    for (const env of [
      { RESEND_API_KEY: 're-key', RESEND_FROM_EMAIL: 'a@example.com' },
      { SENDGRID_API_KEY: 'sg-key', SMTP_SENDER_EMAIL: 'b@example.com' },
    ] as Record<string, string>[]) {
      const found = mailSenderOf((name) => env[name], reach);
      if ('lacks' in found) throw new Error(found.lacks);
      await mailOutlet(found.send, 'ann@example.com').send(messageOf('a'), AbortSignal.timeout(1000));
    }
    expect(sent).toMatchObject([
      {
        url: 'https://api.resend.com/emails',
        headers: { authorization: 'Bearer re-key', 'idempotency-key': '11111111-2222-3333-4444-555555555555' },
        body: { from: 'a@example.com', to: ['ann@example.com'], subject: '[Sluice] a', text: 'a\n' },
      },
      {
        url: 'https://api.sendgrid.com/v3/mail/send',
        headers: { authorization: 'Bearer sg-key' },
        body: { from: { email: 'b@example.com' }, personalizations: [{ to: [{ email: 'ann@example.com' }] }] },
      },
    ]);
  });
});
