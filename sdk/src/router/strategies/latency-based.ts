import type { ErrorCode, JsonObject } from '../../types/index.ts';
import type { Candidate } from '../candidate.ts';
import { scopeOf } from '../circuit.ts';
import type { DeploymentState } from '../state.ts';
import type { Strategy } from '../strategy.ts';
import { LatencySamples } from './latency-samples.ts';
import { lowest } from './lowest.ts';
import { Members } from './members.ts';
import { readOptions } from './options.ts';
import { preparedFor, weighted } from './prepared.ts';
import { probeShare, staleAfterMs, toProbe } from './probe.ts';
import { hasRoom, inputTokensOf, limitsTokens, openCalls } from './room.ts';

/** What a timeout counts as, in milliseconds: LiteLLM's 1,000 s. */
const timeoutPenaltyMs = 1_000_000;
const timeouts: ReadonlySet<ErrorCode> = new Set(['timeout', 'upstream_timeout']);
/** Values are below it: those that may not be picked come after all others. */
const last = 1e15;
/** A newcomer whose call failed is not first again for so long, in milliseconds. */
const failedRestMs = 10_000;
/** Health below this makes no further difference. */
const leastHealth = 0.1;

/**
 * The lowest average of the last answers wins: for streams the time to the first output, else the time for each token of
 * output, or of the whole answer where it has none. Those within `lowest_latency_buffer` of it are equals, and of these
 * the pick is random. `rpm`, `tpm`, `itpm` and `otpm` must leave room; a timeout counts as 1,000 s. A deployment without values is asked
 * before all others, and until its list is full it has no more open calls than values and one. Groups over 128 are not
 * looked through (see `someOf`).
 *
 * Options: `ttl` (seconds that a value counts, default 3600), `lowest_latency_buffer` (share of the lowest, default 0),
 * `max_latency_list_size` (values of each deployment, default 10).
 *
 * Source: LiteLLM's `latency-based-routing` (litellm/router_strategy/lowest_latency.py, read 2026-11-22). There a full list
 * keeps its oldest values and replaces only the newest, so that what turned slow is found out late; all calls go to a new
 * deployment until its first answer; the time to the first token is divided by the count of all tokens; failures do not
 * count; a deployment that does not answer at all looks as fast as before; and one that lost is not asked again for `ttl`.
 * Here the newest values are kept; an average counts more the more calls failed lately (over health^2); one whose open
 * calls have been silent for longer than its calls usually take counts as that much slower; and one pick in twenty may go
 * to one that was not asked for ten seconds.
 */
export const latencyBased = <P>(options?: JsonObject): Strategy<P> => {
  const read = readOptions('latency-based-routing', options, {
    ttl: { default: 3600, min: 0.001 },
    lowest_latency_buffer: { default: 0, min: 0 },
    max_latency_list_size: { default: 10, min: 1, max: 1000, whole: true },
  });
  // As long-lived as what the router itself knows of a deployment.
  const samples = new WeakMap<DeploymentState, LatencySamples>();
  const samplesOf = ({ state }: Candidate<P>): LatencySamples => {
    let found = samples.get(state);
    if (!found) samples.set(state, (found = new LatencySamples(read.max_latency_list_size, read.ttl * 1000)));
    return found;
  };
  const memberOf = (candidate: Candidate<P>): Member<P> => ({ candidate, seen: samplesOf(candidate), value: 0 });
  const groupOf = preparedFor<P, Group<P>>((candidates) => {
    const all = weighted(candidates);
    return { all, members: new Members(all, memberOf), limitsTokens: limitsTokens(candidates) };
  });
  let clock = 0;

  return {
    name: 'latency-based-routing',
    pick(candidates, context) {
      const { all, members, limitsTokens: matters } = groupOf(candidates);
      const { random, now } = context;
      clock = now;
      const tokens = inputTokensOf(context, matters);
      if (random() < probeShare) {
        const probe = toProbe(all, random, now, (candidate) => (hasRoom(candidate, now, tokens) ? staleAfterMs : Infinity));
        if (probe) return probe;
      }
      const among = members.some(random);
      const stream = context.request.stream === true;
      const valueOf = (member: Member<P>): number =>
        (member.value = hasRoom(member.candidate, now, tokens) ? latencyOf(member, stream, now) : last + openCalls(member.candidate));
      const best = lowest(among, random, valueOf);
      if (read.lowest_latency_buffer === 0 || best.value === 0 || best.value >= last / 2) return best.candidate;
      const limit = best.value * (1 + read.lowest_latency_buffer);
      return lowest(among, random, ({ value }) => (value <= limit ? 0 : 1)).candidate;
    },
    started(candidate) {
      const seen = samplesOf(candidate);
      if (seen.open++ === 0) seen.silentSince = clock;
    },
    finished(candidate, { error, now, ms, firstOutputMs, outputTokens = 0 }) {
      const seen = samplesOf(candidate);
      seen.open = Math.max(0, seen.open - 1);
      seen.silentSince = clock = now;
      if (!error) {
        // A whole answer has its first output at its end, give or take a tick of the clock, and says nothing of streams.
        const streamed = firstOutputMs !== undefined && firstOutputMs + 1 < ms;
        seen.succeeded(ms, outputTokens, streamed ? firstOutputMs : undefined, now);
        return;
      }
      if (scopeOf(error)) seen.failedAt = now;
      if (timeouts.has(error.code)) seen.timedOut(timeoutPenaltyMs, now);
    },
  };
};

interface Member<P> {
  readonly candidate: Candidate<P>;
  readonly seen: LatencySamples;
  /** In the pick that goes on. */
  value: number;
}

interface Group<P> {
  readonly all: readonly Candidate<P>[];
  readonly members: Members<Candidate<P>, Member<P>>;
  readonly limitsTokens: boolean;
}

const latencyOf = ({ candidate, seen }: Member<unknown>, stream: boolean, now: number): number => {
  if (now >= seen.expiresAt) seen.renew(now);
  let value = stream ? seen.firstOutputMs : seen.wholeMs;
  if (Number.isNaN(value) && stream) value = seen.usualMs;
  // A newcomer: first where it has no call open, else behind all that are known.
  if (Number.isNaN(value)) {
    const open = openCalls(candidate);
    return open === 0 && now - seen.failedAt >= failedRestMs ? 0 : last / 2 + open;
  }
  if (seen.open >= seen.maxOpen) return last / 2 + seen.open;
  const health = Math.max(candidate.state.health, leastHealth);
  const silentMs = seen.open === 0 ? 0 : now - seen.silentSince;
  return (silentMs > seen.usualMs ? (value * silentMs) / seen.usualMs : value) / (health * health);
};
