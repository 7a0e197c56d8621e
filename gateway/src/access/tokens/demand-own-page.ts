import { SluiceError } from 'sluice/kit';
import type { Caller } from '../caller.ts';
import { isOwnOrigin } from '../sign-on/session/own-origin.ts';

/**
 * What a proxy adds by itself, because a browser has its cookie or its certificate, may have been sent by a page of somebody
 * else. Programs are let through: they say nothing of pages.
 * @param publicUrl where browsers reach this gateway, as it is configured
 * @throws SluiceError `permission_denied` where a browser says that another site's page changes something, or opens a socket
 */
export const demandOwnPage = ({ method, headers }: Caller, publicUrl: string | undefined): void => {
  if ((method === 'GET' || method === 'HEAD') && !headers.has('upgrade')) return;
  const site = headers.get('sec-fetch-site');
  if (site === 'same-origin' || site === 'none') return;
  if (site === null && (!headers.has('origin') || isOwnOrigin(headers, publicUrl))) return;
  throw new SluiceError(
    'permission_denied',
    'A page of another site may not do this in the name of who looks at it (general_settings.proxy_base_url).',
    {
      type: 'csrf_error',
    },
  );
};
