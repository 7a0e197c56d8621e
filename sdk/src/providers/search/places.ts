/*
 * Countries as vendors want them told. The names come from the runtime's own tables (CLDR), so that none of them has to
 * be kept here.
 */

/** Where English names of the vendors differ from CLDR's. */
const otherNames: Readonly<Record<string, string>> = {
  BA: 'Bosnia and Herzegovina',
  CZ: 'Czech Republic',
  HK: 'Hong Kong',
  MM: 'Myanmar',
  MO: 'Macau',
  TR: 'Turkey',
};

/** `US` -> `United States`; undefined where there is no such country. */
export const countryName = (code: string): string | undefined =>
  otherNames[code] ?? new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' }).of(code);

/** `BR` -> `pt-BR`: the language that most people there speak. */
export const localeOf = (country: string): string => {
  const { language } = new Intl.Locale(`und-${country}`).maximize();
  return `${language}-${country}`;
};
