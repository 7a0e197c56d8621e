import type { DiscoveryLookup } from '../config/discovery-settings.ts';
import { clusterOf, type ReadText, type Variable } from './cluster.ts';
import { consulSource } from './consul.ts';
import { dnsSource, srvSource } from './dns.ts';
import { etcdSource } from './etcd.ts';
import { kubernetesSource } from './kubernetes.ts';
import { modelsSource } from './models.ts';
import type { Source, SourceContext } from './source.ts';

/** What only some sources need of the world. */
export interface World {
  /** A variable of the file, or of the process. */
  variable: Variable;
  /** Files that the configuration names, and those of a pod. */
  readText: ReadText;
}

/** The one place where kinds of sources are told apart. */
export const createSource = (lookup: DiscoveryLookup, context: SourceContext, { variable, readText }: World): Source => {
  switch (lookup.type) {
    case 'dns':
      return dnsSource(lookup, context);
    case 'srv':
      return srvSource(lookup, context);
    case 'consul':
      return consulSource(lookup, context);
    case 'etcd':
      return etcdSource(lookup, context);
    case 'kubernetes':
      return kubernetesSource(lookup, context, () => clusterOf(lookup, variable, readText));
    default:
      return modelsSource(lookup, context);
  }
};
