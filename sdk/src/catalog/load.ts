import { createPriceBook, shelvesOfTexts, type PriceBook } from './price-book.ts';

let loaded: Promise<PriceBook> | undefined;

/** The catalog that comes with this package. Read when it is first asked for; nothing goes over the network. */
export const loadCatalog = (): Promise<PriceBook> =>
  (loaded ??= import('./data/models.ts').then(({ models, sources }) => createPriceBook(shelvesOfTexts(models, sources))));
