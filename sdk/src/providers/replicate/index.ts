import type { Provider, Speaks, Target } from '../../types/index.ts';
import { pathSegment, pathSegments, templateUrl } from '../url.ts';
import type { Sleep } from './prediction.ts';
import { createPredictions } from './predictions.ts';

/*
 * Replicate: a model is run by making a prediction and looking at it until it is done, or by reading the stream that it
 * names (https://replicate.com/docs/reference/http and /docs/topics/predictions/streaming, read 2026-11-22).
 */

/** A version's own name. */
const versionPattern = /^[0-9a-f]{64}$/;

/** Official models are run by their name, deployments by theirs, all else by version: `owner/name:version`. */
const placeOf = (model: string): { path: string; version?: string } => {
  const version = model.slice(model.lastIndexOf(':') + 1);
  if (versionPattern.test(version)) return { path: '/predictions', version };
  const name = model.replace(/:.*$/, '');
  const deployment = /^deployments\/(.+)$/.exec(name)?.[1];
  if (deployment !== undefined) return { path: `/deployments/${pathSegments(deployment)}/predictions` };
  return { path: `/models/${name.split('/').map(pathSegment).join('/')}/predictions` };
};

const url = (target: Target, speaks: Speaks, stream: boolean): string =>
  templateUrl(target, { ...speaks, path: placeOf(target.model).path }, stream);

/** @param options handed in by tests */
export const createReplicate = ({ sleep }: { sleep?: Sleep } = {}): Provider =>
  Object.freeze({
    id: 'replicate',
    label: 'Replicate',
    baseUrl: 'https://api.replicate.com/v1',
    baseUrlEnv: ['REPLICATE_API_BASE'],
    baseUrlRules: { append: '/v1' },
    auth: { kind: 'bearer' },
    keyEnv: ['REPLICATE_API_KEY', 'REPLICATE_API_TOKEN'],
    speaks: {
      chat: {
        protocol: 'replicate',
        path: '/predictions',
        dialect: ({ model }) => ({ members: { version: placeOf(model).version } }),
      },
    },
    hosts: ['*.replicate.com', '*.replicate.net'],
    url,
    overNetwork: createPredictions(sleep),
    source: 'https://replicate.com/docs/reference/http, 2026-11-22',
  } satisfies Provider);
