import { parseJson, readEvents } from './events.ts';
import {
  choiceAt,
  finishWith,
  has,
  list,
  newReading,
  num,
  obj,
  str,
  usageOf,
  type ChoiceReading,
  type FinishClass,
  type Obj,
  type Reader,
  type Reading,
  type UsageReading,
} from './reading.ts';

const finishes: Record<string, FinishClass> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'content-filter',
  RECITATION: 'content-filter',
  BLOCKLIST: 'content-filter',
  PROHIBITED_CONTENT: 'content-filter',
  SPII: 'content-filter',
  LANGUAGE: 'content-filter',
  IMAGE_SAFETY: 'content-filter',
};

const opaqueParts = ['executableCode', 'codeExecutionResult', 'toolCall', 'toolResponse', 'inlineData', 'fileData'];

const readPart = (choice: ChoiceReading, part: Obj): void => {
  const signature = str(part['thoughtSignature']);
  if (signature !== '') choice.signatures.push(signature);
  if (part['thought'] === true) choice.thinking += str(part['text']);
  else choice.text += str(part['text']);
  const call = part['functionCall'];
  if (has(call) && signature !== '') choice.callSignatures.push(signature);
  if (has(call)) choice.toolCalls.push({ id: str(obj(call)['id']), name: str(obj(call)['name']), arguments: obj(obj(call)['args']) });
  for (const kind of opaqueParts) if (has(part[kind])) choice.opaque.push(kind);
};

/** The prompt's count leaves out what tools put into it, and the candidates' count leaves out thoughts. */
const readUsage = (usage: Obj): UsageReading => {
  const prompt = num(usage['promptTokenCount']);
  const fromTools = num(usage['toolUsePromptTokenCount']);
  const thoughts = num(usage['thoughtsTokenCount']);
  const candidates = num(usage['candidatesTokenCount']);
  return usageOf({
    inputTotal: prompt === undefined && fromTools === undefined ? undefined : (prompt ?? 0) + (fromTools ?? 0),
    outputTotal: candidates === undefined && thoughts === undefined ? undefined : (candidates ?? 0) + (thoughts ?? 0),
    cached: num(usage['cachedContentTokenCount']),
    reasoning: thoughts,
  });
};

/** @param seen the candidates that there are: numbers may be passed over */
const take = (reading: Reading, body: Obj, seen: Set<number>): void => {
  reading.id ||= str(body['responseId']);
  reading.model ||= str(body['modelVersion']);
  if (has(body['error'])) reading.error = { message: str(obj(body['error'])['message']), type: str(obj(body['error'])['status']) };
  if (has(body['usageMetadata'])) reading.usage = readUsage(obj(body['usageMetadata']));
  if (has(obj(body['promptFeedback'])['blockReason'])) choiceAt(reading, 0).finish = 'content-filter';
  for (const candidate of list(body['candidates'])) {
    seen.add(num(candidate['index']) ?? 0);
    const choice = choiceAt(reading, num(candidate['index']) ?? 0);
    for (const part of list(obj(candidate['content'])['parts'])) readPart(choice, part);
    for (const chunk of list(obj(candidate['groundingMetadata'])['groundingChunks'])) {
      const uri = str(obj(chunk['web'])['uri']);
      if (uri !== '') choice.citations.push(uri);
    }
    const word = str(candidate['finishReason']);
    if (word === '') continue;
    if (choice.finish !== 'none') reading.faults.push(`candidate ${num(candidate['index']) ?? 0} finishes twice`);
    choice.finish = finishes[word] ?? 'other';
    if (!/^[A-Z_]+$/.test(word)) reading.faults.push(`finishReason '${word}' is no word of the format`);
  }
};

const done = (reading: Reading, seen: ReadonlySet<number>): Reading => {
  for (const [index, choice] of reading.choices.entries()) {
    if (choice.finish === 'none' && seen.has(index)) reading.faults.push('a candidate has no finish reason');
    if (choice.finish !== 'none') reading.ended = true;
    choice.finish = finishWith(choice.finish, choice.toolCalls.length);
  }
  return reading;
};

/** Gemini `generateContent`; its stream as events (`alt=sse`) or as one JSON array. */
export const gemini: Reader = {
  whole(text) {
    const reading = newReading();
    const seen = new Set<number>();
    take(reading, obj(parseJson(text)), seen);
    return done(reading, seen);
  },
  stream(text) {
    const reading = newReading();
    const seen = new Set<number>();
    const array = text.trimStart().startsWith('[') ? parseJson(text) : undefined;
    if (array !== undefined) for (const body of list(array)) take(reading, body, seen);
    else {
      for (const { data, event } of readEvents(text)) {
        const body = obj(parseJson(data));
        if (Object.keys(body).length === 0) reading.faults.push(`no JSON object: ${data.slice(0, 60)}`);
        if (event !== '') reading.faults.push(`a named event: ${event}`);
        take(reading, body, seen);
      }
    }
    return done(reading, seen);
  },
};
