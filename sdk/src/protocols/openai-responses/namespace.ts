import { shortHash } from '../../lib/short-hash.ts';
import type { Tool, ToolCallPart } from '../../types/index.ts';
import { asString } from '../shared/read.ts';
import { clientToolOf } from './client-tools.ts';
import { nativeOf, objectIn } from './native.ts';

/*
 * Responses clients (Codex) group tools in namespaces, which no other format knows. In the neutral model each tool
 * stands alone under a flat name made of both; the parts of the name stay with it for the way back (FP-21).
 */

const maxName = 64;

/** The same flat name for the same pair, always, so that calls of earlier turns still match their tools. */
export const flatName = (namespace: string | undefined, name: string): string => {
  // Tools that were loaded late come back with their own name for a namespace.
  if (namespace === undefined || namespace === name) return name;
  const flat = namespace.endsWith('__') ? namespace + name : `${namespace}__${name}`;
  if (flat.length <= maxName) return flat;
  const hash = shortHash(flat);
  return `${flat.slice(0, maxName - hash.length - 1)}_${hash}`;
};

export interface QualifiedName {
  name: string;
  namespace?: string;
  /** The kind of client tool that the function stands for: its calls are items of their own. */
  runs?: string;
}

/** How a tool is called in this format: by the name that it was declared with, in its namespace. */
const qualifiedName = (thing: { name: string } & Parameters<typeof nativeOf>[0]): QualifiedName => {
  const native = nativeOf(thing);
  const namespace = asString(native?.['namespace']) ?? asString(objectIn(native, 'namespace')?.['name']);
  const name = asString(native?.['name']);
  return namespace === undefined || name === undefined ? { name: thing.name } : { name, namespace };
};

/** Finds the client's own name of a tool that a model called by its flat name. */
export const createNameFinder = (tools: readonly Tool[] | undefined): ((call: ToolCallPart) => QualifiedName) => {
  const byFlatName = new Map<string, QualifiedName>();
  for (const tool of tools ?? []) {
    if (tool.type === 'provider') continue;
    const runs = clientToolOf(tool);
    if (runs !== undefined) byFlatName.set(tool.name, { name: tool.name, runs });
    const name = qualifiedName(tool);
    if (name.namespace !== undefined) byFlatName.set(tool.name, name);
  }
  return (call) => {
    const own = qualifiedName(call);
    return own.namespace === undefined ? (byFlatName.get(call.name) ?? own) : own;
  };
};
