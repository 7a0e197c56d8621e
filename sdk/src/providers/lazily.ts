/**
 * A call whose code is loaded when it is made first: most programs make few of the calls that the providers can do, and
 * all of them load all providers. Type arguments come from what `load` gives.
 *
 * @param load gets the function; asked once, and again only where it failed
 */
export const lazily = <Given extends unknown[], Got>(
  load: () => Promise<(...given: Given) => Promise<Got>>,
): ((...given: Given) => Promise<Got>) => {
  let loaded: ((...given: Given) => Promise<Got>) | undefined;
  return async (...given) => (loaded ??= await load())(...given);
};
