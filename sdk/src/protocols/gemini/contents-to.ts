import { SluiceError, type JsonObject, type Message, type Part, type ToolResultPart } from '../../types/index.ts';
import { isObject, parseObject } from '../shared/read.ts';
import { answeredCall, isOwnCallId, noteCalls, type KnownCall } from './call-ids.ts';
import { writeMedia, writePart, type Writing } from './parts-to.ts';

/**
 * Stands for the signature of a call that another vendor's model made. Gemini 3 refuses a turn whose first call has
 * none, and takes this instead (https://ai.google.dev/gemini-api/docs/thought-signatures, FAQ, read 2026-11-21).
 */
const foreignCall = 'skip_thought_signature_validator';

/** One turn as it is being written: what functions answered goes first, right behind the calls. */
interface Turn {
  role: 'user' | 'model';
  /** In the order of the calls: Google matches them by it. */
  results: { order: number; part: JsonObject }[];
  /** Media that functions answered with, where the model takes none in the response itself. */
  media: JsonObject[];
  parts: JsonObject[];
}

/**
 * Messages -> `systemInstruction` and `contents`. System and developer text before the first turn is the instruction;
 * later on it stays where it stands, as the user's text in `<system>` marks, so that its place keeps its meaning and
 * what was cached before it stays cached. Turns of one side become one content; the first is always the user's.
 * @throws SluiceError `invalid_request` for a tool result without its call
 */
export const writeContents = (
  messages: readonly Message[],
  writing: Writing,
): { systemInstruction?: JsonObject; contents: JsonObject[] } => {
  const first = messages.findIndex(({ role }) => role !== 'system' && role !== 'developer');
  const leading = first === -1 ? messages : messages.slice(0, first);
  const system = leading.flatMap((message) => writeParts(message.content, writing));
  const role = leading.map((message) => message.extra?.['gemini']?.['role']).find((each) => each !== undefined);

  const turns: Turn[] = [];
  const turn = (side: Turn['role']): Turn => {
    const last = turns.at(-1);
    if (last?.role === side) return last;
    const next: Turn = { role: side, results: [], media: [], parts: [] };
    turns.push(next);
    return next;
  };
  const known = new Map<string, KnownCall>();
  for (let at = leading.length; at < messages.length; at++) {
    const message = messages[at]!;
    noteCalls(message, at, known);
    writers[message.role](message, { ...writing, known, at, turn });
  }

  const contents = turns.map(finishTurn(writing)).filter((content) => content !== undefined);
  if (contents[0]?.['role'] !== 'user') contents.unshift({ role: 'user', parts: [{ text: ' ' }] });
  if (system.length === 0) return { contents };
  return { systemInstruction: { ...(role !== undefined && { role }), parts: system }, contents };
};

const finishTurn =
  ({ third }: Writing) =>
  ({ role, results, media, parts }: Turn): JsonObject | undefined => {
    const answers = [...results].sort((a, b) => a.order - b.order).map(({ part }) => part);
    const all = [...answers, ...media, ...parts];
    if (all.length === 0) return undefined;
    const call = third && role === 'model' ? all.findIndex((part) => part['functionCall'] !== undefined) : -1;
    if (call !== -1 && all[call]!['thoughtSignature'] === undefined) all[call] = { ...all[call], thoughtSignature: foreignCall };
    return { role, parts: all };
  };

interface MessageWriting extends Writing {
  known: ReadonlyMap<string, KnownCall>;
  at: number;
  turn(role: Turn['role']): Turn;
}

const writeParts = (content: readonly Part[], writing: Writing): JsonObject[] =>
  content.map((part) => writePart(part, writing)).filter((part) => part !== undefined);

const append =
  (role: Turn['role']) =>
  ({ content, name }: Message, writing: MessageWriting): void => {
    if (name !== undefined) writing.context.drop('name', 'Gemini has no names of speakers');
    const parts = writeParts(content, writing);
    // An empty turn is no turn: what stands before and after it belongs together.
    if (parts.length > 0) writing.turn(role).parts.push(...parts);
  };

const appendSystem = ({ content }: Message, writing: MessageWriting): void => {
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  if (text !== '') writing.turn('user').parts.push({ text: `<system>\n${text}\n</system>` });
};

const writers: Readonly<Record<Message['role'], (message: Message, writing: MessageWriting) => void>> = {
  user: append('user'),
  assistant: append('model'),
  system: appendSystem,
  developer: appendSystem,
  tool: ({ content }, writing) => {
    const results = content.filter((part) => part.type === 'tool-result');
    const turn = writing.turn('user');
    for (const result of results) writeResult(result, turn, writing);
    turn.parts.push(
      ...writeParts(
        content.filter((part) => part.type !== 'tool-result'),
        writing,
      ),
    );
  },
};

const writeResult = (result: ToolResultPart, turn: Turn, writing: MessageWriting): void => {
  const { context, aliases, third, known, at } = writing;
  const call = answeredCall(result.callId, result.name, known);
  const name = call?.name ?? result.name;
  if (name === undefined || name === '') {
    throw new SluiceError(
      'invalid_request',
      `Message ${at} answers the tool call '${result.callId}', but there is no such call before it.`,
      {
        param: `messages[${at}]`,
      },
    );
  }
  const { responseKey, beside, ...own } = result.extra?.['gemini'] ?? {};
  const inside: JsonObject[] = [];
  const behind: JsonObject[] = [];
  let text = '';
  for (const each of result.content) {
    if (each.type === 'text') text += each.text;
    else {
      const media = each.type === 'opaque' ? writePart(each, writing) : writeMedia(each, context);
      // A client of Google's own format knows what its model takes.
      if (media) (context.from === 'gemini' || (third && takesInside(media)) ? inside : behind).push(media);
    }
  }
  const part: JsonObject = {
    functionResponse: {
      ...(isOwnCallId(result.callId, context.from) && { id: result.callId }),
      name: aliases.of(name),
      response: responseOf(text, result.isError === true, typeof responseKey === 'string' ? responseKey : undefined, behind.length > 0),
      ...(inside.length > 0 && { parts: inside }),
      ...own,
    },
    ...(isObject(beside) && beside),
  };
  turn.results.push({ order: call?.order ?? Number.MAX_SAFE_INTEGER, part });
  if (behind.length > 0) turn.media.push({ text: `Output of ${name}:` }, ...behind);
};

/**
 * The media that Gemini 3 takes within a response; older models take none
 * (https://ai.google.dev/gemini-api/docs/function-calling, multimodal function responses, read 2026-11-21).
 */
const takesInside = (media: JsonObject): boolean => {
  const blob = media['inlineData'];
  return isObject(blob) && /^(image\/|application\/pdf$|text\/plain$)/.test(String(blob['mimeType']));
};

/** Google wants an object: `output` or `error` for a text (https://ai.google.dev/api/caching#FunctionResponse, read 2026-11-21). */
const responseOf = (text: string, isError: boolean, key: string | undefined, mediaBehind: boolean): JsonObject => {
  if (key !== undefined) return { [key]: text };
  const object = text.startsWith('{') ? parseObject(text) : undefined;
  if (object && (!isError || 'error' in object)) return object;
  if (isError) return { error: text };
  return { output: text === '' && mediaBehind ? 'The output follows below.' : text };
};
