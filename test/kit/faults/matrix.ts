import { clientRoutes, type ClientRoute } from '../client-routes.ts';
import { createLimit } from '../limit.ts';
import { providerAnswers, type Answers } from './answers.ts';
import type { Fault, Place } from './fault.ts';
import { good, piecesOf } from './http.ts';
import { judge } from './judge.ts';
import { certificate, type FaultRig } from './rig.ts';
import type { Script, Scripts } from './upstream.ts';

/** Nobody listens on it, and nobody but root may. */
const deadPort = 1;

export const framingOf = ({ streamType }: Answers) =>
  streamType.startsWith('text/') ? 'sse' : streamType.includes('ndjson') ? 'ndjson' : 'aws-event-stream';

export const scriptsOf =
  ({ script }: Fault, answers: Answers): Scripts =>
  ({ stream }) => {
    const pieces = piecesOf(answers, stream);
    const made: Script | Script['steps'] = script ? script(pieces) : [good(pieces)];
    return 'steps' in made ? made : { steps: made };
  };

const addressOf = async (
  rig: FaultRig,
  { nobody, scheme = 'http', host = '127.0.0.1', accept, certificate: name }: Place,
): Promise<string> => {
  const tls = name === undefined ? {} : { tls: { cert: certificate(`${name}.crt`), key: certificate(`${name}.key`) } };
  const port = nobody ? deadPort : await rig.upstream.listen({ ...tls, ...(accept && { accept: { steps: accept } }) });
  return `${scheme}://${host}:${port}`;
};

export interface Limits {
  /** Longest that a call may take. Milliseconds. */
  longestMs: number;
  /** Calls at the same time: of faults that keep the machine busy, and of slow ones, which have a deadline of their own. */
  quickAtOnce: number;
  slowAtOnce: number;
  slowTryMs: number;
}

export interface Matrix {
  /** Every client, whole and streamed, in front of every provider with this fault. @returns what was wrong, a line each */
  run(fault: Fault): Promise<string[]>;
}

/** Makes a model of each fault in each provider's format. Before the rig's start. */
export const buildMatrix = async (
  rig: FaultRig,
  faults: readonly Fault[],
  { longestMs, quickAtOnce, slowAtOnce, slowTryMs }: Limits,
): Promise<Matrix> => {
  const quick = createLimit(quickAtOnce);
  const slow = createLimit(slowAtOnce);
  const models = new Map<Fault, { answers: Answers; model: string }[]>();
  let count = 0;
  for (const fault of faults) {
    const own: { answers: Answers; model: string }[] = [];
    models.set(fault, own);
    const address = fault.place && (await addressOf(rig, fault.place));
    for (const answers of providerAnswers) {
      if (fault.framings && !fault.framings.includes(framingOf(answers))) continue;
      if (fault.promptChars !== undefined && own.length > 0) break;
      const model = `m${count++}`;
      const shared = rig.upstream.serve(model, scriptsOf(fault, answers));
      rig.model(model, answers, address === undefined ? shared : `${address}/${model}`, fault.slow && { timeout: slowTryMs / 1000 });
      own.push({ answers, model });
    }
  }

  const one = async (fault: Fault, answers: Answers, model: string, client: ClientRoute, stream: boolean): Promise<string[]> => {
    try {
      const got = await (fault.slow ? slow : quick)(() => rig.call(client, model, stream, fault.promptChars));
      const outcomes = stream ? (fault.stream ?? fault.whole) : fault.whole;
      const problems = judge(client, stream, { ...got, same: client.format === answers.format }, got.logged, outcomes);
      if (got.elapsedMs > longestMs) problems.push(`took ${Math.round(got.elapsedMs)} ms`);
      return problems;
    } catch (cause) {
      return [String(cause)];
    }
  };

  return {
    async run(fault) {
      const calls = (models.get(fault) ?? []).flatMap(({ answers, model }) =>
        (fault.promptChars === undefined ? clientRoutes : clientRoutes.slice(0, 1)).flatMap((client) =>
          [false, true].map(async (stream) => {
            const problems = await one(fault, answers, model, client, stream);
            return problems.map((problem) => `${client.name}${stream ? ' streamed' : ''} <- ${answers.format}: ${problem}`);
          }),
        ),
      );
      return (await Promise.all(calls)).flat();
    },
  };
};
