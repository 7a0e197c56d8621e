import { createSseParser, frameSse, type JsonObject, type WireEvent } from 'sluice/kit';
import type { ClientFraming } from './client-framing.ts';
import { sseFraming } from './sse.ts';

interface Call extends JsonObject {
  index: number;
  function: { name: string; arguments: string };
}

type Piece = Partial<Call> & { id?: string; custom?: { name?: string; input?: string } };

/** A call whose pieces come. `wire`: the number that the vendor has for it. `free`: its input is a text, and no JSON. */
interface Held {
  wire: number;
  free: boolean;
  call: Call;
}

interface Choice {
  index?: number;
  delta?: { tool_calls?: unknown } & JsonObject;
  finish_reason?: string | null;
}

/**
 * OpenAI's stream for clients that want each tool call in one piece, as Mistral sends them: its SDK refuses a piece of one
 * that has no name. Calls are held until their choice is finished; all else goes out as it comes, but for a usage of
 * `null` (DeepSeek's until the end), which that SDK refuses as well.
 */
export const wholeToolCallsFraming = (): ClientFraming => {
  /** By choice, in the order of their start. */
  const held = new Map<number, Held[]>();
  let out: WireEvent[] = [];

  const hold = (at: number, pieces: readonly unknown[]) => {
    const calls = held.get(at) ?? [];
    held.set(at, calls);
    for (const { custom, ...piece } of pieces as readonly Piece[]) {
      const wire = piece.index ?? calls.length;
      const { name = '', arguments: text = '' } = custom ? { name: custom.name, arguments: custom.input } : (piece.function ?? {});
      const open = calls.findLast((each) => each.wire === wire)?.call;
      // Some vendors say the name with every piece, and some number all of their calls 0 (FP-19).
      const another = name !== '' && piece.id && open?.['id'] && piece.id !== open['id'];
      if (!open || another) {
        const call: Call = { ...piece, index: calls.length, function: { ...piece.function, name, arguments: text } };
        calls.push({ wire, free: custom !== undefined, call });
      } else {
        open.function.name ||= name;
        open.function.arguments += text;
      }
    }
  };

  const take = (event: WireEvent) => {
    if (!/"(?:tool_calls|finish_reason)"|"usage":\s*null/.test(event.data)) return void out.push(event);
    const chunk = parse(event.data);
    const choices = chunk?.['choices'];
    if (!chunk || !Array.isArray(choices)) return void out.push(event);
    let changed = chunk['usage'] === null;
    if (changed) delete chunk['usage'];
    const kept = (choices as Choice[]).flatMap((choice, position): Choice[] => {
      const at = choice.index ?? position;
      const { tool_calls: pieces, ...delta } = choice.delta ?? {};
      if (Array.isArray(pieces)) hold(at, pieces);
      if (choice.finish_reason) {
        const calls = held.get(at);
        held.delete(at);
        if (!calls) return [choice];
        changed = true;
        return [{ ...choice, delta: { ...delta, tool_calls: calls.map(wholeCall) } }];
      }
      if (!Array.isArray(pieces)) return [choice];
      changed = true;
      return Object.keys(delta).length === 0 ? [] : [{ ...choice, delta }];
    });
    if (!changed) out.push(event);
    else if (kept.length > 0) out.push({ ...event, data: JSON.stringify({ ...chunk, choices: kept }) });
  };

  const parser = createSseParser(take);
  return {
    ...sseFraming,
    frame(chunk) {
      out = [];
      if (chunk instanceof Uint8Array) parser.push(chunk);
      else for (const event of chunk) take(event);
      return frameSse(out);
    },
  };
};

/** A call of a tool with free text is told as one of the function that it is to the formats without such tools. */
const wholeCall = ({ free, call }: Held): Call =>
  free
    ? { ...call, type: 'function', function: { ...call.function, arguments: JSON.stringify({ input: call.function.arguments }) } }
    : call;

const parse = (data: string): JsonObject | undefined => {
  try {
    return JSON.parse(data) as JsonObject;
  } catch {
    return undefined;
  }
};
