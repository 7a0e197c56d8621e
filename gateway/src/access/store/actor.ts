/** Who changes something, for the audit log. */
export interface Actor {
  /** The user's id, or what else there is to call it by: `master_key`, `config`, `cli`, `scim`. */
  readonly by: string;
  /** Whom they say that they do it for; in the audit log alone, since rights may hang on who made a thing. */
  readonly changedFor?: string | undefined;
  /** The hash of the key that it came with. */
  readonly keyHash?: string | undefined;
  /** Where the request came from. */
  readonly address?: string | undefined;
}

/** The program itself: jobs that nobody asked for at this moment. */
export const systemActor = (job: string): Actor => ({ by: `system:${job}` });
