import { estimateTokens } from '../../lib/estimate-tokens.ts';
import { newId } from '../../lib/ids.ts';
import {
  SluiceError,
  totalInputTokens,
  totalOutputTokens,
  type ChatRequest,
  type FromResultContext,
  type JsonObject,
  type Usage,
  type WireEvent,
} from '../../types/index.ts';
import type { Answer, CallContext, CallFacts, ChatCall, StreamAnswer, StreamChunk } from '../call.ts';
import { openaiResponses } from '../../protocols/index.ts';
import { continuationOf } from './continuation.ts';
import { isProse, mayPass, resumableRequest } from './may-resume.ts';
import { asParts, partsOf } from './parts.ts';
import { Spliced } from './spliced.ts';

/** One exchange with one target. */
type Exchange = (call: ChatCall, context: CallContext) => Promise<Answer>;

/** How often one stream may go on elsewhere. */
const maxResumes = 8;

/**
 * A streamed call whose stream goes on at another deployment where it breaks off (`context.resume`). It is read as parts
 * of the neutral model and written anew for the client, so that one stream can be made of two.
 * @throws SluiceError as `exchange` does: what fails before output is the router's
 */
export const resumable = async (call: ChatCall, context: CallContext, exchange: Exchange): Promise<Answer> => {
  const { resume, ...rest } = context;
  const request = resume && resumableRequest(call);
  if (!resume || !request) return exchange(call, rest);
  const answer = await exchange(asParts(call), rest);
  return answer.kind === 'stream' ? joined({ call, request, context: rest, resume, exchange }, answer) : answer;
};

interface Given {
  call: ChatCall;
  request: ChatRequest;
  context: CallContext;
  resume: NonNullable<CallContext['resume']>;
  exchange: Exchange;
}

const joined = ({ call, request, context, resume, exchange }: Given, first: StreamAnswer): StreamAnswer => {
  const now = context.now ?? Date.now;
  const { format } = call;
  const encoder = format.stream.encoder(writingOf(call, request, context, now));
  const facts: CallFacts = first.facts;
  let answer = first;
  let out: WireEvent[] = [];
  let resumes = 0;
  /** Said with the first event that comes from elsewhere. */
  let comment: string | undefined;
  let broken: SluiceError | undefined;
  let failure: Error | undefined;
  let done = false;
  let left = false;

  const spliced = new Spliced((part) => {
    for (const event of encoder.push(part)) out.push(event);
  });

  /** Where later requests may name what the provider has of the answer. */
  const tap = facts.same && format.id === openaiResponses.id ? format.stream.tap() : undefined;
  const look = (events: readonly WireEvent[]): void => {
    if (!tap) return;
    for (const each of events) tap.push(each);
    // The half that a provider has of it is not the answer that a later request would mean.
    if (tap.id !== undefined && !facts.legs) facts.answerId = tap.id;
    if (tap.encryptedIds) facts.encryptedIds = tap.encryptedIds;
  };

  const take = (): StreamChunk | undefined => {
    look(out);
    if (facts.legs && spliced.usage) facts.usage = spliced.usage;
    const [head, ...more] = out;
    if (!head) return undefined;
    out = [];
    if (comment === undefined) return [head, ...more];
    const said = { ...head, comment };
    comment = undefined;
    return [said, ...more];
  };
  const finish = (how: Error | undefined): void => {
    failure = how;
    done = true;
    facts.endedAt = now();
  };

  const read = (chunk: StreamChunk): void => {
    for (const part of partsOf(chunk)) {
      // What follows from a failure says nothing more.
      if (part.type === 'error') broken ??= part.error;
      else if (!broken) spliced.push(part);
    }
  };

  /** Another deployment takes over; false: none does, and the client is to be told of the failure. */
  const goOn = async (error: SluiceError): Promise<boolean> => {
    const told = spliced.text;
    if (resumes++ >= maxResumes || !mayPass(error) || !spliced.mayGoOn(isProse(request))) return false;
    let unseen = '';
    let next: Awaited<ReturnType<typeof resume>>;
    try {
      next = await resume(async (target, given, overrides) => {
        const continued = continuationOf(overrides ? withMembers(call, overrides) : call, target, told);
        ({ unseen } = continued);
        return (await exchange(asParts(continued.call), given)) as StreamAnswer;
      }, error);
    } catch {
      // The first failure is the one that the client waits to hear of.
      return false;
    }
    if (left) {
      next.answer.cancel();
      return false;
    }
    const used = usedBy(spliced, call);
    facts.legs = facts.legs ? [...facts.legs, next.answer.facts] : [{ ...facts, usage: used }, next.answer.facts];
    if (facts.legs.length > 2) facts.legs.at(-2)!.usage = used;
    delete facts.endedAt;
    spliced.goOn(used, unseen);
    answer = next.answer;
    comment = `sluice resumed on ${next.where.replaceAll(/[\r\n]+/g, ' ')}`;
    return true;
  };

  return {
    kind: 'stream',
    facts,
    async read() {
      while (!done) {
        if (broken) {
          const error = broken;
          broken = undefined;
          if (!(await goOn(error))) {
            if (done) return undefined;
            const written = encoder.push({ type: 'error', error });
            out.push(...(written.length > 0 ? written : format.errors.toEvents(error)));
            finish(error);
            return take();
          }
        } else {
          const chunk = await answer.read();
          if (chunk !== undefined) read(chunk);
          else if (!broken) finish(answer.failure);
        }
        const ready = take();
        if (ready) return ready;
      }
      return undefined;
    },
    get failure() {
      return failure;
    },
    get complete() {
      return done || (broken === undefined && answer.complete);
    },
    cancel() {
      left = true;
      if (done) return;
      answer.cancel();
      // Behind the answer's end nothing is missed.
      finish(spliced.finished ? answer.failure : new SluiceError('client_closed_request', 'The client closed the connection.'));
    },
  };
};

/** The call with other members in its body. */
const withMembers = ({ text: _text, ...call }: ChatCall, members: JsonObject): ChatCall => ({
  ...call,
  body: { ...call.body, ...members },
});

const writingOf = ({ body, path, target }: ChatCall, request: ChatRequest, context: CallContext, now: () => number): FromResultContext => ({
  model: typeof body['model'] === 'string' ? body['model'] : (path?.model ?? target.model),
  request,
  newId: context.newId ?? newId,
  now,
});

/**
 * What a stream that broke off has used. Its provider mostly counts at the end, and bills all the same: what it did not
 * count is estimated.
 */
const usedBy = ({ own, words }: Spliced, { body, text }: ChatCall): Usage => {
  const outputTokens = Math.ceil(words / 4);
  const usage = own ?? { inputTokens: 0, outputTokens: 0 };
  const more = Math.max(0, outputTokens - totalOutputTokens(usage));
  const input = totalInputTokens(usage) > 0 ? usage.inputTokens : estimateTokens(text ?? JSON.stringify(body));
  const { raw: _raw, ...counted } = usage;
  return { ...counted, inputTokens: input, outputTokens: usage.outputTokens + more };
};
