import { requestIdOf, type CallFacts, type Dropped } from 'sluice/kit';

/** What the headers of an answer tell, as far as it is known when they go out. */
export interface HeaderFacts {
  callId: string;
  version: string;
  modelGroup?: string;
  deploymentId?: string;
  attempts: number;
  maxRetries?: number;
  /** Milliseconds since the request came. */
  durationMs: number;
  overheadMs?: number;
  facts?: CallFacts;
}

/** Never passed on: they are about the connection to the provider, or would set things on the client for its host. */
const notRelayed =
  /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|content-.*|set-cookie2?|date|server|via|alt-svc|strict-transport-security|cf-.*|nel|report-to|vary|access-control-.*|x-content-type-options|x-frame-options|x-xss-protection)$/;

/** A header's value must not carry line breaks or anything beyond ASCII, and no more than fits. */
const headerText = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 1000);

export const droppedHeader = (dropped: readonly Dropped[]): string => headerText([...new Set(dropped.map(({ what }) => what))].join(', '));

/** Ours, LiteLLM's names for the same facts, and the provider's own headers as `llm_provider-<name>` (reference: LiteLLM v1.104). */
export const responseHeaders = ({
  callId,
  version,
  modelGroup,
  deploymentId,
  attempts,
  maxRetries,
  durationMs,
  overheadMs,
  facts,
}: HeaderFacts): Record<string, string> => {
  const headers: Record<string, string> = {
    'x-litellm-call-id': callId,
    'x-litellm-version': version,
    'x-litellm-response-duration-ms': ms(durationMs),
    'x-litellm-attempted-retries': String(Math.max(0, attempts - 1)),
    'x-litellm-attempted-fallbacks': '0',
  };
  if (maxRetries !== undefined) headers['x-litellm-max-retries'] = String(maxRetries);
  if (modelGroup !== undefined) headers['x-litellm-model-group'] = headerText(modelGroup);
  if (deploymentId !== undefined) headers['x-litellm-model-id'] = headerText(deploymentId);
  if (overheadMs !== undefined) headers['x-sluice-overhead-ms'] = headers['x-litellm-overhead-duration-ms'] = ms(overheadMs);
  if (!facts) {
    headers['x-request-id'] = callId;
    return headers;
  }
  headers['x-litellm-model-name'] = headerText(facts.model);
  if (facts.dropped.length > 0) headers['x-sluice-dropped-params'] = droppedHeader(facts.dropped);
  // Each vendor's SDK reads the id from its own header.
  headers['x-request-id'] = headers['request-id'] = headerText(requestIdOf(facts.headers) ?? callId);
  facts.headers.forEach((value, name) => {
    if (notRelayed.test(name)) return;
    headers[`llm_provider-${name}`] = headerText(value);
    if (name.startsWith('x-ratelimit-') || name.startsWith('anthropic-ratelimit-')) headers[name] = headerText(value);
  });
  return headers;
};

const ms = (value: number): string => String(Math.round(value * 1000) / 1000);
