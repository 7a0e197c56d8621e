import { cost, list, noAsked, object, pieces, sse, string, type Call, type Json, type Turn, type Wire } from './wire.ts';

/* Gemini generateContent (ai.google.dev/api/generate-content, ai.google.dev/gemini-api/docs/thought-signatures). */

const usageMetadata = {
  promptTokenCount: cost.input,
  cachedContentTokenCount: cost.cached,
  // Thoughts are not among the candidates' tokens.
  candidatesTokenCount: cost.output - cost.thought,
  thoughtsTokenCount: cost.thought,
  totalTokenCount: cost.input + cost.output,
};

const callPart = ({ name, args, signature }: Call): Json => ({
  // The Gemini API gives calls no ids.
  functionCall: { name, args },
  ...(signature !== undefined && { thoughtSignature: signature }),
});

const partsOf = ({ thinking, text, calls }: Turn): Json[] => [
  ...(thinking ? [{ text: thinking.text, thought: true }] : []),
  // Without calls the signature stands on the text.
  ...(text === undefined ? [] : [{ text, ...(thinking && !calls && { thoughtSignature: thinking.signature }) }]),
  ...(calls ?? []).map(callPart),
];

/** @param body the request: each turn's answer has an id of its own */
const answer = (body: Json, parts: Json[], more: Json = {}): Json => ({
  candidates: [{ content: { role: 'model', parts }, index: 0, ...more }],
  usageMetadata,
  modelVersion: 'gemini-fake',
  responseId: `fake-${list(body['contents']).length}`,
});

const textParts = (part: Json): Json[] => {
  const { text, thoughtSignature, ...rest } = part;
  const all = pieces(string(text), 11);
  return all.map((piece, at) => ({
    ...rest,
    text: piece,
    ...(thoughtSignature !== undefined && at === all.length - 1 && { thoughtSignature }),
  }));
};

/** Bytes as Google reads them: its Python library writes them in base64's other alphabet. */
const base64 = (text: string): string => text.replaceAll('-', '+').replaceAll('_', '/');

/** Chats of @google/genai send the chunks of a stream as contents of their own; it is one turn all the same. */
const joined = (contents: Json[]): Json[] => {
  const turns: Json[] = [];
  for (const { role, parts } of contents) {
    const last = turns.at(-1);
    if (last && last['role'] === role) last['parts'] = [...list(last['parts']), ...list(parts)];
    else turns.push({ role, parts });
  }
  return turns;
};

export const gemini: Wire = {
  path: /\/v1beta\/models\/[^/]+:(?:generateContent|streamGenerateContent)$/,
  isStream: (path) => path.endsWith(':streamGenerateContent'),
  read(body) {
    const asked = noAsked();
    asked.system = list(object(body['systemInstruction'])['parts'])
      .map((part) => string(part['text']))
      .join('');
    let open: Call[] = [];
    for (const { role, parts } of joined(list(body['contents']))) {
      const turn = { text: '', thoughts: [] as string[], calls: [] as Call[] };
      let results = 0;
      for (const part of list(parts)) {
        const signature = base64(string(part['thoughtSignature']));
        if (part['functionCall'] !== undefined) {
          const call = object(part['functionCall']);
          // An id would be the client's own.
          turn.calls.push({ id: '', name: string(call['name']), args: object(call['args']), ...(signature && { signature }) });
        } else if (part['functionResponse'] !== undefined) {
          const result = object(part['functionResponse']);
          const called = open[results++];
          if (called?.name !== result['name'])
            asked.faults.push(`result ${results} is of ${String(result['name'])}, called was ${called?.name}`);
          asked.results.push({ name: string(result['name']), text: JSON.stringify(result['response']) });
        } else if (part['thought'] !== true) {
          turn.text += string(part['text']);
        }
        if (signature !== '') turn.thoughts.push(signature);
      }
      // "Please ensure that the number of function response parts is equal to the number of function call parts."
      if (results !== open.length) asked.faults.push(`${open.length} calls, ${results} results`);
      open = turn.calls;
      if (role === 'model') {
        asked.turns.push(turn);
        // Gemini 3: "Function call is missing a thought_signature in functionCall parts." The first of parallel calls has it.
        if (turn.calls.length > 0 && turn.calls[0]!.signature === undefined) asked.faults.push('the call is missing a thought_signature');
      } else if (turn.text !== '') asked.users.push(turn.text);
    }
    for (const tool of list(body['tools'])) {
      for (const declared of list(tool['functionDeclarations'])) asked.tools.push(string(declared['name']));
    }
    const calling = object(object(body['toolConfig'])['functionCallingConfig']);
    if (calling['mode'] === 'ANY') asked.forced = string((calling['allowedFunctionNames'] as unknown[] | undefined)?.[0]) || asked.tools[0];
    const config = object(body['generationConfig']);
    if (config['responseMimeType'] === 'application/json') asked.schema = config['responseJsonSchema'] ?? config['responseSchema'];
    return asked;
  },
  whole: (turn, body) => answer(body, partsOf(turn), { finishReason: 'STOP' }),
  events: (turn, body) => {
    const parts = partsOf(turn).flatMap((part) => (part['text'] === undefined ? [part] : textParts(part)));
    return parts.map((part, at) => sse(answer(body, [part], at === parts.length - 1 ? { finishReason: 'STOP' } : {})));
  },
  begin: (text, body) => textParts({ text }).map((part) => sse(answer(body, [part]))),
  errorEvent: (message) => sse({ error: { code: 503, message, status: 'UNAVAILABLE' } }),
  error: ({ status, message }) => ({
    body: { error: { code: status, message, status: words[status] ?? 'INTERNAL' } },
    headers: {},
  }),
};

const words: Record<number, string> = { 400: 'INVALID_ARGUMENT', 401: 'UNAUTHENTICATED', 429: 'RESOURCE_EXHAUSTED', 503: 'UNAVAILABLE' };
