/** A deployment that the database has, opened. */
export interface StoredModel {
  readonly id: string;
  readonly modelName: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly info: Readonly<Record<string, unknown>>;
  /** Only this team sees it. */
  readonly teamId?: string | undefined;
  readonly blocked: boolean;
  /** Added by somebody who is no administrator of the gateway: it may use nothing of the gateway's own. */
  readonly isolated: boolean;
  /** Why it cannot be opened. */
  readonly sealedBecause?: string | undefined;
}

export interface StoredCredential {
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly sealedBecause?: string | undefined;
}

export interface StoredSetting {
  /** `router_settings.num_retries` */
  readonly path: string;
  readonly value: unknown;
  readonly sealedBecause?: string | undefined;
}

/** Everything that the database says of the configuration. */
export interface StoredParts {
  /** The same contents have the same version, on every instance. */
  readonly version: string;
  readonly models: readonly StoredModel[];
  readonly credentials: readonly StoredCredential[];
  readonly settings: readonly StoredSetting[];
}

export const noParts: StoredParts = Object.freeze({ version: 'none', models: [], credentials: [], settings: [] });

export const isEmpty = ({ models, credentials, settings }: StoredParts): boolean =>
  models.length === 0 && credentials.length === 0 && settings.length === 0;
