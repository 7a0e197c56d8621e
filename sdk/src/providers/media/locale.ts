/** `de` -> `de-DE`: vendors that want a country as well get the one where most people speak it (CLDR's likely subtags). A locale stays as it is. */
export const localeOfLanguage = (language: string): string => {
  if (language.includes('-')) return language;
  try {
    const { language: name, region } = new Intl.Locale(language).maximize();
    return region === undefined ? language : `${name}-${region}`;
  } catch {
    return language;
  }
};
