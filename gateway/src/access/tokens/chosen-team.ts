import { SluiceError } from 'sluice/kit';
import type { Claimant } from './claimant.ts';

/** Says which of its teams a token's holder calls for (LiteLLM's name). */
export const teamHeader = 'x-litellm-team-id';

/** Made once for each claimant, as principals are kept by it. */
const made = new WeakMap<Claimant, Map<string, Claimant>>();

/** The claimant as a member of one of its teams. @throws SluiceError `permission_denied` */
export const chosenTeam = (claimant: Claimant, team: string): Claimant => {
  if (!claimant.teamIds.includes(team))
    throw new SluiceError('permission_denied', `The token does not name the team ${JSON.stringify(team.slice(0, 100))} (${teamHeader}).`, {
      type: 'auth_error',
    });
  let byTeam = made.get(claimant);
  if (!byTeam) made.set(claimant, (byTeam = new Map()));
  let chosen = byTeam.get(team);
  // As many as it has teams.
  if (!chosen) byTeam.set(team, (chosen = { ...claimant, teamIds: [team] }));
  return chosen;
};
