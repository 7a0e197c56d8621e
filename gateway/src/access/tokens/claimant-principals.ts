import { SluiceError } from 'sluice/kit';
import type { Directory } from '../directory/directory.ts';
import { KeyPrincipals } from '../directory/key-principals.ts';
import type { Principal } from '../principal.ts';
import { memberId } from '../records/kinds.ts';
import type { Claimant } from './claimant.ts';
import { bareOf, principalOf, type Line } from './principal-of.ts';

interface Known {
  readonly claimant: Claimant;
  readonly principal: Principal;
  /** What it was made of. */
  readonly parts: readonly unknown[];
  readonly generation: number;
  /** By the clock. */
  readonly until: number;
}

/** How many are put together at a time. */
const maxKnown = 20_000;

interface Part<T> {
  readonly value: T | undefined;
  readonly until: number;
}

/**
 * The callers behind tokens, headers and the like. What was put together once is the same object until something of it
 * changes, and in the steady state nobody is asked.
 */
export class ClaimantPrincipals {
  readonly #directory: Directory | undefined;
  readonly #keys: KeyPrincipals | undefined;
  readonly #now: () => number;
  readonly #known = new Map<string, Known>();

  /** @param directory absent: there is no database, and names are all that is known */
  constructor(directory: Directory | undefined, now: () => number) {
    this.#directory = directory;
    this.#keys = directory && new KeyPrincipals(directory, now);
    this.#now = now;
  }

  /** At once, where nobody has to be asked; else undefined. @param id of what was shown */
  peek(id: string, claimant: Claimant): Principal | undefined {
    const known = this.#known.get(id);
    const generation = this.#directory?.generation ?? 0;
    if (known && known.claimant === claimant && known.generation === generation && this.#now() < known.until) return known.principal;
    return this.#assemble(id, claimant, known);
  }

  /** @throws SluiceError `permission_denied` where somebody is named who must be stored and is not, `unavailable` */
  async get(id: string, claimant: Claimant): Promise<Principal> {
    for (let turn = 0; turn < maxTurns; turn++) {
      const known = this.peek(id, claimant);
      if (known) return known;
      await this.#read(claimant);
    }
    // Things change faster than they can be read, or memory is not used at all: as they were found now.
    const found = this.#assemble(id, claimant, undefined, await this.#read(claimant));
    if (!found) throw new SluiceError('unavailable', 'Who calls cannot be looked up at the moment. Try again.');
    return found;
  }

  #assemble(id: string, claimant: Claimant, before: Known | undefined, read?: ReadonlyMap<string, unknown>): Principal | undefined {
    const directory = this.#directory;
    if (!directory) return this.#keep(id, { claimant, principal: bareOf(claimant), parts: [], generation: 0, until: Infinity }).principal;
    const generation = directory.generation;
    const parts: unknown[] = [];
    let until = Infinity;
    let missing = false;
    const use = <T>(name: string, peeked: Part<T> | undefined): T | undefined => {
      const part = peeked ?? (read?.has(name) ? ({ value: read.get(name), until: 0 } as Part<T>) : undefined);
      if (!part) missing = true;
      else {
        parts.push(part.value);
        until = Math.min(until, part.until);
      }
      return part?.value;
    };
    const { keyId, userId, teamIds, organizationId } = claimant;
    if (keyId !== undefined) {
      const base = this.#keys!.peek(keyId) ?? (read?.get(`key:${keyId}`) as Principal | undefined);
      if (!base) return undefined;
      const same = before?.claimant === claimant && before.parts[0] === base;
      const principal = same
        ? before.principal
        : { ...base, kind: claimant.kind, customerId: claimant.customerId, claims: claimant.claims };
      // The key's own principal knows how long it holds: it is asked each time.
      return this.#keep(id, { claimant, principal, parts: [base], generation, until: 0 }).principal;
    }
    const user = userId === undefined ? undefined : use(`user:${userId}`, directory.users.peek(userId));
    const lines: Line[] = [];
    for (const teamId of teamIds.length === 0 ? [undefined] : teamIds) {
      const team = teamId === undefined ? undefined : use(`team:${teamId}`, directory.peekTeam(teamId));
      if (missing) return undefined;
      if (teamId !== undefined && !team && claimant.mustExist) continue;
      const inTeam = userId === undefined || teamId === undefined ? undefined : memberId(teamId, userId);
      const member = inTeam === undefined ? undefined : use(`member:${inTeam}`, directory.members.peek(inTeam));
      const ofTeam = organizationId ?? team?.data.organization_id ?? undefined;
      const organization = ofTeam === undefined ? undefined : use(`organization:${ofTeam}`, directory.organizations.peek(ofTeam));
      const inOrganization = userId === undefined || ofTeam === undefined ? undefined : memberId(ofTeam, userId);
      const organizationMember =
        inOrganization === undefined
          ? undefined
          : use(`organization_member:${inOrganization}`, directory.organizationMembers.peek(inOrganization));
      const bundles = (team?.data.access_group_ids ?? []).map((each) => use(`bundle:${each}`, directory.accessGroups.peek(each)));
      const budgetIds = new Set(
        [team, user, member, organization, organizationMember].map((one) => one?.data.budget_id).filter((each) => each != null),
      );
      const budgets = [...budgetIds].map((each) => use(`budget:${each}`, directory.budgets.peek(each)));
      if (missing) return undefined;
      lines.push({
        teamId,
        user,
        team,
        member,
        organizationId: ofTeam,
        organization,
        organizationMember,
        bundles: bundles.filter((each) => each !== undefined),
        budgets: budgets.filter((each) => each !== undefined),
      });
    }
    const same =
      before?.claimant === claimant && before.parts.length === parts.length && before.parts.every((each, at) => each === parts[at]);
    const principal = same ? before.principal : principalOf(claimant, lines);
    return this.#keep(id, { claimant, principal, parts, generation, until }).principal;
  }

