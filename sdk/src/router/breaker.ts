import type { ErrorCode, SluiceError } from '../types/index.ts';
import { scopeOf, type Circuit, type Scope } from './circuit.ts';
import type { Deployment } from './deployment.ts';
import type { Peers, SharedRest } from './limiter.ts';
import type { RouterMemory } from './memory.ts';
import { failureClassOf, type BreakerSettings } from './settings.ts';

/** LiteLLM's DEFAULT_COOLDOWN_TIME_SECONDS. */
const defaultCooldownMs = 5000;
/** The first rest after a failure of a server, where nobody has set a time; each further failure doubles it, up to the cooldown. */
const firstRestMs = 500;
/** Who fails faster than this is asked although it is down: the call loses nothing, and its client is told the truth. Milliseconds. */
const slowFailureMs = 40;
/** A key that is refused is refused at once, and in words that the client should read: nothing is won by not asking. */
const neverOpens: ReadonlySet<ErrorCode> = new Set(['authentication', 'payment_required', 'permission_denied']);
/** A vendor that asks for more is asked again after this. */
const longestRestMs = 300_000;

/** The circuits that calls to one deployment depend on, by what a failure is about. */
export interface Circuits extends Readonly<Record<Scope, Circuit>> {
  /** Each once. */
  readonly all: readonly Circuit[];
}

/** Circuit breakers of a router's deployments, their keys and their addresses. */
export class Breaker {
  readonly #settings: BreakerSettings;
  readonly #memory: RouterMemory;
  readonly #peers: Peers | undefined;
  readonly #onRest: ((circuit: Circuit) => void) | undefined;

  constructor(settings: BreakerSettings, memory: RouterMemory, peers?: Peers, onRest?: (circuit: Circuit) => void) {
    this.#settings = settings;
    this.#memory = memory;
    this.#peers = peers;
    this.#onRest = onRest;
  }

  /** @param model as it is asked for there: a deployment of a pattern has many */
  circuitsOf({ id, credential, server }: Deployment<unknown>, model: string, isPattern: boolean): Circuits {
    const memory = this.#memory;
    const deployment = memory.circuit(isPattern ? `deployment:${id}\n${model}` : `deployment:${id}`, !isPattern);
    const ofKey = credential === undefined ? deployment : memory.circuit(`credential:${credential}`, true);
    const ofModel = credential === undefined ? deployment : memory.circuit(`credential:${credential}\n${model}`, !isPattern);
    const ofServer = server === undefined ? deployment : memory.circuit(`server:${server}`, true);
    return {
      deployment,
      credential: ofKey,
      'credential-and-model': ofModel,
      server: ofServer,
      all: [...new Set([deployment, ofKey, ofModel, ofServer])],
    };
  }

  /** A call goes there: where something has rested, it is the one that tries it. */
  begin(circuits: Circuits, now: number): void {
    for (const circuit of circuits.all) {
      if (circuit.restUntil === 0) continue;
      circuit.probedAt = now;
      this.#memory.changed(circuit);
    }
  }

  /**
   * An answer has begun that goes on. Others need not wait for its end, which may be hours away; that it has failed before
   * counts until then, since many that are ill begin well.
   */
  answered(circuits: Circuits, startedAt: number): void {
    for (const circuit of circuits.all) {
      if (circuit.restUntil === 0 || startedAt < circuit.restedAt) continue;
      circuit.ask();
      this.#memory.changed(circuit);
    }
  }

  /** It was answered. @param startedAt a call from before the rest says nothing of what came after */
  succeeded(circuits: Circuits, startedAt: number): void {
    for (const circuit of circuits.all) {
      if (circuit.failures === 0 && circuit.restUntil === 0 && circuit.counted === 0) continue;
      if (startedAt < circuit.restedAt) continue;
      const rested = circuit.restUntil > 0;
      circuit.close();
      if (rested) this.#memory.changed(circuit);
    }
  }

  /** It ended in a way that says nothing of the deployment. */
  endedOtherwise(circuits: Circuits): void {
    for (const circuit of circuits.all) {
      if (circuit.probedAt === 0) continue;
      circuit.probedAt = 0;
      this.#memory.changed(circuit);
    }
  }

