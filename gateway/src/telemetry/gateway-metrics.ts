import { totalInputTokens, totalOutputTokens } from 'sluice/kit';
import type { CallRecord } from './call-record.ts';
import { createDiscoveryMetrics, type SourceFigures } from './discovery-metrics.ts';
import { createMetrics, type MetricsRegistry } from './metrics.ts';
import { createRouterMetrics, type RouterFigures, type RouterMetrics } from './router-metrics.ts';
import { createShapingMetrics, type CountedAffinity, type ShapingMetrics } from './shaping-metrics.ts';

const durationBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
const overheadBuckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

const maxKinds = 1000;

/** What the gateway counts of itself. */
export interface GatewayMetrics extends Pick<RouterMetrics, 'rested'>, Pick<ShapingMetrics, 'collect' | 'mirrorDropped'> {
  record(call: CallRecord): void;
  /** A source of deployments failed. */
  sourceFailed(source: string): void;
  render(): string;
}

export const createGatewayMetrics = (
  openCalls: () => number,
  figures: RouterFigures & { affinities?(): Iterable<CountedAffinity>; sources?(): Iterable<SourceFigures> },
  registry: MetricsRegistry = createMetrics(),
): GatewayMetrics => {
  const byCall = ['route', 'model', 'provider'] as const;
  const requests = registry.counter('sluice_requests_total', 'Calls that have ended, by HTTP status.', [...byCall, 'status']);
  const duration = registry.histogram(
    'sluice_request_duration_seconds',
    'From the request to the last byte of its answer.',
    byCall,
    durationBuckets,
  );
  const firstOutput = registry.histogram(
    'sluice_time_to_first_token_seconds',
    'From the request to the first output of a stream.',
    byCall,
    durationBuckets,
  );
  const overhead = registry.histogram(
    'sluice_overhead_seconds',
    'What the gateway itself added: request time less upstream time, up to the first byte of the answer.',
    ['route'],
    overheadBuckets,
  );
  const tokens = registry.counter('sluice_tokens_total', 'Tokens as the providers counted them.', [...byCall, 'direction']);
  const spend = registry.counter('sluice_spend_usd_total', 'What the calls cost whose price is known, in US dollars.', byCall);
  const unpriced = registry.counter('sluice_unpriced_calls_total', 'Answered calls whose cost is not known.', byCall);
  const wouldRefuse = registry.counter(
    'sluice_limits_would_refuse_total',
    'Refusals of limits that are only tried out, by what they count: the calls were let through.',
    ['kind'],
  );
  const retries = registry.counter('sluice_upstream_retries_total', 'Tries after the first.', ['model', 'provider']);
  const disconnects = registry.counter('sluice_client_disconnects_total', 'Clients that left before their answer was complete.', ['route']);
  const broken = registry.counter('sluice_broken_streams_total', 'Streams that ended with an error after their headers had gone out.', [
    ...byCall,
    'code',
  ]);
  registry.gauge('sluice_open_calls', 'Calls that are running.', openCalls);
  registry.gauge('process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss());
  registry.gauge('process_cpu_seconds_total', 'User and system CPU time.', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });

  const router = createRouterMetrics(registry, figures);
  const sourceFailed = createDiscoveryMetrics(registry, () => figures.sources?.() ?? []);
  const shaping = createShapingMetrics(registry);

  const seriesOf = ({ route, model = '', provider = '', status }: CallRecord) => {
    const labels = [route, model, provider];
    return {
      requests: requests.of([...labels, String(status)]),
      duration: duration.of(labels),
      overhead: overhead.of([route]),
      input: tokens.of([...labels, 'input']),
      output: tokens.of([...labels, 'output']),
      spend: spend.of(labels),
    };
  };
  /** The series of calls of one kind, looked up once. Bounded as the series themselves are. */
  const known = new Map<string, ReturnType<typeof seriesOf>>();
  const kindOf = (call: CallRecord) => {
    const key = `${call.route}\n${call.model}\n${call.provider}\n${call.status}`;
    let series = known.get(key);
    if (!series) {
      series = seriesOf(call);
      if (known.size < maxKinds) known.set(key, series);
    }
    return series;
  };

  return {
    record(given) {
      router.record(given);
      const call = given.madeUp ? { ...given, model: given.servedModel } : given;
      shaping.record(call);
      const series = kindOf(call);
      series.requests.add(1);
      series.duration.observe(call.durationMs / 1000);
      if (call.overheadMs !== undefined) series.overhead.observe(call.overheadMs / 1000);
      if (call.usage) {
        series.input.add(totalInputTokens(call.usage));
        series.output.add(totalOutputTokens(call.usage));
      }
      const { route, model = '', provider = '' } = call;
      if (call.stream && call.firstOutputMs !== undefined) firstOutput.of([route, model, provider]).observe(call.firstOutputMs / 1000);
      if (call.cost?.charged) series.spend.add(call.cost.charged.total / 1e9);
      if (call.lostNanoUsd !== undefined) series.spend.add(call.lostNanoUsd / 1e9);
      if (call.cost && !call.cost.charged) unpriced.of([route, model, provider]).add(1);
      for (const { kind } of call.wouldRefuse ?? []) wouldRefuse.of([kind]).add(1);
      if (call.attempts > 1) retries.of([model, provider]).add(call.attempts - 1);
      if (call.status === 499) disconnects.of([route]).add(1);
      if (call.status < 400 && call.errorCode !== undefined) broken.of([route, model, provider, call.errorCode]).add(1);
    },
    rested: router.rested,
    sourceFailed,
    collect: shaping.collect,
    mirrorDropped: shaping.mirrorDropped,
    render() {
      if (figures.affinities) shaping.collect(figures.affinities());
      return registry.render();
    },
  };
};
