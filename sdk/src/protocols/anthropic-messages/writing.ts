import { shortHash } from '../../lib/short-hash.ts';
import type { ToWireContext } from '../../types/index.ts';
import { parameterName } from '../shared/parameter-name.ts';
import { createToolAliases, type ToolAliases } from '../shared/tool-alias.ts';
import { protocolId } from './common.ts';

/** What the writers of one request share. */
export interface Writing {
  readonly context: ToWireContext;
  /**
   * The client speaks this protocol itself, and the request is only written again because something in it had to be
   * taken out: its own words then stay as they are.
   */
  readonly own: boolean;
  readonly aliases: ToolAliases;
  readonly ids: CallIds;
  /** `anthropic-beta` flags that the body needs. */
  readonly betas: Set<string>;
  /** Records a loss or a change, once for all its occurrences. */
  note(what: string, why: string): void;
  /** For a parameter of the neutral model that Anthropic lacks: throws, or notes it and returns. */
  lacks(parameter: Parameters<typeof parameterName>[0], why?: string): void;
  /** The client's spelling of a parameter. */
  spell(parameter: Parameters<typeof parameterName>[0]): string;
}

/** Names longer than this are refused (OpenAPI document of the Messages API). */
const maxToolName = 128;

export const startWriting = (context: ToWireContext): Writing => {
  const noted = new Set<string>();
  const spell: Writing['spell'] = (parameter) => parameterName(parameter, context.from);
  return {
    context,
    own: context.from === protocolId,
    aliases: createToolAliases(maxToolName),
    ids: createCallIds(),
    betas: new Set(),
    note(what, why) {
      if (noted.has(what + why)) return;
      noted.add(what + why);
      context.drop(what, why);
    },
    lacks: (parameter, why) => context.lacks(spell(parameter), why),
    spell,
  };
};

/** Ids of tool calls as Anthropic takes them: `^[a-zA-Z0-9_-]+$`, and each only once in a conversation. */
export interface CallIds {
  call(id: string): string;
  /** The id of the latest call that had this one. */
  result(id: string): string;
}

/** Only the conversation so far decides on the ids, so each turn sends the earlier ones as the last turn did. */
const createCallIds = (): CallIds => {
  const used = new Set<string>();
  const current = new Map<string, string>();
  return {
    call(id) {
      const clean = cleanId(id);
      let unique = clean;
      for (let count = 2; used.has(unique); count++) unique = `${clean}_${count}`;
      used.add(unique);
      current.set(id, unique);
      return unique;
    },
    result: (id) => current.get(id) ?? cleanId(id),
  };
};

const cleanId = (id: string): string => {
  if (/^[a-zA-Z0-9_-]+$/.test(id)) return id;
  // The hash keeps apart what the cleaning would make the same.
  return `${id.replaceAll(/[^a-zA-Z0-9_-]/g, '_')}_${shortHash(id)}`;
};
