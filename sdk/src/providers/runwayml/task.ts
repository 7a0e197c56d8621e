import { asString } from '../../protocols/shared/read.ts';
import { SluiceError, type ErrorCode, type JsonObject, type Wire } from '../../types/index.ts';
import { jobFailed, noAnswer } from '../media/failure.ts';
import { poll } from '../media/poll.ts';
import { pathSegment } from '../url.ts';

/*
 * Everything is a task: it is begun, looked at, and its output is a list of links, which need no key and last a day.
 * docs.dev.runwayml.com/api and the npm package @runwayml/sdk 4.20, read 2026-11-22.
 */

/** Begins a task. @returns its id */
export const begin = async (url: string, json: JsonObject, wire: Wire): Promise<string> => {
  const answer = await wire.json({ url, json });
  if (typeof answer['id'] !== 'string' || answer['id'] === '') throw noAnswer(wire, 'the id of its task', answer);
  return answer['id'];
};

export const taskOf = (id: string, wire: Wire): Promise<JsonObject> => wire.json({ url: taskUrl(id) });

export const taskUrl = (id: string): string => `/v1/tasks/${pathSegment(id)}`;

export type TaskStatus = 'queued' | 'in_progress' | 'completed' | 'failed';

const statuses: Readonly<Record<string, TaskStatus>> = {
  PENDING: 'queued',
  THROTTLED: 'queued',
  RUNNING: 'in_progress',
  SUCCEEDED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'failed',
};

/** @throws SluiceError `invalid_response` for a status that there is not */
export const statusOf = (task: JsonObject, wire: Wire): TaskStatus => {
  const status = statuses[asString(task['status']) ?? ''];
  if (!status) throw noAnswer(wire, 'a status', task);
  return status;
};

/** Why a task failed, in the vendor's words. */
export const errorOf = (task: JsonObject): { code: string; message: string } => ({
  code: asString(task['failureCode']) ?? String(task['status']),
  message: asString(task['failure']) ?? 'The task was cancelled.',
});

const codeOf = (code: string): ErrorCode =>
  code.includes('SAFETY') ? 'content_policy_violation' : code.startsWith('INTERNAL') ? 'internal' : 'unprocessable';

/** Links of a task that is done; undefined while it goes on. @throws SluiceError where it failed */
export const outputOf = (task: JsonObject, wire: Wire): string[] | undefined => {
  const status = statusOf(task, wire);
  if (status === 'failed') {
    const { code, message } = errorOf(task);
    throw jobFailed(wire, message, { code, body: task }, codeOf(code));
  }
  if (status !== 'completed') return undefined;
  const links = Array.isArray(task['output']) ? task['output'].filter((link): link is string => typeof link === 'string') : [];
  if (links.length === 0) throw noAnswer(wire, 'output', task);
  return links;
};

/** Awaits a task. The vendor asks for no more than one look in a few seconds. */
export const finish = (id: string, wire: Wire): Promise<string[]> =>
  poll(wire, async () => outputOf(await taskOf(id, wire), wire), { firstWaitMs: 2000, maxWaitMs: 6000 });

/** A size as the vendor's ratios are written: `1280:720`. */
export const ratioOf = ({ width, height }: { width: number; height: number }): string => `${width}:${height}`;

/** `1024x1024` -> `1024:1024`; undefined for `auto`. @throws SluiceError `invalid_request` */
export const ratioOfSize = (size: unknown): string | undefined => {
  if (size === undefined || size === null || size === '' || size === 'auto') return undefined;
  const found = /^(\d+)[x:](\d+)$/.exec(String(size));
  if (!found) throw new SluiceError('invalid_request', "'size' must be written as 1024x1024.", { param: 'size' });
  return `${found[1]}:${found[2]}`;
};
