/** A program that the server runs in one step. All its keys have the same `{hash tag}`, so that a cluster has them in one place. */
export interface Script {
  readonly lua: string;
  /** By which the server knows it. */
  readonly sha: string;
}

export const script = (lua: string): Script => ({ lua, sha: new Bun.CryptoHasher('sha1').update(lua).digest('hex') });
