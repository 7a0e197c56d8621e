import type { ToWireContext } from '../../types/index.ts';
import { createCallIds, type CallIds } from '../shared/call-ids.ts';
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

/** What Anthropic's ids of tool calls are made of; no bound on their length is known. */
const callIdCharacters = /[a-zA-Z0-9_-]/;

/** Names longer than this are refused (OpenAPI document of the Messages API). */
const maxToolName = 128;

export const startWriting = (context: ToWireContext): Writing => {
  const noted = new Set<string>();
  const spell: Writing['spell'] = (parameter) => parameterName(parameter, context.from);
  return {
    context,
    own: context.from === protocolId,
    aliases: createToolAliases(maxToolName),
    ids: createCallIds(Infinity, callIdCharacters),
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
