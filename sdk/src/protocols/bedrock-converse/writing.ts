import type { Origin, ToWireContext } from '../../types/index.ts';
import { createCallIds, type CallIds } from '../shared/call-ids.ts';
import type { ClaudeWriting } from '../shared/claude-thinking.ts';
import { parameterName } from '../shared/parameter-name.ts';
import { createToolAliases, type ToolAliases } from '../shared/tool-alias.ts';
import { bedrock, protocolId, usualOrigin } from './common.ts';
import { familyOf } from './family.ts';
import { documentName } from './media.ts';

/** What the writers of one request share. */
export interface Writing extends ClaudeWriting {
  /** Whose model it is; undefined where its name does not say. */
  readonly family: Origin | undefined;
  readonly aliases: ToolAliases;
  readonly ids: CallIds;
  /** Whether the model can read an opaque value of that origin. */
  reads(origin: Origin): boolean;
  /** A document's name: in Bedrock's characters, and each only once in a request. */
  document(name: string): string;
}

/** `ToolUseId` and `ToolName` of the service's model. */
const longestId = 64;
const longestName = 64;

export const startWriting = (context: ToWireContext): Writing => {
  const noted = new Set<string>();
  const names = new Set<string>();
  const family = familyOf(context.model);
  const own = context.from === protocolId;
  const spell: Writing['spell'] = (parameter) => parameterName(parameter, context.from);
  return {
    context,
    own,
    family,
    aliases: createToolAliases(longestName),
    ids: createCallIds(longestId, /[a-zA-Z0-9_.:-]/),
    // A client of this format may have read its history under a name that does not say whose model it is.
    reads: (origin) => origin === (family ?? usualOrigin) || origin === bedrock || (own && origin === usualOrigin),
    document(name) {
      const clean = own ? name : documentName(name);
      let unique = clean;
      for (let count = 2; names.has(unique); count++) unique = `${clean.slice(0, 190)} (${count})`;
      names.add(unique);
      return unique;
    },
    note(what, why) {
      if (noted.has(what + why)) return;
      noted.add(what + why);
      context.drop(what, why);
    },
    lacks: (parameter, why) => context.lacks(spell(parameter), why),
    spell,
  };
};