  /** It failed. Times are Unix milliseconds. */
  failed(
    circuits: Circuits,
    error: SluiceError,
    { startedAt, now, cooldownMs: own }: { startedAt: number; now: number; cooldownMs?: number | undefined },
  ): void {
    const scope = this.#settings.disabled ? undefined : scopeOf(error);
    if (scope === undefined) return this.endedOtherwise(circuits);
    const failed = circuits[scope];
    // What the call has shown of the others: they let it through.
    for (const circuit of circuits.all) {
      if (circuit === failed || circuit.probedAt === 0) continue;
      circuit.probedAt = 0;
      this.#memory.changed(circuit);
    }
    // Calls that were under way when it began to rest tell nothing new: they fail together.
    if (failed.failures === 0) failed.failingSince = now;
    if (startedAt >= failed.restedAt || failed.failures === 0) failed.failures++;
    const restMs = this.#restMs(failed, scope, error, now, own);
    if (failed.probedAt > 0) this.#memory.changed(failed);
    failed.probedAt = 0;
    if (restMs === undefined) return;
    this.rest(failed, now + restMs, now, {
      open: this.#counts(error) !== undefined || (failed.isDown(now) && now - startedAt >= slowFailureMs && !neverOpens.has(error.code)),
      code: error.code,
      status: error.status,
    });
  }

  /** Makes it rest, and tells the other instances. */
  rest(circuit: Circuit, until: number, now: number, { open, code, status }: Omit<SharedRest, 'key' | 'until'>): void {
    const rest = { key: circuit.key, until, open, code, status };
    // What already rests as long is no news.
    const news = until > circuit.restUntil + 50 || open !== circuit.open;
    // The circuit itself, which may be forgotten by its key.
    this.#take(circuit, rest, now);
    if (!news) return;
    this.#peers?.tellRest(rest);
    this.#onRest?.(circuit);
  }

  /** Takes over what was decided elsewhere. What is told of a longer rest than any here would be is not believed. */
  apply(rest: SharedRest, now: number): void {
    const longestMs = Math.max(longestRestMs, this.#settings.cooldownMs ?? 0);
    this.#take(this.#memory.circuit(rest.key), { ...rest, until: Math.min(rest.until, now + longestMs) }, now);
  }

  #take(circuit: Circuit, { until, open, code, status }: SharedRest, now: number): void {
    // Written so that what is no number is none.
    if (!(until > now)) return;
    circuit.restUntil = Math.max(circuit.restUntil, until);
    circuit.restedAt = now;
    circuit.open = open;
    circuit.code = code;
    circuit.status = status;
    this.#memory.changed(circuit);
  }

  /** Undefined: it need not rest yet. */
  #restMs(circuit: Circuit, scope: Scope, error: SluiceError, now: number, ownMs: number | undefined): number | undefined {
    const set = ownMs ?? this.#settings.cooldownMs;
    const cooldownMs = set ?? defaultCooldownMs;
    if (cooldownMs === 0) return undefined;
    const asked = error.code === 'rate_limited' && ownMs === undefined ? error.retryAfterMs : undefined;
    const restMs = asked !== undefined && asked > 0 ? Math.min(asked, longestRestMs) : cooldownMs;
    const allowed = this.#counts(error);
    if (allowed !== undefined) {
      if (now - circuit.countedSince > cooldownMs) {
        circuit.counted = 0;
        circuit.countedSince = now;
      }
      return ++circuit.counted > allowed ? restMs : undefined;
    }
    // One who waited for nothing must not send others to wait; and a key does not get better in a second.
    if (set !== undefined || scope === 'credential' || scope === 'credential-and-model' || isTimeout(error)) return restMs;
    return Math.min(restMs, firstRestMs * 2 ** Math.min(circuit.failures - 1, 20));
  }

  /** How many such failures are let pass, where that is set. */
  #counts(error: SluiceError): number | undefined {
    const kind = failureClassOf(error.code);
    const { allowedFailsByClass, allowedFails } = this.#settings;
    return (kind && allowedFailsByClass?.[kind]) ?? allowedFails;
  }
}

const isTimeout = ({ code }: SluiceError): boolean => code === 'upstream_timeout' || code === 'timeout';
