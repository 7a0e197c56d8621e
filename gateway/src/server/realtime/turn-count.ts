import { OutputCount, realtimeUsage, type Usage } from 'sluice/kit';

/**
 * A second of speech is 20 tokens where it is said, and 10 where it is heard
 * (https://developers.openai.com/api/docs/guides/realtime-costs, read 2026-11-22). About 15 characters are said in it, so that a
 * token of its transcript is 16/3 of sound; heard, it is 24,000 samples of two bytes: 64,000 characters of base64.
 */
const soundPerTranscript = 16 / 3;
const heardCharactersPerToken = 6400;

/** Longer binary frames are sound: Gemini's text comes in binary ones as well. Bytes. */
const maxTextBytes = 65_536;

/** What a conversation has used, turn by turn: what its provider counts, and what it has not counted yet. */
export class TurnCount {
  /** Texts, transcripts and arguments of calls since the provider counted: members of OpenAI's deltas, and of Gemini's turns. */
  readonly #said = new OutputCount(['delta', 'text', 'args']);
  /** What went in before anything was counted. */
  readonly #heard = new OutputCount(['text', 'instructions', 'output']);
  #heardSound = 0;
  #hasSound = false;
  /** A response was begun that is not counted. */
  #open = false;
  #last: Usage | undefined;

  /** A frame of the provider's. @returns what it counts, if it does: one turn */
  see(frame: string | Buffer): Usage | undefined {
    const text = typeof frame === 'string' ? frame : frame.length < maxTextBytes ? frame.toString('utf8') : '';
    if (text === '') {
      this.#hasSound ||= frame.length > 0;
      return undefined;
    }
    const usage = realtimeUsage(text);
    if (!usage) {
      this.#seeOutput(text);
      return undefined;
    }
    // Transcriptions of what was heard are counted beside the responses, which go on.
    if (text.includes('"conversation.item.input_audio_transcription.completed"') && !text.includes('"response.done"')) return usage;
    this.#said.counted();
    this.#open = false;
    this.#hasSound = false;
    this.#last = usage;
    return usage;
  }

  /** A frame of the client's. */
  heard(frame: string | Buffer): void {
    // What was counted once says how long the conversation is.
    if (this.#last || typeof frame !== 'string') return;
    if (frame.includes('"input_audio_buffer.append"') || frame.includes('"realtimeInput"'))
      this.#heardSound += frame.length / heardCharactersPerToken;
    else this.#heard.see(frame);
  }

  /** What was begun and will not be counted by its provider any more. Undefined: nothing. */
  uncounted(): Usage | undefined {
    const said = this.#said.tokens;
    if (said === 0 && !this.#open) return undefined;
    this.#said.counted();
    this.#open = false;
    const input = this.#last ? inputOf(this.#last) : { inputTokens: this.#heard.tokens, inputAudioTokens: Math.ceil(this.#heardSound) };
    return { ...input, outputTokens: said, ...(this.#hasSound && { outputAudioTokens: Math.ceil(said * soundPerTranscript) }) };
  }

  #seeOutput(text: string): void {
    if (text.includes('"response.created"')) this.#open = true;
    // Sound itself is base64 in the member that texts have elsewhere.
    else if (text.includes('audio.delta"')) this.#hasSound = true;
    else if (text.includes('.delta"') && text.includes('"response.')) this.#said.see(text);
    else if (text.includes('"serverContent"') || text.includes('"toolCall"')) {
      if (text.includes('"inlineData"')) this.#hasSound = true;
      if (!text.includes('"inputTranscription"')) this.#said.see(text);
    }
  }
}

const inputCounts = [
  'cacheReadTokens',
  'cacheReadAudioTokens',
  'cacheReadImageTokens',
  'inputAudioTokens',
  'inputImageTokens',
  'inputVideoTokens',
] as const;

/** A response reads the whole conversation again, so at least what the last one did. */
const inputOf = (last: Usage): Usage => {
  const input: Usage = { inputTokens: last.inputTokens, outputTokens: 0 };
  for (const name of inputCounts) if (last[name] !== undefined) input[name] = last[name];
  return input;
};
