/**
 * The router's name of a team's own model: apart from what everybody may ask for by the same name, and one for all
 * deployments that the team has under it.
 */
export const teamModelName = (teamId: string, publicName: string): string => `team:${encodeURIComponent(teamId)}/${publicName}`;

/** Who sees a team's model: what it is called there. */
export const publicNameOf = (modelName: string, info: Readonly<Record<string, unknown>>): string => {
  const given = info['team_public_model_name'];
  return typeof given === 'string' && given !== '' ? given : modelName;
};
