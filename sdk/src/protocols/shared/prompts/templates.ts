import type { Turn } from './turns.ts';

/*
 * How models that are given a text want a conversation written down. Sources, read 2026-11-22:
 * docs.aws.amazon.com/bedrock/latest/userguide (model-parameters-meta, -mistral-text-completion, -deepseek,
 * -anthropic-claude-text-completion, -titan-text), llama.com/docs/model-cards-and-prompt-formats, and the chat templates
 * in the repositories of the models on huggingface.co.
 */

export type TemplateName =
  | 'plain'
  | 'chatml'
  | 'claude'
  | 'deepseek-r1'
  | 'gemma'
  | 'llama2'
  | 'llama3'
  | 'llama4'
  | 'mistral'
  | 'phi3'
  | 'titan'
  | 'zephyr';

type Around = readonly [before: string, after: string];

interface Template {
  begin?: string;
  /** Absent: the model knows no system; its text goes in front of what the user says next. */
  system?: Around;
  user: Around;
  assistant: Around;
  /** What the model's own turn begins with. */
  cue: string;
  /** How a system's text is put in front of a user's. */
  systemInUser?(text: string): string;
  /** A question without a conversation around it stands alone. */
  bare?: boolean;
}

const paragraphs = (text: string): string => `${text}\n\n`;

const templates: Readonly<Record<TemplateName, Template>> = {
  plain: { system: ['System: ', '\n\n'], user: ['User: ', '\n\n'], assistant: ['Assistant: ', '\n\n'], cue: 'Assistant:', bare: true },
  chatml: {
    system: ['<|im_start|>system\n', '<|im_end|>\n'],
    user: ['<|im_start|>user\n', '<|im_end|>\n'],
    assistant: ['<|im_start|>assistant\n', '<|im_end|>\n'],
    cue: '<|im_start|>assistant\n',
  },
  claude: { system: ['', ''], user: ['\n\nHuman: ', ''], assistant: ['\n\nAssistant: ', ''], cue: '\n\nAssistant:' },
  'deepseek-r1': {
    begin: '<｜begin▁of▁sentence｜>',
    system: ['', ''],
    user: ['<｜User｜>', ''],
    assistant: ['<｜Assistant｜>', '<｜end▁of▁sentence｜>'],
    cue: '<｜Assistant｜><think>\n',
  },
  gemma: {
    begin: '<bos>',
    user: ['<start_of_turn>user\n', '<end_of_turn>\n'],
    assistant: ['<start_of_turn>model\n', '<end_of_turn>\n'],
    cue: '<start_of_turn>model\n',
    systemInUser: paragraphs,
  },
  llama2: {
    user: ['<s>[INST] ', ' [/INST]'],
    assistant: [' ', ' </s>'],
    cue: '',
    systemInUser: (text) => `<<SYS>>\n${text}\n<</SYS>>\n\n`,
  },
  llama3: {
    begin: '<|begin_of_text|>',
    system: ['<|start_header_id|>system<|end_header_id|>\n\n', '<|eot_id|>'],
    user: ['<|start_header_id|>user<|end_header_id|>\n\n', '<|eot_id|>'],
    assistant: ['<|start_header_id|>assistant<|end_header_id|>\n\n', '<|eot_id|>'],
    cue: '<|start_header_id|>assistant<|end_header_id|>\n\n',
  },
  llama4: {
    begin: '<|begin_of_text|>',
    system: ['<|header_start|>system<|header_end|>\n\n', '<|eot|>'],
    user: ['<|header_start|>user<|header_end|>\n\n', '<|eot|>'],
    assistant: ['<|header_start|>assistant<|header_end|>\n\n', '<|eot|>'],
    cue: '<|header_start|>assistant<|header_end|>\n\n',
  },
  mistral: { begin: '<s>', user: ['[INST] ', ' [/INST]'], assistant: [' ', '</s>'], cue: '', systemInUser: paragraphs },
  phi3: {
    system: ['<|system|>\n', '<|end|>\n'],
    user: ['<|user|>\n', '<|end|>\n'],
    assistant: ['<|assistant|>\n', '<|end|>\n'],
    cue: '<|assistant|>\n',
  },
  titan: { system: ['', '\n\n'], user: ['User: ', '\n'], assistant: ['Bot: ', '\n'], cue: 'Bot:' },
  zephyr: {
    system: ['<|system|>\n', '</s>\n'],
    user: ['<|user|>\n', '</s>\n'],
    assistant: ['<|assistant|>\n', '</s>\n'],
    cue: '<|assistant|>\n',
  },
};

/** Turns whose system's texts are in front of what the user says next, for a model that knows no system. */
const withinUser = (turns: readonly Turn[], join: (text: string) => string): Turn[] => {
  const result: Turn[] = [];
  let system = '';
  for (const turn of turns) {
    if (turn.role === 'system') system += join(turn.text);
    else {
      result.push(turn.role === 'user' && system !== '' ? { ...turn, text: system + turn.text } : turn);
      if (turn.role === 'user') system = '';
    }
  }
  return system === '' ? result : [...result, { role: 'user', text: system.trimEnd() }];
};

/** A conversation as one text, left open where the model is to go on: behind its own last words, if those are the last. */
export const promptOf = (turns: readonly Turn[], name: TemplateName): string => {
  const template = templates[name];
  const [only] = turns;
  if (template.bare && turns.length === 1 && only?.role === 'user') return only.text;
  const { system, begin = '', cue } = template;
  const spoken = system ? turns : withinUser(turns, template.systemInUser ?? paragraphs);
  const aroundOf = { system: system ?? template.user, user: template.user, assistant: template.assistant };
  let prompt = begin;
  for (const [at, { role, text }] of spoken.entries()) {
    const [before, after] = aroundOf[role];
    prompt += before + text + (role === 'assistant' && at === spoken.length - 1 ? '' : after);
  }
  return spoken.at(-1)?.role === 'assistant' ? prompt : prompt + cue;
};
