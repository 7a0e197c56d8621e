import { isObject, type JsonObject } from 'sluice/kit';

/** What agents put into their users' messages beside what these said. */
const [reminderOpens, reminderCloses] = ['<system-reminder>', '</system-reminder>'];

/**
 * What the user said last, in whichever client format: the names of their members do not collide. Results of tools are
 * written as a user's messages in some formats and say nothing of what is asked for; what was asked before them does.
 * Empty where nothing was said.
 */
export const lastUserText = (body: JsonObject): string => {
  for (const name of ['messages', 'contents', 'input'] as const) {
    const turns = body[name];
    if (!Array.isArray(turns)) continue;
    for (let at = turns.length - 1; at >= 0; at--) {
      const said = withoutReminders(ofTurn(turns[at])).trim();
      if (said !== '') return said;
    }
  }
  for (const name of ['input', 'prompt', 'message'] as const) {
    const value = body[name];
    const last: unknown = Array.isArray(value) ? value.at(-1) : value;
    if (typeof last === 'string') return withoutReminders(last).trim();
  }
  return '';
};

/** Gemini's clients may leave the role out, and OpenAI's Responses have items of other kinds without one. */
const ofTurn = (turn: unknown): string => {
  if (!isObject(turn)) return '';
  const { role, type, content, parts } = turn;
  const isUsers = role === 'user' || (role === undefined && type === undefined && Array.isArray(parts));
  if (!isUsers) return '';
  const said = content ?? parts;
  if (typeof said === 'string') return said;
  if (!Array.isArray(said)) return '';
  return said.map(textOfPart).filter(Boolean).join('\n');
};

const textOfPart = (part: unknown): string => {
  if (typeof part === 'string') return part;
  if (!isObject(part) || typeof part['text'] !== 'string') return '';
  const { type } = part;
  return type === undefined || type === 'text' || type === 'input_text' ? part['text'] : '';
};

/** Whole ones alone: what only names the mark is the user's own. */
const withoutReminders = (text: string): string => {
  let opens = text.indexOf(reminderOpens);
  if (opens === -1) return text;
  let left = '';
  let from = 0;
  while (opens !== -1) {
    const closes = text.indexOf(reminderCloses, opens);
    if (closes === -1) break;
    left += text.slice(from, opens);
    from = closes + reminderCloses.length;
    opens = text.indexOf(reminderOpens, from);
  }
  return left + text.slice(from);
};
