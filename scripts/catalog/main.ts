// Writes sdk/src/catalog/data/models.ts: `npm run catalog`. Needs the registry; the SDK never does.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownSources } from './facts/fact.ts';
import { families } from './facts/families.ts';
import { mediaFacts } from './facts/media.ts';
import { openaiFacts } from './facts/openai.ts';
import { searchFacts } from './facts/search.ts';
import { readGenaiPrices } from './genai-prices.ts';
import { addFacts, addFamilies, addPrices, derive, dropUnsold, joinLimits, type Catalog } from './join.ts';
import { unsold } from './known.ts';
import { genaiPrices, piAi, unpack } from './packages.ts';
import { readPiAi } from './pi-ai.ts';
import { moduleOf } from './write.ts';

const file = join(import.meta.dirname, '..', '..', 'sdk', 'src', 'catalog', 'data', 'models.ts');
const catalog: Catalog = new Map();
const different: string[] = [];

addPrices(catalog, await readGenaiPrices(unpack(genaiPrices)));
joinLimits(catalog, readPiAi(unpack(piAi)), (text) => void different.push(text));
dropUnsold(catalog, unsold);
addFacts(catalog, [...openaiFacts, ...mediaFacts, ...searchFacts]);
addFamilies(catalog, families);
derive(catalog);

const text = moduleOf(catalog, { 'genai-prices': genaiPrices.source, 'pi-ai': piAi.source, ...ownSources });
const before = readFileSync(file, { encoding: 'utf8', flag: 'a+' });
writeFileSync(file, text);
const rows = [...catalog.values()].flatMap((each) => [...each.values()]);
console.log(`${rows.length} models of ${catalog.size} providers, ${rows.filter(({ prices }) => prices?.length).length} with a price`);
console.log(`${different.length} prices differ between the packages; those of vendors' pages (genai-prices) are kept`);
if (process.argv.includes('--differ')) for (const each of different) console.log(each);
console.log(text === before ? 'nothing changed' : `wrote ${file}`);
