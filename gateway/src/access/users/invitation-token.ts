import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { kinds } from '../records/kinds.ts';
import type { InvitationRecord } from '../records/records.ts';
import type { Reading } from '../store/reading.ts';
import type { Stored } from '../store/stored.ts';
import type { Writing } from '../store/writing.ts';

/** How long an invitation is good: seven days, as LiteLLM's. */
export const invitationLifeMs = 7 * 86_400_000;

/** What stands in an invitation's link; seen once, by whoever made it. */
export interface InvitationToken {
  /** Names the invitation, and is no secret. */
  readonly id: string;
  /** `<id>.<256 random bits>` */
  readonly token: string;
  /** All that is stored of it. */
  readonly tokenHash: string;
}

export const makeInvitationToken = (): InvitationToken => {
  const id = crypto.randomUUID();
  const token = `${id}.${randomBytes(32).toString('base64url')}`;
  return { id, token, tokenHash: hashOf(token).toString('hex') };
};

/** The invitation that a token opens: there, not used, not run out. Undefined for any other, whatever is wrong with it. */
export const openInvitation = async (reading: Reading, token: string, now: number): Promise<Stored<InvitationRecord> | undefined> => {
  const [id = '', secret] = token.split('.');
  if (secret === undefined || token.length > 256) return undefined;
  const invitation = await reading.get(kinds.invitation, id);
  if (!invitation) return undefined;
  const right = timingSafeEqual(hashOf(token), Buffer.from(invitation.data.token_hash, 'hex'));
  const { accepted_at: acceptedAt, expires_at: expiresAt } = invitation.data;
  return right && acceptedAt == null && now < expiresAt ? invitation : undefined;
};

/** Uses an invitation up, for who sets the user's password in the same transaction. Undefined: the token opens nothing (any more). */
export const acceptInvitation = async (writing: Writing, token: string): Promise<Stored<InvitationRecord> | undefined> => {
  const invitation = await openInvitation(writing, token, writing.now);
  if (!invitation) return undefined;
  let first = false;
  const accepted = await writing.update(kinds.invitation, invitation.id, (data) => {
    first = data.accepted_at == null;
    return first ? { ...data, accepted_at: writing.now } : data;
  });
  return first ? accepted : undefined;
};

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
