import type { KubernetesLookup } from '../config/discovery-settings.ts';
import type { Cluster } from './kubernetes.ts';
import { SourceError } from './source.ts';

/** Where a pod finds who it is (https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/, read 2026-11-22). */
const folder = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The value of an environment variable, if it is set. */
export type Variable = (name: string) => string | undefined;
export type ReadText = (path: string) => Promise<string>;

/** The pod's own authorities, where it is its own cluster that is asked. */
export const clusterCaFile = ({ address, caFile }: KubernetesLookup): string | undefined =>
  caFile ?? (address === undefined ? `${folder}/ca.crt` : undefined);

/**
 * The cluster that is asked: another one's address gets nothing that is the pod's own.
 * @throws SourceError where the gateway runs in no pod and nobody says what the pod would
 */
export const clusterOf = async (lookup: KubernetesLookup, variable: Variable, readText: ReadText): Promise<Cluster> => {
  const { address, namespace, token, tokenFile } = lookup;
  const file = tokenFile ?? (address === undefined && token === undefined ? `${folder}/token` : undefined);
  return {
    address: address ?? inCluster(variable),
    namespace: namespace ?? (await read(readText, `${folder}/namespace`)),
    token: async () => token?.reveal() ?? (file === undefined ? undefined : read(readText, file)),
  };
};

const inCluster = (variable: Variable): string => {
  const host = variable('KUBERNETES_SERVICE_HOST');
  if (!host) throw new SourceError('KUBERNETES_SERVICE_HOST is not set, so this is no pod: `address` must say where the API server is.');
  const port = variable('KUBERNETES_SERVICE_PORT_HTTPS') ?? variable('KUBERNETES_SERVICE_PORT') ?? '443';
  return `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
};

const read = async (readText: ReadText, path: string): Promise<string> => {
  try {
    return (await readText(path)).trim();
  } catch {
    throw new SourceError(`The file ${path} cannot be read.`);
  }
};
