import { Secret } from 'sluice/kit';
import type { Reach } from './channel.ts';
import { resendMail, sendgridMail, smtpMail, type SendMail } from './mail.ts';

const smtpPort = 587;
const smtpTlsPort = 465;
const isNo = (text: string | undefined): boolean => text !== undefined && /^(?:false|no|off|0)$/i.test(text.trim());
const isYes = (text: string | undefined): boolean => text !== undefined && /^(?:true|yes|on|1)$/i.test(text.trim());

/**
 * Who sends mails: a mail server of one's own (`SMTP_HOST`), else Resend (`RESEND_API_KEY`), else SendGrid
 * (`SENDGRID_API_KEY`). The variables are LiteLLM's (docs.litellm.ai/docs/proxy/email, read 2026-11-22), but for `SMTP_USE_SSL`
 * and `RESEND_FROM_EMAIL`, which are not on that page.
 */
export const mailSenderOf = (
  env: (name: string) => string | undefined,
  reach: Reach,
): { readonly send: SendMail } | { readonly lacks: string } => {
  const sender = env('SMTP_SENDER_EMAIL');
  const host = env('SMTP_HOST');
  const resend = env('RESEND_API_KEY');
  const sendgrid = env('SENDGRID_API_KEY');
  if (host) {
    if (!sender) return { lacks: 'SMTP_SENDER_EMAIL is not set: whom are the mails from?' };
    const port = env('SMTP_PORT') ?? String(smtpPort);
    if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) return { lacks: 'SMTP_PORT is no port.' };
    const begins = isYes(env('SMTP_USE_SSL')) || Number(port) === smtpTlsPort;
    const security = begins ? 'tls' : isNo(env('SMTP_TLS')) ? 'none' : 'starttls';
    const password = env('SMTP_PASSWORD');
    const username = env('SMTP_USERNAME');
    if (username && !password) return { lacks: 'SMTP_PASSWORD is not set, and SMTP_USERNAME is.' };
    return {
      send: smtpMail({
        host,
        port: Number(port),
        ...(username && password && { username, password: new Secret(password) }),
        from: sender,
        security,
      }),
    };
  }
  if (resend) {
    const from = env('RESEND_FROM_EMAIL') ?? sender;
    return from
      ? { send: resendMail(reach, new Secret(resend), from) }
      : { lacks: 'RESEND_FROM_EMAIL is not set: whom are the mails from?' };
  }
  if (sendgrid) {
    const from = env('SENDGRID_SENDER_EMAIL') ?? sender;
    return from
      ? { send: sendgridMail(reach, new Secret(sendgrid), from) }
      : { lacks: 'SENDGRID_SENDER_EMAIL is not set: whom are the mails from?' };
  }
  return { lacks: 'SMTP_HOST is not set, nor RESEND_API_KEY nor SENDGRID_API_KEY.' };
};
