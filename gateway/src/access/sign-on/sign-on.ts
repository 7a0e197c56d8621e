import type { SignOnSettings } from '../../config/sign-on-settings.ts';
import type { UserSettings } from '../../config/user-settings.ts';
import type { Authenticate } from '../caller.ts';
import type { Directory } from '../directory/directory.ts';
import type { Passwords } from '../passwords.ts';
import type { UserRecord } from '../records/records.ts';
import type { Store } from '../store/store.ts';
import type { Stored } from '../store/stored.ts';
import { DeviceCodes } from './device/device-codes.ts';
import { Oidc } from './oidc/oidc.ts';
import type { Reach } from './oidc/reach.ts';
import { OnceStore } from './once.ts';
import { createPasswordLogin, type PasswordLogin } from './password/password-login.ts';
import type { Identity } from './people/identity.ts';
import { personOf } from './people/person-of.ts';
import { Saml } from './saml/saml.ts';
import { createSessionAuthenticate } from './session/session-authenticate.ts';
import { Sessions } from './session/sessions.ts';
import { resolveSignOn, type ResolvedSignOn } from './settings.ts';
import { Throttle } from './throttle.ts';

/** What is read of a configuration. */
export interface SignOnConfig {
  readonly signOn: SignOnSettings;
  readonly users: UserSettings;
  readonly access: { readonly cacheFreshMs: number; readonly outageGraceMs: number };
}

export interface SignOnOptions {
  readonly store: Store;
  readonly directory: Directory;
  readonly passwords: Passwords;
  /** Of now. */
  readonly config: () => SignOnConfig;
  /** Reads a variable; the file's own ones first. */
  readonly env: (name: string) => string | undefined;
  readonly isMaster: (presented: string) => boolean;
  /** How identity providers are reached. */
  readonly reach?: Reach;
}

/** Sign-on for people. */
export interface SignOn {
  readonly sessions: Sessions;
  readonly authenticate: Authenticate;
  readonly settings: () => ResolvedSignOn;
  readonly byPassword: PasswordLogin;
  readonly passwords: Passwords;
  readonly oidc: Oidc;
  readonly saml: Saml;
  readonly devices: DeviceCodes;
  /** Sign-ons that one address begins. */
  readonly starts: Throttle;
  /** Codes that one person or address tries. */
  readonly codes: Throttle;
  /** The user behind an identity. @throws SluiceError `permission_denied` */
  personOf(identity: Identity): Promise<Stored<UserRecord>>;
  close(): void;
}

const windowMs = 15 * 60_000;
/** Whole offices come from one address. */
const startsOfAddress = 600;
const codesTried = 20;

export const createSignOn = ({ store, directory, passwords, config, env, isMaster, reach = fetch }: SignOnOptions): SignOn => {
  const now = () => store.now;
  const settings = remembered(config, env);
  const { access } = config();
  const sessions = new Sessions({
    store,
    settings: () => ({ idleMs: config().signOn.sessionIdleMs, absoluteMs: config().signOn.sessionLifetimeMs }),
    freshMs: access.cacheFreshMs,
    staleMs: access.outageGraceMs,
  });
  const once = new OnceStore(store);
  const ask: Reach = (url, init) => reach(url, init);
  return {
    sessions,
    authenticate: createSessionAuthenticate({ sessions, directory, publicUrl: () => settings().publicUrl, now }),
    settings,
    byPassword: createPasswordLogin({ store, passwords, settings, isMaster }),
    passwords,
    oidc: new Oidc({ once, providers: () => settings().providers, reach: ask, now }),
    saml: new Saml({ once, settings: () => settings().saml, reach: ask, now }),
    devices: new DeviceCodes(once, now),
    starts: new Throttle({ now, max: startsOfAddress, windowMs }),
    codes: new Throttle({ now, max: codesTried, windowMs }),
    personOf: (identity) => personOf(identity, { store, settings: settings(), users: config().users }),
    close: sessions.close,
  };
};

/** Worked out once for each configuration. Its variables do not change without it. */
const remembered = (config: () => SignOnConfig, env: SignOnOptions['env']): (() => ResolvedSignOn) => {
  let known: { readonly from: SignOnSettings; readonly made: ResolvedSignOn } | undefined;
  return () => {
    const { signOn } = config();
    if (known?.from !== signOn) known = { from: signOn, made: resolveSignOn(signOn, env) };
    return known.made;
  };
};
