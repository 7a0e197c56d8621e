import { z } from 'zod';
import { describe, requiredText } from './fields.ts';

const target = z.union([
  z.preprocess((value) => (typeof value === 'number' ? String(value) : value), z.string().min(1)),
  z.looseObject({ model: requiredText({ about: 'The model name that takes over; what stands beside it is set in the request.' }) }),
]);

const targets = z.union([target, z.array(target)]);
const byName = z.record(z.string(), targets);

/** LiteLLM's list of mappings; one mapping, and names that are tried one after another, are taken as well. */
const lists = z.union([byName, z.array(z.union([z.string(), byName]))]);

const json = { type: ['array', 'object'] };
export const fallbackLists = (about: string) => describe(lists.optional(), { about }, json);

export const fallbackTargets = (about: string) => describe(targets.optional(), { about }, { type: ['array', 'string', 'object'] });

export type TargetEntry = z.output<typeof target>;
export type TargetEntries = z.output<typeof targets>;
export type ListsEntry = z.output<typeof lists>;
