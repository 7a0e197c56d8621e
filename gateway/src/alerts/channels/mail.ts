import type { Secret } from 'sluice/kit';
import { DeliveryError, type Message, type Outlet, type Reach } from './channel.ts';
import { post } from './post.ts';

/** Sends one mail. */
export type SendMail = (mail: Mail, signal: AbortSignal) => Promise<void>;

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The same for each try, so that mailboxes know a repeated one. */
  readonly id: string;
}

/** A figure of ours: mailboxes show less. */
const maxSubjectChars = 150;

/** One address. */
export const mailOutlet = (send: SendMail, to: string): Outlet => ({
  target: to,
  send: (message, signal) => send({ to, id: message.id, subject: subjectOf(message), text: textOf(message) }, signal),
});

const subjectOf = ({ event }: Message): string => {
  // Names are others' to give: one line it stays.
  const line = event.event_message.split('\n')[0]!.replaceAll(/\p{Cc}/gu, ' ');
  return `[Sluice] ${line.length > maxSubjectChars ? `${line.slice(0, maxSubjectChars).toWellFormed()}…` : line}`;
};

const textOf = ({ event }: Message): string => `${event.event_message}\n`;

/**
 * Resend: `POST /emails`. Of mails with one key only the first is sent, for 24 hours; a key may have 256 characters
 * (resend.com/docs/dashboard/emails/idempotency-keys and github.com/resend/resend-openapi, resend.yaml, read 2026-11-22).
 */
export const resendMail =
  (reach: Reach, apiKey: Secret, from: string): SendMail =>
  ({ to, subject, text, id }, signal) =>
    post(reach, 'https://api.resend.com/emails', {
      body: JSON.stringify({ from, to: [to], subject, text }),
      headers: { authorization: `Bearer ${apiKey.reveal()}`, 'idempotency-key': id },
      signal,
    });

/** SendGrid's v3 Mail Send (github.com/sendgrid/sendgrid-oai, spec/paths/mail_send/mail_send.json, read 2026-11-22). It knows no repeats. */
export const sendgridMail =
  (reach: Reach, apiKey: Secret, from: string): SendMail =>
  ({ to, subject, text, id }, signal) =>
    post(reach, 'https://api.sendgrid.com/v3/mail/send', {
      body: JSON.stringify({
        personalizations: [{ to: [{ email: to }] }],
        from: { email: from },
        subject,
        content: [{ type: 'text/plain', value: text }],
        headers: { 'x-sluice-alert-id': id },
      }),
      headers: { authorization: `Bearer ${apiKey.reveal()}` },
      signal,
    });

export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  readonly username?: string | undefined;
  readonly password?: Secret | undefined;
  readonly from: string;
  /** `starttls`: the connection must become an encrypted one; `tls`: it begins as one; `none`: plain, for a relay beside the gateway. */
  readonly security: 'starttls' | 'tls' | 'none';
  /** Certificates that are trusted beside the usual ones; PEM. */
  readonly ca?: string | undefined;
}

/** Of one step of the conversation. */
const stepMs = 8000;

/** A connection for each mail: they are rare. */
export const smtpMail =
  ({ host, port, username, password, from, security, ca }: SmtpSettings): SendMail =>
  async ({ to, subject, text, id }, signal) => {
    const { createTransport } = await import('nodemailer');
    const transport = createTransport({
      host,
      port,
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      ...(ca !== undefined && { tls: { ca } }),
      ...(username !== undefined && password && { auth: { user: username, pass: password.reveal() } }),
      connectionTimeout: stepMs,
      greetingTimeout: stepMs,
      socketTimeout: stepMs,
    });
    const late = Promise.withResolvers<never>();
    const stop = () => late.reject(new DeliveryError('it did not answer in time'));
    signal.addEventListener('abort', stop, { once: true });
    try {
      const sent = transport.sendMail({
        from,
        to: { name: '', address: to },
        subject,
        text,
        messageId: `<${id}@${from.slice(from.lastIndexOf('@') + 1).replaceAll(/[^\w.-]/g, '')}>`,
        headers: { 'x-sluice-alert-id': id },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      // Where the time is up first, nobody waits for this one.
      sent.catch(() => {});
      await Promise.race([sent, late.promise]);
    } catch (cause) {
      throw cause instanceof DeliveryError ? cause : new DeliveryError(whyNot(cause));
    } finally {
      signal.removeEventListener('abort', stop);
      transport.close();
    }
  };

/** What servers answer may repeat what they were told; their codes do not. */
const whyNot = (cause: unknown): string => {
  const { code, responseCode } = (cause ?? {}) as { code?: unknown; responseCode?: unknown };
  const words = [
    typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : 'no connection',
    ...(typeof responseCode === 'number' ? [`answered ${responseCode}`] : []),
  ];
  return `the mail server did not take it (${words.join(', ')})`;
};
