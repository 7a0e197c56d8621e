import { expect, test } from 'bun:test';
import { createMetrics } from './metrics.ts';

test('counters, gauges and histograms in the text format', () => {
  const metrics = createMetrics();
  const requests = metrics.counter('requests_total', 'Requests.', ['route', 'status']);
  requests.of(['chat', '200']).add(1);
  requests.of(['chat', '200']).add(2);
  metrics.gauge('open', 'Open.', () => 7);
  const seconds = metrics.histogram('seconds', 'Time.', ['route'], [0.1, 1]);
  seconds.of(['chat']).observe(0.1);
  seconds.of(['chat']).observe(0.5);
  seconds.of(['chat']).observe(5);
  expect(metrics.render()).toBe(`# HELP requests_total Requests.
# TYPE requests_total counter
requests_total{route="chat",status="200"} 3
# HELP open Open.
# TYPE open gauge
open 7
# HELP seconds Time.
# TYPE seconds histogram
seconds_bucket{route="chat",le="0.1"} 1
seconds_bucket{route="chat",le="1"} 2
seconds_bucket{route="chat",le="+Inf"} 3
seconds_sum{route="chat"} 5.6
seconds_count{route="chat"} 3
`);
});

test('label values are escaped', () => {
  const metrics = createMetrics();
  metrics.counter('c', 'C.', ['model']).of(['a"b\\c\nd']).add(1);
  expect(metrics.render()).toContain('c{model="a\\"b\\\\c\\nd"} 1');
});

test('FP-43: names made up by clients do not multiply series', () => {
  const metrics = createMetrics();
  const counter = metrics.counter('c', 'C.', ['model']);
  for (let at = 0; at < 100_000; at++) counter.of([`model-${at}`]).add(1);
  const lines = metrics
    .render()
    .split('\n')
    .filter((line) => line.startsWith('c{'));
  expect(lines.length).toBeLessThanOrEqual(1001);
  expect(lines).toContain('c{model="other"} 99000');
});

test('gauges of a label are read when the page is made, and bounded', () => {
  const metrics = createMetrics();
  let values: [string, number][] = [['a"b', 2]];
  metrics.gauges('state', 'State.', 'deployment', () => values);
  expect(metrics.render()).toBe('# HELP state State.\n# TYPE state gauge\nstate{deployment="a\\"b"} 2\n');
  values = Array.from({ length: 2000 }, (_, at) => [`d${at}`, 0]);
  expect(metrics.render().split('\n')).toHaveLength(1003);
});
