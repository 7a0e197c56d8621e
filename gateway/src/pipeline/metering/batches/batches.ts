import { isObject, SluiceError, usageInAnswer, type JsonObject, type ResourceKind, type Transport } from 'sluice/kit';
import type { Deployment } from '../../../config/snapshot.ts';
import type { UnpricedCalls } from '../../../config/gateway-budget.ts';
import type { SpendEvent } from '../../../spend/event.ts';
import type { Database } from '../../../storage/sql/database.ts';
import type { CallState } from '../../call-state.ts';
import { unpricedNanodollars } from '../../governance/unpriced.ts';
import type { Live } from '../../live.ts';
import { recordOf } from '../../record.ts';
import { spendEventOf } from '../../spend-event.ts';
import { heldBudgetsOf } from '../../governance/governor.ts';
import { BatchHolds, type HoldMoney } from './batch-holds.ts';
import { BatchTable, idOfJob, type OpenJob } from './batch-table.ts';
import { Bill } from './bill.ts';
import { answerIn, idOfRun, isAnswer, isJobKind, jobState, objectsIn, type JobKind, type JobState } from './job-state.ts';
import { readJob, readLines, readObject } from './read-job.ts';

const minuteMs = 60_000;
/** Between two rounds of looks at what is open. */
const roundMs = minuteMs;
/** Looked at in one round. */
const perRound = 20;
/** One that reads the answers has so long for it, before another gateway tries. */
const claimMs = 30 * minuteMs;
/** Longer does no vendor work on a batch (a day), or keep its answers (29 and 30 days). */
const givenUpMs = 35 * 24 * 60 * minuteMs;
/** Looked at for whose output a file is, which is about to be deleted; so many at a time. */
const maxLooked = 1000;
const looksAtOnce = 8;
/** Kept here while the database is away. */
const maxWaiting = 1000;

interface BatchesOptions {
  readonly database: Database;
  readonly live: () => Live;
  /** How providers are reached. */
  readonly transport: Transport;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Writes down what a job cost, and counts it against the budgets. May be told of one twice: its id is the same. */
  readonly record: (event: SpendEvent) => void;
  /** Holds what a job may cost until its bill is there, and whether other gateways see it. */
  readonly hold: HoldMoney;
  readonly isShared: () => boolean;
  readonly onFailure: (sentence: string, cause: unknown) => void;
}

/**
 * Jobs that providers work on after their call is over. Who pays is written down when they are made; what they cost is when they
 * are over, which is seen when a client looks at them, or by looks of our own. Once, whichever gateway sees it.
 */
export class Batches {
  readonly #options: BatchesOptions;
  readonly #table: BatchTable;
  readonly #holds: BatchHolds;
  #waiting: OpenJob[] = [];
  /** Being paid for here at the moment, by their ids. */
  readonly #settling = new Map<string, Promise<void>>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #working: Promise<void> | undefined;

  constructor(options: BatchesOptions) {
    this.#options = options;
    this.#table = new BatchTable(options.database);
    this.#holds = new BatchHolds({ ...options, table: this.#table });
  }

  /** Looks at what is open now and then. */
  start(): void {
    this.#timer = setInterval(() => void this.work(), roundMs);
    this.#timer.unref();
    // What was held when a gateway stopped is held again before many calls have come.
    void this.#syncHolds();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#working;
  }

  /**
   * A job was made: notes who pays for it. Never rejects.
   * @param json its object, as its provider gave it
   * @returns whether it will be paid for as a job: false where it is none, or is over, or cannot be kept
   */
  async created(state: CallState, kind: JobKind, json: JsonObject): Promise<boolean> {
    const { now, onFailure } = this.#options;
    const found = jobState(kind, json);
    const { deployment, facts } = state;
    if (!found || !deployment || (found.over && isAnswer(kind))) return false;
    const at = now();
    const { held } = state;
    // Of what is bounded by nothing but its call (a file that nobody counted), there is no worst case.
    const worst = isAnswer(kind) || held?.worst?.requests !== undefined ? held?.worst : undefined;
    const budgets = held && worst && worst.costNanodollars > 0 ? heldBudgetsOf(held) : [];
    const job: OpenJob = {
      id: idOfJob(deployment.id, found.id),
      kind,
      deploymentId: deployment.id,
      batchId: found.id,
      createdAt: at,
      event: spendEventOf(recordOf(state, 200, undefined), at, state),
      upstreamModel: facts?.model ?? '',
      isBudgeted: held?.limits.some(({ metric, soft }) => metric === 'cost' && !soft) ?? false,
      ...(budgets.length > 0 && { held: { nanodollars: worst!.costNanodollars, budgets } }),
    };
    try {
      await this.#table.add(job, at + 5 * minuteMs, this.#holds.leaseUntil());
    } catch (cause) {
      const isKept = this.#waiting.length < maxWaiting;
      if (isKept) this.#waiting.push(job);
      onFailure(`who pays for ${kind}/${found.id} could not be written down, and is ${isKept ? 'kept until it can' : 'lost'}`, cause);
      if (!isKept) return false;
    }
    try {
      // Before the call gives back what it holds, so that there is no moment at which nobody does.
      await this.#holds.add(job);
    } catch (cause) {
      onFailure(`what ${kind}/${found.id} may cost could not be held of budgets`, cause);
    }
    return true;
  }

