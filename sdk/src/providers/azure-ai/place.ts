import type { Target } from '../../types/index.ts';
import { isDated, rootOf, wantedBase } from './url.ts';

/**
 * An address of a resource that is neither the inference API's nor OpenAI's: makers of models have places of their own
 * (`/providers/mistral/azure/ocr`, `/mai/v1/images/generations`), which are pasted like the others.
 * @param version what holds where nobody says; one that was pasted or configured wins where both are dates or both names
 */
export const placeOf = (target: Target, path: string, version?: string): string => {
  const base = wantedBase(target);
  const root = rootOf(base).replace(/\/(?:providers|mai|documentintelligence)(?:\/.*)?$/, '');
  if (version === undefined) return root + path;
  const given = [base.searchParams.get('api-version') ?? undefined, target.apiVersion].find(
    (each) => each !== undefined && isDated(each) === isDated(version),
  );
  return `${root}${path}?api-version=${encodeURIComponent(given ?? version)}`;
};
