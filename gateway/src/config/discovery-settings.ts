import type { Secret } from 'sluice/kit';
import type { Deployment } from './snapshot.ts';

/** A place where deployments are found while the gateway runs. */
export interface DiscoverySource {
  /** In logs and metrics. Unique in the snapshot. */
  readonly name: string;
  readonly lookup: DiscoveryLookup;
  /** Of one request to it, or one look-up of a name. Milliseconds. */
  readonly timeoutMs: number;
  /** How long an endpoint that is not listed any more is kept, in milliseconds. */
  readonly graceMs: number;
  /** What is listed beyond it is not taken. */
  readonly maxEndpoints: number;
  /**
   * The deployments that an endpoint is: one, or one for each organisation of the entry. Empty: the entry asks for
   * something that the endpoint does not say (`{model}`). Never throws.
   */
  readonly deploymentsOf: (endpoint: Endpoint) => readonly Deployment[];
}

/** What a source says of one place to send calls to. */
export interface Endpoint {
  /** A name or an IP address, as it stands in a URL: IPv6 in brackets. */
  readonly host: string;
  readonly port: number;
  readonly weight?: number;
  /** Lower ones are tried first. */
  readonly order?: number;
  readonly tags?: readonly string[];
  /** What `{model}` stands for. */
  readonly model?: string;
}

interface Polled {
  /** Between two looks, in milliseconds. */
  readonly intervalMs: number;
}

interface Named extends Polled {
  readonly host: string;
  /** Addresses of DNS servers, with their ports; empty: those of the machine. */
  readonly servers: readonly string[];
}

interface Served {
  /** Without a trailing slash. */
  readonly address: string;
  readonly token?: Secret;
  /** Certificate authorities in PEM, instead of the built-in ones. Relative to the configuration's file. */
  readonly caFile?: string;
}

export interface DnsLookup extends Named {
  readonly type: 'dns';
  readonly port: number;
}

export interface SrvLookup extends Named {
  readonly type: 'srv';
}

export interface ConsulLookup extends Served {
  readonly type: 'consul';
  readonly service: string;
  readonly tags: readonly string[];
  readonly datacenter?: string;
  readonly namespace?: string;
}

export interface EtcdLookup extends Omit<Served, 'token'> {
  readonly type: 'etcd';
  readonly prefix: string;
  readonly username?: string;
  readonly password?: Secret;
}

export interface KubernetesLookup extends Omit<Served, 'address'> {
  readonly type: 'kubernetes';
  /** Absent: as the pod's variables say. */
  readonly address?: string;
  readonly service: string;
  /** Absent: the pod's own. */
  readonly namespace?: string;
  /** A number, or the name of one of the service's ports; absent: the first that they list. */
  readonly port?: string;
  readonly tokenFile?: string;
}

export interface ModelsLookup extends Served, Polled {
  readonly type: 'openai_models' | 'ollama';
  /** Patterns; empty: all. */
  readonly models: readonly string[];
}

export type DiscoveryLookup = DnsLookup | SrvLookup | ConsulLookup | EtcdLookup | KubernetesLookup | ModelsLookup;
