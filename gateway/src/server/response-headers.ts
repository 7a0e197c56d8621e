import { requestIdOf, type Dropped } from 'sluice/kit';
import { shownName } from '../config/shown-name.ts';
import type { CallState } from '../pipeline/call-state.ts';
import { costOf } from '../pipeline/record.ts';
import type { Shaped } from '../pipeline/traffic-shaper.ts';
import { attemptsHeader, retriesOf } from '../telemetry/attempts.ts';
import { addKeyLimits } from './key-headers.ts';
import { addRateLimits } from './rate-limit-headers.ts';

/** Never passed on: they are about the connection to the provider, or would set things on the client for its host. */
const notRelayed =
  /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|content-.*|set-cookie2?|date|server|via|alt-svc|strict-transport-security|cf-.*|nel|report-to|vary|access-control-.*|x-content-type-options|x-frame-options|x-xss-protection)$/;

const plain = /^[\x20-\x7e]{0,1000}$/;

/** A header's value must not carry line breaks or anything beyond ASCII, and no more than fits. */
const headerText = (text: string): string => (plain.test(text) ? text : text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 1000));

/** What becomes of a provider's header: the names under which it goes on, none for those that do not. */
const namesOf = (name: string): readonly string[] => {
  if (notRelayed.test(name)) return [];
  const own = name.startsWith('x-ratelimit-') || name.startsWith('anthropic-ratelimit-');
  return own ? [`llm_provider-${name}`, name] : [`llm_provider-${name}`];
};

/** Providers send the same few names over and over. Bounded, since they could send any. */
const maxKnownNames = 1000;
const knownNames = new Map<string, readonly string[]>();

const relayedNames = (name: string): readonly string[] => {
  let names = knownNames.get(name);
  if (!names) {
    names = namesOf(name);
    if (knownNames.size < maxKnownNames) knownNames.set(name, names);
  }
  return names;
};

export const droppedHeader = (dropped: readonly Dropped[]): string => headerText([...new Set(dropped.map(({ what }) => what))].join(', '));

/** As the router has it (`FallbackSettings.maxFallbacks`). */
const usualMaxFallbacks = 5;

/** Ours, LiteLLM's names for the same facts, and the provider's own headers as `llm_provider-<name>` (reference: LiteLLM v1.104). */
export const responseHeaders = (state: CallState, version: string): Record<string, string> => {
  const { callId, facts, deployment, model, maxRetries, attempts, overheadMs, tries, fallbacks, servedModel, live } = state;
  const requestId = facts ? headerText(requestIdOf(facts.headers) ?? callId) : callId;
  const headers: Record<string, string> = {
    'x-litellm-call-id': callId,
    'x-litellm-version': version,
    'x-litellm-response-duration-ms': ms(state.clock() - state.startedAt),
    // What is relayed makes its tries without the router.
    'x-litellm-attempted-retries': String(tries.length > 0 ? retriesOf(tries) : Math.max(0, attempts - 1)),
    'x-litellm-attempted-fallbacks': String(fallbacks),
    'x-request-id': requestId,
  };
  if (maxRetries !== undefined) headers['x-litellm-max-retries'] = String(maxRetries);
  // Each header costs the call something: where there are no fallbacks there is nothing to be said of them.
  const { general, contextWindow, contentPolicy, maxFallbacks = usualMaxFallbacks } = live.snapshot.router.fallbacks;
  if (general || contextWindow || contentPolicy || fallbacks > 0) headers['x-litellm-max-fallbacks'] = String(maxFallbacks);
  const shownTries = attemptsHeader(tries);
  if (shownTries !== undefined) headers['x-sluice-attempts'] = shownTries;
  if (state.routed) headers['x-sluice-routed-by'] = headerText(state.routed.by);
  if (state.shaped) addShaped(headers, state.shaped);
  const group = deployment && model !== undefined ? shownName(servedModel ?? model) : undefined;
  if (group !== undefined) headers['x-litellm-model-group'] = headerText(group);
  if (deployment) headers['x-litellm-model-id'] = headerText(deployment.id);
  if (overheadMs !== undefined) headers['x-sluice-overhead-ms'] = headers['x-litellm-overhead-duration-ms'] = ms(overheadMs);
  if (state.wouldRefuse)
    headers['x-sluice-would-refuse'] = headerText(state.wouldRefuse.map(({ kind, label }) => `${kind} of ${label}`).join('; '));
  if (!facts) {
    addKeyLimits(headers, state);
    addRateLimits(headers, state);
    return headers;
  }
  headers['x-litellm-model-name'] = headerText(facts.model);
  addCost(headers, state);
  addKeyLimits(headers, state);
  if (facts.dropped.length > 0) headers['x-sluice-dropped-params'] = droppedHeader(facts.dropped);
  // Each vendor's SDK reads the id from its own header.
  headers['request-id'] = requestId;
  facts.headers.forEach((value, name) => {
    const names = relayedNames(name);
    if (names.length === 0) return;
    const text = headerText(value);
    for (const relayed of names) headers[relayed] = text;
  });
  // Over the provider's, where they have the same name: its limits are not those that the client will meet first.
  addRateLimits(headers, state);
  return headers;
};

/** What an experiment or a ladder made of the call's model name. */
const addShaped = (headers: Record<string, string>, { dealt, step, model }: Shaped): void => {
  if (dealt) headers['x-sluice-experiment'] = headerText(`${dealt.experiment}=${dealt.arm}`);
  if (step) headers['x-sluice-degraded-to'] = headerText(model);
};

/** Nano-dollars as dollars, without an exponent and without zeros that say nothing. */
const usd = (nanoDollars: number): string => {
  const whole = Math.trunc(nanoDollars / 1e9);
  const rest = String(nanoDollars % 1e9)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return rest === '' ? String(whole) : `${whole}.${rest}`;
};

/** What the call cost, under LiteLLM's names, where that is known by now: a stream is paid for at its end, speech by what was asked for. */
export const addCost = (headers: Record<string, string>, state: CallState): void => {
  const { facts } = state;
  if (!facts) return;
  const [ended, counted] = [facts.endedAt !== undefined, facts.usage !== undefined];
  if (state.stream ? !(ended && counted) : !(ended || counted)) return;
  const found = costOf(state);
  if (!found) return;
  const { charged, adjusted } = found;
  if (!charged) {
    headers['x-sluice-cost'] = 'unknown';
    return;
  }
  headers['x-litellm-response-cost'] = usd(charged.total);
  if (!adjusted) return;
  headers['x-litellm-response-cost-original'] = usd(charged.original);
  headers['x-litellm-response-cost-discount-amount'] = usd(charged.discount);
  headers['x-litellm-response-cost-margin-amount'] = usd(charged.margin);
  const left = charged.original - charged.discount;
  if (left > 0) headers['x-litellm-response-cost-margin-percent'] = String(Number((charged.margin / left).toFixed(6)));
};

const ms = (value: number): string => String(Math.round(value * 1000) / 1000);
