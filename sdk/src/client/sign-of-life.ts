import type { WireEvent } from '../types/index.ts';

const named = /^\{\s*"type":\s*"(?:ping|keepalive)"/;
const noChoices = /"choices":\s*\[\s*\]/;

/**
 * Whether an event only keeps the connection alive: pings, empty events, chunks of OpenAI's format without a choice
 * (Azure's filters, gateways that queue). They say nothing of whether an answer will come: what is overloaded sends them, too.
 */
export const isSignOfLife = ({ event, data }: WireEvent): boolean =>
  event === 'ping' || event === 'keepalive' || data === '' || named.test(data) || (data.length < 8192 && noChoices.test(data));
