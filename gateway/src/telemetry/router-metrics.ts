import type { CallRecord } from './call-record.ts';
import type { MetricsRegistry } from './metrics.ts';

const maxAnswered = 1000;

const waitBuckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60];

/** What the page of metrics asks of the router when it is made. */
export interface RouterFigures {
  /** By deployment's id: 0 is healthy, 1 fails now and then, 2 rests. */
  states(): Iterable<readonly [id: string, state: 0 | 1 | 2]>;
  /** Calls that wait, by model name. */
  waiting(): Iterable<readonly [name: string, calls: number]>;
}

/** What is counted of the router's work. */
export interface RouterMetrics {
  record(call: CallRecord): void;
  /** Something began to rest. @param what a deployment's id, or what it shares with others */
  rested(what: string, code: string): void;
}

export const createRouterMetrics = (registry: MetricsRegistry, figures: RouterFigures): RouterMetrics => {
  const attempts = registry.counter('sluice_deployment_attempts_total', 'Tries, by why they were made and how they ended.', [
    'deployment',
    'provider',
    'reason',
    'result',
  ]);
  const cooldowns = registry.counter('sluice_deployment_cooldowns_total', 'How often something began to rest.', ['deployment', 'code']);
  const fallbacks = registry.counter('sluice_fallbacks_total', 'How often another model was asked instead.', ['from', 'to', 'result']);
  const queueWait = registry.histogram('sluice_queue_wait_seconds', 'How long calls waited for a place.', ['model'], waitBuckets);
  registry.gauges('sluice_deployment_state', '0: healthy, 1: fails now and then, 2: rests.', 'deployment', () => figures.states());
  registry.gauges('sluice_queue_length', 'Calls that wait for a place.', 'model', () => figures.waiting());

  /** What most tries are: the first ones, answered. Looked up once a deployment. Bounded as the series themselves are. */
  const answered = new Map<string, ReturnType<typeof attempts.of>>();

  return {
    record({ tries, providerOf, model, madeUp }) {
      if (!tries) return;
      const [only] = tries;
      if (tries.length === 1 && only!.reason === 'first' && only!.code === undefined && only!.waitedMs === 0) {
        const { deploymentId } = only!;
        let series = answered.get(deploymentId);
        if (!series) {
          series = attempts.of([deploymentId, providerOf?.(deploymentId) ?? '', 'first', 'ok']);
          if (answered.size < maxAnswered) answered.set(deploymentId, series);
        }
        series.add(1);
        return;
      }
      // Where all of its own were open or left out, the name that was asked for has no tries.
      let before = tries[0]?.reason === 'fallback' ? (madeUp ? '' : model) : undefined;
      for (let at = 0; at < tries.length; at++) {
        const { deploymentId, reason, name, code, waitedMs } = tries[at]!;
        attempts.of([deploymentId, providerOf?.(deploymentId) ?? '', reason, code ?? 'ok']).add(1);
        // Before a retry the wait is one between tries.
        if (waitedMs > 0 && reason !== 'retry') queueWait.of([name]).observe(waitedMs / 1000);
        if (reason === 'fallback' && before !== undefined && before !== name) {
          // How that name's tries ended in the end.
          let last = at;
          while (tries[last + 1]?.name === name) last++;
          fallbacks.of([before, name, tries[last]!.code ?? 'ok']).add(1);
        }
        before = name;
      }
    },
    rested: (what, code) => cooldowns.of([what, code]).add(1),
  };
};
