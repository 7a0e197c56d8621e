import { isObject } from 'sluice/kit';
import type { ModelsLookup } from '../config/discovery-settings.ts';
import { matchesPattern } from '../config/pattern.ts';
import { askJson } from './ask.ts';
import type { Claimed } from './endpoint.ts';
import { polled } from './poll.ts';
import { SourceError, type Source, type SourceContext } from './source.ts';

/** How a kind of server lists its models. */
interface Listing {
  url(address: string): string;
  /** The list in its answer, and what one is called. */
  list: string;
  name: string;
}

/**
 * vLLM and others that speak OpenAI's format: https://platform.openai.com/docs/api-reference/models/list; Ollama:
 * https://docs.ollama.com/api/tags. Read 2026-11-22.
 */
const listings: Readonly<Record<ModelsLookup['type'], Listing>> = {
  openai_models: { url: (address) => `${address.replace(/\/v1$/, '')}/v1/models`, list: 'data', name: 'id' },
  ollama: { url: (address) => `${address}/api/tags`, list: 'models', name: 'name' },
};

/** A server's models: each is an endpoint at the server's own address. */
export const modelsSource = (lookup: ModelsLookup, context: SourceContext): Source => {
  const { url, list, name } = listings[lookup.type];
  const { hostname: host, port: written, protocol } = new URL(lookup.address);
  const port = written === '' ? (protocol === 'https:' ? 443 : 80) : Number(written);
  const isWanted = ({ model }: Claimed): boolean =>
    lookup.models.length === 0 || (typeof model === 'string' && lookup.models.some((pattern) => matchesPattern(pattern, model)));
  return polled(
    async (signal) => {
      const headers = { accept: 'application/json', ...(lookup.token && { authorization: `Bearer ${lookup.token.reveal()}` }) };
      const { value } = await askJson({ method: 'GET', url: url(lookup.address), headers }, context, signal);
      const models = isObject(value) ? value[list] : undefined;
      if (!Array.isArray(models)) throw new SourceError('Its answer is no list of models.');
      return { list: models.map((each): Claimed => ({ host, port, model: isObject(each) ? (each[name] ?? '') : '' })).filter(isWanted) };
    },
    lookup.intervalMs,
    context,
  );
};
