/*
 * Counters, gauges and histograms in Prometheus' text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats,
 * read 2026-11-21). Own code because it is on the hot path: a child is looked up once by its joined label values and then
 * costs an addition. Labels are bounded: beyond `maxSeries` children a metric counts into one child labelled `other` (FP-43).
 */
const maxSeries = 1000;

interface Metric {
  render(): string;
}

/** Looks a child up by its label values; hot callers keep what they get. */
export interface Counter {
  of(labels: readonly string[]): { add(value: number): void };
}

export interface Histogram {
  of(labels: readonly string[]): { observe(value: number): void };
}

export interface MetricsRegistry {
  counter(name: string, help: string, labelNames: readonly string[]): Counter;
  histogram(name: string, help: string, labelNames: readonly string[], buckets: readonly number[]): Histogram;
  /** Read when the page is made. Undefined: it is left out, as there is nothing that it would say something of. */
  gauge(name: string, help: string, read: () => number | undefined): void;
  /** The same for several, told apart by one label; no more than there may be of a counter. */
  gauges(name: string, help: string, labelName: string, read: () => Iterable<readonly [label: string, value: number]>): void;
  render(): string;
}

export const createMetrics = (): MetricsRegistry => {
  const metrics: Metric[] = [];
  return {
    counter(name, help, labelNames) {
      const children = new Children(labelNames, () => {
        const child = { value: 0, add: (value: number) => void (child.value += value) };
        return child;
      });
      metrics.push({
        render: () => head(name, help, 'counter') + children.map((labels, child) => `${name}${braces(labels)} ${child.value}\n`),
      });
      return children;
    },
    histogram(name, help, labelNames, buckets) {
      const children = new Children(labelNames, () => createDistribution(buckets));
      const lines = (labels: string, { counts, sum }: Distribution) => {
        const sep = labels === '' ? '' : ',';
        let cumulative = 0;
        let text = '';
        for (let at = 0; at <= buckets.length; at++) {
          cumulative += counts[at]!;
          text += `${name}_bucket{${labels}${sep}le="${buckets[at] ?? '+Inf'}"} ${cumulative}\n`;
        }
        return `${text}${name}_sum${braces(labels)} ${sum}\n${name}_count${braces(labels)} ${cumulative}\n`;
      };
      metrics.push({ render: () => head(name, help, 'histogram') + children.map(lines) });
      return children;
    },
    gauge(name, help, read) {
      metrics.push({
        render() {
          const value = read();
          return value === undefined ? '' : `${head(name, help, 'gauge')}${name} ${value}\n`;
        },
      });
    },
    gauges(name, help, labelName, read) {
      metrics.push({
        render() {
          let text = head(name, help, 'gauge');
          let left = maxSeries;
          for (const [label, value] of read()) {
            if (left-- === 0) break;
            text += `${name}{${labelName}="${escape(label)}"} ${value}\n`;
          }
          return text;
        },
      });
    },
    render: () => metrics.map((metric) => metric.render()).join(''),
  };
};

interface Distribution {
  readonly counts: Float64Array;
  sum: number;
  observe(value: number): void;
}

const createDistribution = (buckets: readonly number[]): Distribution => {
  const distribution: Distribution = {
    counts: new Float64Array(buckets.length + 1),
    sum: 0,
    observe(value) {
      let at = 0;
      while (at < buckets.length && value > buckets[at]!) at++;
      distribution.counts[at]!++;
      distribution.sum += value;
    },
  };
  return distribution;
};

class Children<T> {
  readonly #names: readonly string[];
  readonly #make: () => T;
  readonly #byKey = new Map<string, T>();

  constructor(names: readonly string[], make: () => T) {
    this.#names = names;
    this.#make = make;
  }

  of(values: readonly string[]): T {
    const key = values.join('\u0000');
    const known = this.#byKey.get(key);
    if (known) return known;
    if (this.#byKey.size >= maxSeries && key !== this.#otherKey) return this.of(this.#names.map(() => 'other'));
    const made = this.#make();
    this.#byKey.set(key, made);
    return made;
  }

  map(render: (labels: string, child: T) => string): string {
    let text = '';
    for (const [key, child] of this.#byKey) text += render(this.#labels(key), child);
    return text;
  }

  get #otherKey(): string {
    return this.#names.map(() => 'other').join('\u0000');
  }

  #labels(key: string): string {
    const values = key.split('\u0000');
    return this.#names.map((name, at) => `${name}="${escape(values[at] ?? '')}"`).join(',');
  }
}

const head = (name: string, help: string, type: string): string => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
const braces = (labels: string): string => (labels === '' ? '' : `{${labels}}`);
const escape = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
