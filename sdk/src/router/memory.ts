import { Circuit } from './circuit.ts';
import { DeploymentState } from './state.ts';

/** Names that patterns take are seen as they are called, and anybody may call any: more than this are forgotten. */
const maxPassing = 20_000;

/**
 * What a router has learned. Handed from the router of one configuration to that of the next, so that a reload neither
 * wakes what rests nor forgets how fast things are.
 */
export class RouterMemory {
  /** Changes whenever a circuit opens, closes, or is tried, so that what was worked out of them can be kept until then. */
  version = 0;
  /** The same of those about names that patterns take: anybody can make such names fail, which is nothing to other groups. */
  passingVersion = 0;
  readonly #circuits = new Kept((key) => new Circuit(key), isIdle);
  readonly #states = new Kept(() => new DeploymentState(), isUnused);

  /** A router of another configuration begins: what neither it nor the one before asks for as configured may be forgotten. */
  begin(): void {
    this.#circuits.begin();
    this.#states.begin();
  }

  /** @param configured it is one of the configuration's own, and kept however many others there are */
  circuit(key: string, configured = false): Circuit {
    const circuit = this.#circuits.get(key, configured);
    if (configured) circuit.passing = false;
    return circuit;
  }

  changed({ passing }: Circuit): void {
    if (passing) this.passingVersion++;
    else this.version++;
  }

  /** The circuits that rest, or are being tried. */
  *resting(): Iterable<Circuit> {
    for (const [, circuit] of this.#circuits) if (circuit.restUntil > 0) yield circuit;
  }

  /** @param configured as of `circuit` */
  state(key: string, configured = false): DeploymentState {
    return this.#states.get(key, configured);
  }

  /** By deployment's id; of one whose name is a pattern, by id, a line break, and the model. */
  states(): Iterable<readonly [key: string, state: DeploymentState]> {
    return this.#states;
  }
}

const isIdle = ({ restUntil, failures }: Circuit): boolean => restUntil === 0 && failures === 0;
const isUnused = ({ pending }: DeploymentState): boolean => pending === 0;

/**
 * Two maps, so that names which clients make up never push out what is configured: a deployment whose circuit was
 * forgotten while its router goes on would be asked however often it fails.
 */
class Kept<T> {
  readonly #configured = new Map<string, { value: T; generation: number }>();
  readonly #passing = new Map<string, T>();
  readonly #make: (key: string) => T;
  /** Goes first, where room is needed. */
  readonly #isWorthless: (value: T) => boolean;
  #generation = 0;

  constructor(make: (key: string) => T, isWorthless: (value: T) => boolean) {
    this.#make = make;
    this.#isWorthless = isWorthless;
  }

  begin(): void {
    this.#generation++;
    for (const [key, { value, generation }] of this.#configured) {
      // Two are in use while one takes the other's place.
      if (generation >= this.#generation - 1) continue;
      this.#configured.delete(key);
      this.#add(key, value);
    }
  }

  get(key: string, configured: boolean): T {
    const known = this.#configured.get(key);
    if (known) {
      if (configured) known.generation = this.#generation;
      return known.value;
    }
    const found = this.#passing.get(key);
    const value = found ?? this.#make(key);
    if (configured) {
      this.#passing.delete(key);
      this.#configured.set(key, { value, generation: this.#generation });
    } else if (found === undefined) this.#add(key, value);
    return value;
  }

  *[Symbol.iterator](): Iterator<readonly [string, T]> {
    for (const [key, { value }] of this.#configured) yield [key, value];
    yield* this.#passing;
  }

  #add(key: string, value: T): void {
    if (this.#passing.size >= maxPassing) {
      // No more than makes room for a while: this must not be done for each new name.
      const least = maxPassing * 0.9;
      this.#forget(least, this.#isWorthless);
      this.#forget(least, () => true);
    }
    this.#passing.set(key, value);
  }

  /** The oldest first. */
  #forget(least: number, mayGo: (value: T) => boolean): void {
    for (const [key, value] of this.#passing) {
      if (this.#passing.size <= least) return;
      if (mayGo(value)) this.#passing.delete(key);
    }
  }
}
