import type { Reach } from '../sign-on/oidc/reach.ts';
import { KeyRing } from './key-ring.ts';

const maxRings = 128;

/** A ring of keys for each address, kept over reloads of the configuration. */
export class KeyRings {
  readonly #reach: Reach;
  readonly #now: () => number;
  readonly #rings = new Map<string, KeyRing>();
  #version = 0;

  constructor(reach: Reach, now: () => number) {
    this.#reach = reach;
    this.#now = now;
  }

  /** Another one: some keys are others now, and what was proved with them may not hold. */
  get version(): number {
    return this.#version;
  }

  at(url: string): KeyRing {
    let ring = this.#rings.get(url);
    if (!ring) {
      if (this.#rings.size >= maxRings) this.#rings.delete(this.#rings.keys().next().value!);
      this.#rings.set(url, (ring = new KeyRing({ url, reach: this.#reach, now: this.#now, changed: () => void this.#version++ })));
    }
    return ring;
  }
}
