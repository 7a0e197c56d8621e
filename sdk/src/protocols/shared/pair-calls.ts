import type { Message, ToolCallPart, ToolResultPart } from '../../types/index.ts';

/** A call that waits for its result. `named`: the client gave it an id. */
interface Open {
  call: ToolCallPart;
  named: boolean;
}

/**
 * Gives ids to the calls of a client's history that have an empty one, and to each result with an empty one the id of the
 * call that it answers: one without an id before others, by the name, else the oldest. The same ones for the same
 * conversation, so that prompt caches keep hitting. Changes the messages.
 */
export const pairCalls = (messages: Message[]): Message[] => {
  if (!messages.some(({ content }) => content.some(isNameless))) return messages;
  const used = new Set(messages.flatMap(({ content }) => content.flatMap((part) => (part.type === 'tool-call' ? [part.id] : []))));
  let made = 0;
  const nextId = (): string => {
    let id: string;
    do id = `call_unnamed_${made++}`;
    while (used.has(id));
    return id;
  };

  let open: Open[] = [];
  let answered = false;
  const onCall = (call: ToolCallPart): void => {
    // What was called before the last results and got none gets none any more.
    if (answered) open = [];
    answered = false;
    const named = call.id !== '';
    if (!named) call.id = nextId();
    open.push({ call, named });
  };
  const onResult = (result: ToolResultPart): void => {
    answered = true;
    const { callId, name } = result;
    const ours = open.filter(({ named }) => !named);
    const able = callId !== '' ? open.filter(({ call }) => call.id === callId) : ours.length > 0 ? ours : open;
    const found = able.find(({ call }) => call.name === name) ?? able[0];
    if (callId === '') result.callId = found?.call.id ?? nextId();
    open = open.filter((each) => each !== found);
  };

  for (const { role, content } of messages) {
    if (role === 'user') answered = true;
    for (const part of content) {
      if (part.type === 'tool-call') onCall(part);
      else if (part.type === 'tool-result') onResult(part);
    }
  }
  return messages;
};

const isNameless = (part: Message['content'][number]): boolean =>
  (part.type === 'tool-call' && part.id === '') || (part.type === 'tool-result' && part.callId === '');
