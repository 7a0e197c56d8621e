import { expect, test } from 'bun:test';
import { loadCatalog } from '../catalog/load.ts';
import { providerTerms } from '../catalog/terms.ts';
import { providers } from '../providers/index.ts';

/** Priced already, and not (or not yet) providers of their own: what they are called through. */
const through: Readonly<Record<string, string>> = {
  dataforseo: 'a search tool',
  google_pse: 'a search tool',
  linkup: 'a search tool',
  parallel_ai: 'a search tool',
  serper: 'a search tool',
  tavily: 'a search tool',
  deepgram: 'speech',
  elevenlabs: 'speech',
  assemblyai: 'speech',
  soniox: 'speech',
  aws_polly: 'speech',
  stability: 'pictures',
  black_forest_labs: 'pictures',
  recraft: 'pictures',
  fal_ai: 'pictures',
  runwayml: 'video',
};

test('every provider of the catalog is a provider, or one is told why not', async () => {
  const book = await loadCatalog();
  const named = new Set([...[...book.rows()].map(({ provider }) => provider), ...Object.keys(providerTerms)]);
  expect([...named].filter((id) => providers.find(id)?.id !== id && !(id in through))).toEqual([]);
});

test('vendors whose prices another takes are in the catalog', async () => {
  const book = await loadCatalog();
  const priced = new Set([...book.rows()].map(({ provider }) => provider));
  for (const { sameAs = [] } of Object.values(providerTerms)) for (const id of sameAs) expect(priced).toContain(id);
});
