import { expect, test } from 'bun:test';
import { Secret } from 'sluice/kit';
import { clusterCaFile, clusterOf } from './cluster.ts';

const folder = '/var/run/secrets/kubernetes.io/serviceaccount';
const variables: Record<string, string> = {
  KUBERNETES_SERVICE_HOST: '10.96.0.1',
  KUBERNETES_SERVICE_PORT: '443',
  KUBERNETES_SERVICE_PORT_HTTPS: '6443',
};
const env = (name: string) => variables[name];
const files: Record<string, string> = { [`${folder}/token`]: 'pod-token\n', [`${folder}/namespace`]: 'team-a', '/other/token': 'other' };
const readText = (path: string) => (path in files ? Promise.resolve(files[path]!) : Promise.reject(new Error(`canary ${path}`)));
const lookup = { type: 'kubernetes' as const, service: 's' };

test('in a pod everything is the pod’s own', async () => {
  const cluster = await clusterOf(lookup, env, readText);
  expect(cluster).toMatchObject({ address: 'https://10.96.0.1:6443', namespace: 'team-a' });
  expect(await cluster.token()).toBe('pod-token');
  expect(clusterCaFile(lookup)).toBe(`${folder}/ca.crt`);
  expect((await clusterOf(lookup, (name) => (name === 'KUBERNETES_SERVICE_HOST' ? 'fd00::1' : env(name)), readText)).address).toBe(
    'https://[fd00::1]:6443',
  );
});

test('another cluster gets nothing of the pod’s: no token, no authorities (FP-27)', async () => {
  const other = { ...lookup, address: 'https://other:6443', namespace: 'n' };
  expect(await (await clusterOf(other, env, readText)).token()).toBeUndefined();
  expect(clusterCaFile(other)).toBeUndefined();
  expect(await (await clusterOf({ ...other, token: new Secret('given') }, env, readText)).token()).toBe('given');
  expect(await (await clusterOf({ ...other, tokenFile: '/other/token' }, env, readText)).token()).toBe('other');
});

test('outside a pod it says what is missing', () => {
  expect(clusterOf({ ...lookup, namespace: 'n' }, () => undefined, readText)).rejects.toThrow('KUBERNETES_SERVICE_HOST is not set');
  expect(clusterOf(lookup, env, () => Promise.reject(new Error('canary')))).rejects.toThrow(`The file ${folder}/namespace cannot be read.`);
});
