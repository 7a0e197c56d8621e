import type { Message, Part, ToWireContext } from '../../../types/index.ts';

/** What a prompt can hold of a message: who spoke, and the words. */
export interface Turn {
  role: 'system' | 'user' | 'assistant';
  text: string;
}

const roles: Readonly<Record<Message['role'], Turn['role']>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
  // What a tool answered was not said by the model.
  tool: 'user',
};

const wordsOf = (part: Part, context: ToWireContext): string[] => {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return [part.text];
    case 'tool-call':
      return [`${part.name}(${part.arguments})`];
    case 'tool-result':
      return part.content.flatMap((each) => wordsOf(each, context));
    case 'thinking':
    case 'opaque':
      context.drop(part.type, 'a prompt is text alone');
      return [];
    default:
      context.lacks(part.type, 'a prompt is text alone');
      return [];
  }
};

/**
 * A conversation as turns of text, no two of the same speaker in a row: templates are made for turns that alternate.
 * @throws SluiceError `unsupported_parameter` for what is not text
 */
export const turnsOf = (messages: readonly Message[], context: ToWireContext): Turn[] => {
  if (messages.some(({ name }) => name !== undefined)) context.drop('name', 'a prompt has roles alone');
  const turns: Turn[] = [];
  for (const { role, content } of messages) {
    const turn: Turn = { role: roles[role], text: content.flatMap((part) => wordsOf(part, context)).join('\n') };
    const before = turns.at(-1);
    if (before?.role === turn.role) before.text += `\n\n${turn.text}`;
    else turns.push(turn);
  }
  return turns;
};
