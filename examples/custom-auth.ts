// Who may call, as your own program says it: `general_settings.custom_auth: ./custom-auth.ts` (docs/access/custom-auth.md).
import type { CustomAuth } from 'sluice-gateway/src/config/custom-auth.ts';

const badges: Readonly<Record<string, { person: string; team: string }>> = {
  'badge-ada': { person: 'ada', team: 'research' },
};

const whoCalls: CustomAuth = ({ headers }, presented) => {
  // Undefined: nobody that we know. With `mode: auto` keys and tokens are asked then, else the call is refused.
  const badge = badges[presented ?? ''];
  if (!badge) return undefined;
  if (headers.get('x-department') === 'closed') throw Object.assign(new Error('Your department may not call.'), { status: 403 });
  return { userId: badge.person, teamId: badge.team, models: ['mock/*', 'hello'] };
};

export default whoCalls;