  /** Asks for all that is not known; by the names that `#assemble` has for them. */
  async #read({ keyId, userId, teamIds, organizationId }: Claimant): Promise<ReadonlyMap<string, unknown>> {
    const directory = this.#directory;
    const found = new Map<string, unknown>();
    if (!directory) return found;
    const keep = async <T>(name: string, value: Promise<T>): Promise<T> => {
      const read = await value;
      found.set(name, read);
      return read;
    };
    if (keyId !== undefined) {
      const key = await keep(`key:${keyId}`, this.#keys!.get(keyId));
      if (!key) throw new SluiceError('authentication', 'The key that this token counts as is gone.', { type: 'token_not_found_in_db' });
      return found;
    }
    const user = userId === undefined ? undefined : await keep(`user:${userId}`, directory.users.get(userId));
    await Promise.all(
      (teamIds.length === 0 ? [undefined] : teamIds).map(async (teamId) => {
        const team = teamId === undefined ? undefined : await keep(`team:${teamId}`, directory.team(teamId));
        const inTeam = userId === undefined || teamId === undefined ? undefined : memberId(teamId, userId);
        const member = inTeam === undefined ? undefined : await keep(`member:${inTeam}`, directory.members.get(inTeam));
        const ofTeam = organizationId ?? team?.data.organization_id ?? undefined;
        const organization = ofTeam === undefined ? undefined : await keep(`organization:${ofTeam}`, directory.organizations.get(ofTeam));
        const inOrganization = userId === undefined || ofTeam === undefined ? undefined : memberId(ofTeam, userId);
        const organizationMember =
          inOrganization === undefined
            ? undefined
            : await keep(`organization_member:${inOrganization}`, directory.organizationMembers.get(inOrganization));
        await Promise.all([
          ...(team?.data.access_group_ids ?? []).map((each) => keep(`bundle:${each}`, directory.accessGroups.get(each))),
          ...[team, user, member, organization, organizationMember]
            .map((one) => one?.data.budget_id)
            .flatMap((each) => (each == null ? [] : [keep(`budget:${each}`, directory.budgets.get(each))])),
        ]);
      }),
    );
    return found;
  }

  #keep(id: string, known: Known): Known {
    this.#known.delete(id);
    if (this.#known.size >= maxKnown) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(id, known);
    return known;
  }
}

const maxTurns = 3;
