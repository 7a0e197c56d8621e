/** Why a command has no reply. */
export type RedisFailureKind =
  /** There is no connection, or the breaker is open: nothing was sent. */
  | 'down'
  /** No reply in time. It may still be carried out. */
  | 'timeout'
  /** The connection went while it was on its way. */
  | 'lost'
  /** The server answered with an error, which is the message. */
  | 'refused';

/** A command that got no reply to use. Its message holds no address, user or password. */
export class RedisFailure extends Error {
  override readonly name = 'RedisFailure';
  readonly kind: RedisFailureKind;

  constructor(kind: RedisFailureKind, message: string) {
    super(message);
    this.kind = kind;
  }

  /** The server's code: the first word of its error (`NOSCRIPT`, `MOVED`, ...). */
  get code(): string | undefined {
    return this.kind === 'refused' ? /^[A-Z]+/.exec(this.message)?.[0] : undefined;
  }
}
