import type { JsonObject } from '../../types/index.ts';
import { ThoughtSplitter } from '../shared/prompts/thought-splitter.ts';
import { asObject, asObjects, candidateIndex } from '../shared/read.ts';

/**
 * gpt-oss and Kimi write their thoughts in front of the text here, in tags of Bedrock's own; elsewhere they have a member
 * for them (BerriAI/litellm amazon_moonshot_transformation.py and amazon_openai_transformation.py, read 2026-11-22).
 */
const tags = { open: '<reasoning>', close: '</reasoning>' };

/** Moves the thoughts into the member that they have elsewhere, in an answer or the events of one. One object an answer. */
export class ReasoningTags {
  readonly #choices = new Map<number, { splitter: ThoughtSplitter; thought: string; text: string }>();

  /** @param whole the answer is complete with it */
  move(value: JsonObject, whole: boolean): JsonObject {
    if (!Array.isArray(value['choices'])) return value;
    return { ...value, choices: asObjects(value['choices']).map((choice, at) => this.#choice(choice, at, whole)) };
  }

  #choice(choice: JsonObject, at: number, whole: boolean): JsonObject {
    const name = choice['message'] === undefined ? 'delta' : 'message';
    const message = asObject(choice[name]);
    const content = message?.['content'];
    const last = whole || typeof choice['finish_reason'] === 'string';
    if (!message || (typeof content !== 'string' && !last)) return choice;
    const state = this.#stateOf(candidateIndex(choice['index'], at));
    if (typeof content === 'string') state.splitter.push(content);
    if (last) state.splitter.end();
    const { thought, text } = state;
    state.thought = state.text = '';
    if (thought === '' && text === content) return choice;
    const { content: _content, ...rest } = message;
    const moved = { ...rest, ...(thought !== '' && { reasoning_content: thought }), ...((text !== '' || whole) && { content: text }) };
    return { ...choice, [name]: moved };
  }

  #stateOf(index: number) {
    let state = this.#choices.get(index);
    if (!state) {
      const made = { thought: '', text: '' };
      const splitter = new ThoughtSplitter(tags, {
        thought: (text) => void (made.thought += text),
        text: (text) => void (made.text += text),
      });
      this.#choices.set(index, (state = Object.assign(made, { splitter })));
    }
    return state;
  }
}
