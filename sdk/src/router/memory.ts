import { Circuit } from './circuit.ts';
import { DeploymentState } from './state.ts';

/** Names that patterns take are seen as they are called; more than this are forgotten. */
const maxKnown = 50_000;

/**
 * What a router has learned. Handed from the router of one configuration to that of the next, so that a reload neither
 * wakes what rests nor forgets how fast things are.
 */
export class RouterMemory {
  /** Changes whenever a circuit opens, closes, or is tried, so that what was worked out of them can be kept until then. */
  version = 0;
  readonly #circuits = new Map<string, Circuit>();
  readonly #states = new Map<string, DeploymentState>();

  circuit(key: string): Circuit {
    return known(this.#circuits, key, () => new Circuit(key), isIdle);
  }

  /** The circuits that rest, or are being tried. */
  *resting(): Iterable<Circuit> {
    for (const circuit of this.#circuits.values()) if (circuit.restUntil > 0) yield circuit;
  }

  state(key: string): DeploymentState {
    return known(this.#states, key, () => new DeploymentState(), isUnused);
  }

  /** By deployment's id; of one whose name is a pattern, by id, a line break, and the model. */
  states(): Iterable<readonly [key: string, state: DeploymentState]> {
    return this.#states;
  }
}

const isIdle = ({ restUntil, failures }: Circuit): boolean => restUntil === 0 && failures === 0;
const isUnused = ({ pending }: DeploymentState): boolean => pending === 0;

const known = <T>(map: Map<string, T>, key: string, make: () => T, mayGo: (value: T) => boolean): T => {
  const found = map.get(key);
  if (found) return found;
  if (map.size >= maxKnown) {
    // The oldest first, and no more than makes room for a while: this must not be done for each new name.
    let left = maxKnown / 10;
    for (const [each, value] of map) {
      if (left === 0) break;
      if (!mayGo(value)) continue;
      map.delete(each);
      left--;
    }
  }
  const made = make();
  map.set(key, made);
  return made;
};
