import { z } from 'zod';
import { providerFailed, type Reach } from './reach.ts';

const page = z.looseObject({ value: z.array(z.looseObject({ id: z.string() })), '@odata.nextLink': z.string().optional() });
const maxPages = 50;

/** Whether a token names its groups elsewhere, because there are too many of them (learn.microsoft.com, groups overage claim, read 2026-11-22). */
export const hasGroupsElsewhere = (claims: Readonly<Record<string, unknown>>): boolean => {
  const names = claims['_claim_names'];
  return claims['hasgroups'] === true || (typeof names === 'object' && names !== null && 'groups' in names);
};

/**
 * The ids of somebody's groups, asked for at Microsoft Graph. The address in the token is not followed: only ours is asked.
 * @throws SluiceError `unavailable`: whose groups are not known is not let in without them
 */
export const graphGroups = async (reach: Reach, graphUrl: string, accessToken: string): Promise<readonly string[]> => {
  const groups: string[] = [];
  const { origin } = new URL(graphUrl);
  let next: string | undefined = `${graphUrl.replace(/\/+$/, '')}/v1.0/me/transitiveMemberOf/microsoft.graph.group?$select=id&$top=999`;
  try {
    for (let at = 0; next !== undefined && at < maxPages; at++) {
      if (new URL(next).origin !== origin) throw new Error('it goes on at another host');
      const response = await reach(next, { headers: { accept: 'application/json', authorization: `Bearer ${accessToken}` } });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const read = page.parse(await response.json());
      groups.push(...read.value.map(({ id }) => id));
      next = read['@odata.nextLink'];
    }
  } catch (cause) {
    throw providerFailed('Microsoft Graph', cause);
  }
  return groups;
};
