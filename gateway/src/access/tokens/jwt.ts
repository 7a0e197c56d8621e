import { SluiceError } from 'sluice/kit';
import type { ClaimFields } from '../../config/jwt-settings.ts';
import type { Reach } from '../sign-on/oidc/reach.ts';
import { askJson, away } from './ask.ts';
import type { JwtClaimants } from './jwt-claimants.ts';
import type { KeyRings } from './key-rings.ts';
import type { ResolvedTokens } from './settings.ts';
import type { Proof, TokenKind } from './token-authenticate.ts';
import { demandApproved } from './custom-validate.ts';
import { isJwt, verifyJwt } from './verify-jwt.ts';

export interface JwtProof extends Proof {
  /** Which claims its issuer says what in. */
  readonly fields: ClaimFields;
  /** Of the keys that it was proved with. */
  readonly keysVersion: number;
}

export interface JwtKindOptions {
  readonly settings: () => ResolvedTokens;
  readonly rings: KeyRings;
  readonly reach: Reach;
  readonly claimants: JwtClaimants;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** JWTs of identity providers, and tokens of any kind that their userinfo endpoint knows. */
export const jwtKind = ({ settings, rings, reach, claimants, now }: JwtKindOptions): TokenKind<ResolvedTokens, JwtProof> => {
  const verified = verifiedBy(rings, now);
  return {
    settings: () => {
      const resolved = settings();
      return resolved.jwt ? resolved : undefined;
    },
    takes: (presented, { jwt }) => isJwt(presented) || (jwt!.userinfo !== undefined && isOpaque(presented)),
    async prove(presented, resolved) {
      const jwt = resolved.jwt!;
      const proved = isJwt(presented) && (jwt.trusted.length > 0 || !jwt.userinfo) ? await verified(presented, resolved) : undefined;
      const said = jwt.userinfo && (await userinfo(reach, jwt.userinfo.url, presented));
      // Two answers about two persons prove neither.
      if (proved && said && said['sub'] !== undefined && said['sub'] !== proved.claims['sub']) throw notGood();
      const claims = { ...said, ...proved?.claims };
      await demandApproved(claims, resolved.hooks.customValidate);
      const proof: JwtProof = {
        claims,
        until: Math.min(proved?.until ?? Infinity, jwt.userinfo ? now() + jwt.userinfo.freshMs : Infinity),
        fields: proved?.fields ?? {},
        keysVersion: proved?.keysVersion ?? -1,
      };
      await claimants.proved(proof, jwt);
      return proof;
    },
    holds({ keysVersion }, { jwt }) {
      if (keysVersion === -1) return true;
      let settled = true;
      // Each is asked, since that is what has it read again.
      for (const { urls } of jwt!.trusted) for (const url of urls) settled = rings.at(url).settled(jwt!.keysFreshMs) && settled;
      return settled && keysVersion === rings.version;
    },
    claimantOf: (proof, { jwt }) => claimants.of(proof, jwt!),
    generation: () => claimants.generation(),
  };
};

const verifiedBy =
  (rings: KeyRings, now: () => number) =>
  async (presented: string, { jwt }: ResolvedTokens) => {
    for (let turn = 0; ; turn++) {
      const keysVersion = rings.version;
      const { claims, issuer, until } = await verifyJwt(presented, jwt!.trusted, { rings, freshMs: jwt!.keysFreshMs, now });
      // Keys may have changed meanwhile, or have come for the first time.
      if (keysVersion === rings.version || turn === 1) return { claims, until, fields: issuer.fields, keysVersion };
    }
  };

/** No key of ours, and no session. */
const isOpaque = (presented: string): boolean =>
  presented.length >= 8 && presented.length <= 16_384 && !presented.startsWith('sk-') && !presented.startsWith('sess-');

const userinfo = async (reach: Reach, url: string, token: string): Promise<Readonly<Record<string, unknown>>> => {
  if (!/^[\x21-\x7e]+$/.test(token)) throw notGood();
  const { status, body } = await askJson(
    reach,
    url,
    { headers: { authorization: `Bearer ${token}`, accept: 'application/json' } },
    'The issuer',
  );
  if (status === 400 || status === 401 || status === 403) throw notGood();
  if (status !== 200 || !body) throw away('The issuer', new Error(`its userinfo endpoint answers ${status}`));
  return body;
};

const notGood = (): SluiceError =>
  new SluiceError('authentication', 'The token is not good: its issuer does not know it.', { type: 'auth_error' });
