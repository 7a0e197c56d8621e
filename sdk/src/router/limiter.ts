import type { ErrorCode } from '../types/index.ts';

/** What a deployment may take. Absent: no limit. */
export interface DeploymentLimits {
  readonly rpm?: number;
  readonly tpm?: number;
  /** Of the input alone. */
  readonly itpm?: number;
  /** Of the output alone. It is not known before: a call needs room for one, and takes none until it is over. */
  readonly otpm?: number;
  readonly maxParallelRequests?: number;
}

/** Whether input and output are told apart; else their sum is all that is counted. */
export const splitsTokens = ({ itpm, otpm }: DeploymentLimits): boolean => itpm !== undefined || otpm !== undefined;

/** Tokens that a call has used. */
export interface UsedTokens {
  readonly input: number;
  readonly output: number;
}

export const noTokens: UsedTokens = { input: 0, output: 0 };

/** Room for one call, taken. */
export interface Grant {
  /** The call is over: gives the place back, and corrects the estimate of its tokens. Once. @param used undefined: not known */
  settle(used: UsedTokens | undefined): void;
}

/** No room. */
export interface Full {
  /** When there may be room again, in milliseconds from now; undefined: when a call ends. */
  readonly retryAfterMs?: number;
  readonly why: 'rpm' | 'tpm' | 'itpm' | 'otpm' | 'max_parallel_requests';
}

/**
 * Counts what deployments take and refuses what is beyond their limits. One process counts in memory; several share
 * counts behind the same interface. Where the shared store is slow or gone, an implementation decides by what it knows:
 * it never rejects, and never takes longer than its own bound.
 */
export interface Limiter {
  /** @param inputTokens an estimate of the call's; what it will put out is not known */
  take(deploymentId: string, limits: DeploymentLimits, inputTokens: number): Grant | Full | Promise<Grant | Full>;
  /** Whether there was room a moment ago, by what is known here. Synchronous: picks ask it. */
  hasRoom(deploymentId: string, limits: DeploymentLimits, inputTokens: number): boolean;
  /** Called when room may have come free. Returns how to stop being told. */
  onRoom(listener: (deploymentId: string) => void): () => void;
}

/** What is known elsewhere of deployments: other instances' calls and failures. All of it is as fresh as the sharing is. */
export interface Peers {
  /** Something rests, until then (Unix milliseconds): all instances are told. Never waited for. */
  tellRest(rest: SharedRest): void;
  onRest(listener: (rest: SharedRest) => void): () => void;
  /** Calls at the deployment that others have open. */
  pendingElsewhere(deploymentId: string): number;
  /** What others have sent there in the running minute (UTC); of the tokens so many were output. Absent: not known. */
  usedElsewhere?(deploymentId: string): { readonly requests: number; readonly tokens: number; readonly outputTokens?: number };
}

export interface SharedRest {
  /** A deployment's, a credential's or a server's key of the breaker. */
  readonly key: string;
  readonly until: number;
  /** Refused also where there is nothing else. */
  readonly open: boolean;
  readonly code: ErrorCode;
  readonly status: number;
}