  /**
   * The call that made a job has seen its end, and pays for it itself, unless somebody else has or is about to. Never rejects.
   * @param pay called at most once, when the job is nobody else's any more: makes the call pay. False: it cannot, as it is over
   */
  async paidByCall(deploymentId: string, batchId: string, pay: () => boolean): Promise<void> {
    const { now, onFailure } = this.#options;
    const id = idOfJob(deploymentId, batchId);
    try {
      const waiting = this.#waiting.findIndex((job) => job.id === id);
      if (waiting === -1 && !(await this.#table.claim(id, now(), now() + claimMs))) return;
      if (!pay()) return waiting === -1 ? await this.#table.lookAgain(id, now()) : undefined;
      this.#holds.settle(id, 0);
      if (waiting === -1) await this.#table.remove(id);
      else this.#waiting.splice(waiting, 1);
    } catch (cause) {
      onFailure(`${batchId} is over, and could not be taken off the jobs that are open`, cause);
    }
  }

  /** A client looked at jobs: those that are over are paid for. Never rejects. */
  async seen(deploymentId: string, kind: JobKind, json: JsonObject): Promise<void> {
    try {
      const over = objectsIn(json).flatMap((object) => {
        const found = jobState(kind, object);
        return found?.over ? [{ found, object }] : [];
      });
      const jobs = await this.#table.of(over.map(({ found }) => idOfJob(deploymentId, found.id)));
      for (const job of jobs) {
        const { found, object } = over.find((each) => each.found.id === job.batchId)!;
        await this.#settle(job, found, object);
      }
    } catch (cause) {
      this.#options.onFailure('a batch that is over could not be paid for, and is looked at again', cause);
    }
  }

  /**
   * A client is about to delete something at a provider: what is over is paid for while it can still be read (FP-47).
   * @param id the provider's own
   * @returns what to do when it is deleted: of what could not be paid for by then, the worst case is charged
   * @throws SluiceError `unavailable` where the database is away: nobody knows whose it is
   */
  async deleting(deploymentId: string, kind: ResourceKind, id: string): Promise<() => Promise<void>> {
    const jobs = await this.#jobsOf(deploymentId, kind, id);
    for (const job of jobs) await (this.#settling.get(job.id) ?? this.#look(job, false));
    const left = new Set((await this.#table.of(jobs.map((job) => job.id))).map((job) => job.id));
    return async () => {
      for (const job of jobs) if (left.has(job.id)) await this.#giveUp(job);
    };
  }

  async #jobsOf(deploymentId: string, kind: ResourceKind, id: string): Promise<readonly OpenJob[]> {
    if (kind === 'files') return this.#jobsOfOutput(deploymentId, id);
    // With a thread its runs are gone.
    if (kind === 'threads') return (await this.#table.ofKind(kind, maxLooked)).filter(({ batchId }) => batchId.startsWith(idOfRun(id, '')));
    return isJobKind(kind) ? this.#table.ofBatch(kind, id) : [];
  }

  /** The jobs whose answers are in a file: found by looking at those that are open, as nothing else tells of it. */
  async #jobsOfOutput(deploymentId: string, id: string): Promise<readonly OpenJob[]> {
    const open = await this.#table.ofKind('batches', maxLooked);
    if (open.length === 0 || !(await this.#mayBeOutput(deploymentId, id))) return [];
    const found: OpenJob[] = [];
    for (let at = 0; at < open.length && found.length === 0; at += looksAtOnce)
      await Promise.all(
        open.slice(at, at + looksAtOnce).map(async (job) => {
          const deployment = this.#deploymentOf(job);
          // One that cannot be read cannot be told apart, and costs its worst case when its output is gone.
          const json = deployment && (await readJob(this.#asking(deployment), job).catch(() => undefined));
          if (json && jobState(job.kind, json)?.output?.id === id) found.push(job);
        }),
      );
    return found;
  }

  /** What clients upload says what it is for (OpenAI's `purpose`), and so do outputs of batches: `batch_output`. */
  async #mayBeOutput(deploymentId: string, id: string): Promise<boolean> {
    const deployment = this.#deploymentOf({ deploymentId });
    if (!deployment) return true;
    try {
      // No model is asked for, but a provider may want to be told of one.
      const upstreamModel = deployment.model.replaceAll('*', '-');
      const { purpose } = await readObject(this.#asking(deployment), { upstreamModel }, { kind: 'files', rest: '/{}', id });
      return typeof purpose !== 'string' || !uploaded.has(purpose);
    } catch {
      return true;
    }
  }

  /** Looks at what is open and due. Never rejects. */
  work(): Promise<void> {
    return (this.#working ??= this.#work()
      .catch((cause: unknown) => this.#options.onFailure('batches that are open could not be looked at', cause))
      .finally(() => (this.#working = undefined)));
  }

  async #work(): Promise<void> {
    const { now } = this.#options;
    for (const job of this.#waiting.splice(0)) await this.#addAgain(job);
    await this.#syncHolds();
    for (const job of await this.#table.due(now(), perRound)) await this.#look(job);
  }

  async #syncHolds(): Promise<void> {
    // Those that wait for the database are not in it, and are held all the same.
    if (this.#waiting.length > 0) return;
    try {
      await this.#holds.sync();
    } catch (cause) {
      this.#options.onFailure('what batches may cost could not be held anew', cause);
    }
  }

  async #addAgain(job: OpenJob): Promise<void> {
    try {
      await this.#table.add(job, this.#options.now(), this.#holds.leaseUntil());
    } catch (cause) {
      this.#waiting.push(job);
      throw cause;
    }
  }

  /** @param mayEnd false: what cannot be paid for now stays open */
  async #look(job: OpenJob, mayEnd = true): Promise<void> {
    const { now, onFailure } = this.#options;
    const at = now();
    const old = at - job.createdAt > givenUpMs;
    const deployment = this.#deploymentOf(job);
    try {
      const json = deployment && (await readJob(this.#asking(deployment), job));
      const found = json && jobState(job.kind, json);
      if (found?.over) return await this.#settle(job, found, json!);
    } catch (cause) {
      const gone = isGone(cause);
      if (!old && !gone) onFailure(`${job.kind}/${job.batchId} could not be looked at`, cause);
      if (gone && mayEnd) return this.#giveUp(job);
    }
    if (!mayEnd) return;
    if (old) return this.#giveUp(job);
    // Fresh ones may be over soon; old ones wait for the vendor's last hour.
    await this.#table.lookAgain(job.id, at + Math.min(60 * minuteMs, 5 * minuteMs + (at - job.createdAt) / 10));
  }

  #asking(deployment: Deployment) {
    const { live, transport, now } = this.#options;
    return { live: live(), deployment, transport, now };
  }

  #deploymentOf({ deploymentId }: Pick<OpenJob, 'deploymentId'>): Deployment | undefined {
    return this.#options.live().snapshot.deployments.find(({ id }) => id === deploymentId);
  }

  #settle(job: OpenJob, found: JobState, json: JsonObject): Promise<void> {
    const running = this.#settling.get(job.id);
    if (running) return running;
    const settled = this.#settleOnce(job, found, json).finally(() => this.#settling.delete(job.id));
    this.#settling.set(job.id, settled);
    return settled;
  }

  async #settleOnce(job: OpenJob, found: JobState, json: JsonObject): Promise<void> {
    const { now, onFailure, live } = this.#options;
    const deployment = this.#deploymentOf(job);
    if (!deployment || !(await this.#table.claim(job.id, now(), now() + claimMs))) return;
    try {
      const bill = await this.#billOf(job, found, json, deployment);
      if (!bill) return await this.#recordUnknown(job);
      await this.#paid(this.#eventOf(job, bill, live()), job);
    } catch (cause) {
      if (isGone(cause)) return await this.#recordUnknown(job);
      onFailure(`what ${job.kind}/${job.batchId} cost could not be read, and is read again`, cause);
      await this.#table.lookAgain(job.id, now() + 5 * minuteMs);
    }
  }

  /** Undefined: it has answers that are not there. */
  async #billOf(job: OpenJob, found: JobState, json: JsonObject, deployment: Deployment): Promise<Bill | undefined> {
    const live = this.#options.live();
    const model = typeof json['model'] === 'string' && job.upstreamModel === '' ? json['model'] : job.upstreamModel;
    const of = { model, batch: !isAnswer(job.kind), at: job.createdAt };
    const bill = new Bill(live, deployment, of);
    if (job.kind === 'fine_tuning') {
      bill.addTraining(json);
      return bill;
    }
    // One sum for all has no lengths of each, which some prices hang on: the answers say them, where they can be read.
    const sum = isObject(json['usage']) && usageInAnswer(json) !== undefined;
    if (found.output && found.answered !== 0) {
      try {
        await readLines(this.#asking(deployment), job, found.output, (line) => {
          const answer = answerIn(line);
          if (answer) bill.add(answer);
        });
      } catch (cause) {
        if (!sum) throw cause;
        return this.#sumOf(json, new Bill(live, deployment, of));
      }
      if (bill.answers > 0) return bill;
      if (!sum && found.answered !== undefined) return undefined;
    }
    // A run that was made counts; one that says nothing is not free for that.
    if (job.kind === 'threads' && !sum && json['status'] === 'completed') return undefined;
    return sum ? this.#sumOf(json, bill) : bill;
  }

  #sumOf(json: JsonObject, bill: Bill): Bill {
    bill.add(json);
    return bill;
  }

  #eventOf(job: OpenJob, bill: Bill, { prices, snapshot }: Live): SpendEvent {
    const { id, kind, event, upstreamModel } = job;
    const { usage, unknownAnswers, unknownTokens, nanodollars, lines, source } = bill;
    const known = unknownAnswers === 0;
    const charged =
      prices.charged(event.provider ?? '', nanodollars) + ofUnknownCost(snapshot.budgets.unpriced, job, unknownTokens, unknownAnswers);
    const { usage: _usage, prices: _prices, originalNanodollars: _original, priceSource: _source, ...owned } = event;
    return {
      ...owned,
      id: `batch:${id}`,
      route: routeOf(kind),
      endedAt: Math.max(event.at, Math.floor(this.#options.now())),
      ...(upstreamModel !== '' && { upstreamModel }),
      ...(usage && { usage }),
      nanodollars: Math.min(Number.MAX_SAFE_INTEGER, charged),
      costKnown: known,
      ...(known && {
        originalNanodollars: nanodollars,
        ...(charged > nanodollars && { marginNanodollars: charged - nanodollars }),
        ...(charged < nanodollars && { discountNanodollars: nanodollars - charged }),
        prices: lines,
        priceSource: source,
      }),
    };
  }

  /** Nobody will ever say what it cost: that it is unknown is in the books, and the most that it may have cost is charged. */
  async #giveUp(job: OpenJob): Promise<void> {
    const { now } = this.#options;
    if (await this.#table.claim(job.id, now(), now() + claimMs)) await this.#recordUnknown(job);
  }

  async #recordUnknown(job: OpenJob): Promise<void> {
    const { now, live } = this.#options;
    const { event } = job;
    const unknown: SpendEvent = {
      ...event,
      id: `batch:${job.id}`,
      route: routeOf(job.kind),
      endedAt: Math.max(event.at, Math.floor(now())),
      nanodollars: job.held?.nanodollars ?? ofUnknownCost(live().snapshot.budgets.unpriced, job, 0, 1),
      costKnown: false,
    };
    await this.#paid(unknown, job);
  }

  async #paid(event: SpendEvent, { id }: OpenJob): Promise<void> {
    this.#options.record(event);
    this.#holds.settle(id, event.nanodollars);
    await this.#table.remove(id);
  }
}

/** What is charged for answers whose cost is not known. @param tokens of all of them */
const ofUnknownCost = (rules: UnpricedCalls, { isBudgeted }: OpenJob, tokens: number, answers: number): number =>
  answers === 0 || (rules.policy === 'charge_budgeted' && !isBudgeted)
    ? 0
    : (answers - 1) * unpricedNanodollars(rules, 0) + unpricedNanodollars(rules, tokens);

/** What OpenAI's clients upload files for (openai/openai-python, src/openai/types/file_purpose.py, read 2026-11-22). */
const uploaded: ReadonlySet<string> = new Set(['assistants', 'batch', 'fine-tune', 'vision', 'user_data', 'evals']);

const routeOf = (kind: JobKind): string => (kind === 'fine_tuning' ? 'fine_tuning' : 'batch');

/** Its provider keeps it no more, and with it what it cost. */
const isGone = (cause: unknown): boolean => SluiceError.is(cause) && (cause.code === 'not_found' || cause.status === 404);
