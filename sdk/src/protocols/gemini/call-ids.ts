import type { Message } from '../../types/index.ts';

/*
 * Most of Gemini's models give a call no id: a response is matched by the function's name and the order. The neutral
 * model has an id on every call, so ids are made here: the same ones for the same conversation, so that prompt caches
 * of other vendors keep hitting. They are taken off again before a request goes to Gemini.
 */
const madeId = 'gcall_';

/** The id of the n-th call of a conversation, or of an answer that has an id of its own. */
export const makeCallId = (n: number, answerId = ''): string =>
  `${madeId}${answerId.replaceAll(/[^a-zA-Z0-9_-]/g, '').slice(0, 24)}${answerId && '_'}${n}`;

export const isMadeCallId = (id: string): boolean => id.startsWith(madeId);

/**
 * Whether an id may go to Google. Its own are eight letters and digits (seen from Gemini 3 on), or a UUID behind
 * `function-call-`. Other vendors' ids are left out: Vertex AI refuses requests with members it does not know, and
 * calls pair up by name and order without them. A Gemini client knows what it sent.
 */
export const isOwnCallId = (id: string, from: string): boolean =>
  !isMadeCallId(id) && (from === 'gemini' || /^[a-zA-Z0-9]{8}$/.test(id) || id.startsWith('function-call-'));

/** The calls of a conversation as it is read, to find the one that a response answers. */
export class CallBook {
  readonly #calls: { id: string; name: string; answered: boolean }[] = [];

  /** @returns the call's id */
  call(id: string | undefined, name: string): string {
    const made = id || makeCallId(this.#calls.length);
    this.#calls.push({ id: made, name, answered: false });
    return made;
  }

  /** @returns the id of the call that is answered: by id, else the oldest open one of that name */
  answer(id: string | undefined, name: string): string {
    const open = this.#calls.filter((call) => !call.answered);
    const call = (id && open.find((each) => each.id === id)) || open.find((each) => each.name === name) || (id ? undefined : open[0]);
    if (!call) return id || makeCallId(this.#calls.length);
    call.answered = true;
    return call.id;
  }
}

/** Where each call stands in the conversation so far, and its name: what a response to Gemini must say. */
export interface KnownCall {
  name: string;
  order: number;
  answered: boolean;
}

/** @param at the message's place, so that an id that is used again stands for its latest call */
export const noteCalls = (message: Message, at: number, known: Map<string, KnownCall>): void => {
  message.content.forEach((part, index) => {
    if (part.type === 'tool-call') known.set(part.id, { name: part.name, order: at * 1000 + index, answered: false });
  });
};

/** The call that a result answers; one with an id that nobody gave answers the oldest open call (of its name, if it has one). */
export const answeredCall = (id: string, name: string | undefined, known: ReadonlyMap<string, KnownCall>): KnownCall | undefined => {
  const call = known.get(id) ?? [...known.values()].find((each) => !each.answered && (!name || each.name === name));
  if (call) call.answered = true;
  return call;
};
