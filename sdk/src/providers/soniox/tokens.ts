import { asNumber, asString } from '../../protocols/shared/read.ts';
import type { JsonObject } from '../../types/index.ts';
import { secondsOfMs, speakerOf, type Word } from '../media/transcription.ts';

/*
 * Tokens are parts of words, each with its times; a space at the front begins a new word. Those of a translation have no
 * times, and stand behind what they are a translation of (soniox.com/docs/stt/concepts, read 2026-11-22).
 */

const statusOf = ({ translation_status: status }: JsonObject): string => asString(status) ?? 'none';

/** In the wanted language: translations, and what needed none. */
export const textOfTokens = (tokens: readonly JsonObject[]): string =>
  tokens
    .filter((token) => statusOf(token) !== 'original')
    .map(({ text }) => asString(text) ?? '')
    .join('')
    .trim();

/** What was said, whatever it was translated to. */
export const wordsOfTokens = (tokens: readonly JsonObject[]): Word[] => {
  const words: Word[] = [];
  for (const token of tokens) {
    const { text, start_ms: start, end_ms: end, speaker } = token;
    if (statusOf(token) === 'translation' || typeof text !== 'string' || typeof start !== 'number') continue;
    const until = secondsOfMs(asNumber(end) ?? start);
    const { speaker: who } = speakerOf(speaker);
    const last = words.at(-1);
    if (last && !/^\s/.test(text) && last.speaker === who) {
      last.word += text;
      last.end = until;
    } else if (text.trim() !== '') words.push({ word: text.trimStart(), start: secondsOfMs(start), end: until, ...speakerOf(speaker) });
  }
  for (const word of words) word.word = word.word.trimEnd();
  return words;
};

/** Where all that was said is of one language. */
export const languageOf = (tokens: readonly JsonObject[]): string | undefined => {
  const languages = new Set<string>();
  for (const token of tokens)
    if (typeof token['language'] === 'string' && statusOf(token) !== 'translation') languages.add(token['language']);
  return languages.size === 1 ? [...languages][0] : undefined;
};
