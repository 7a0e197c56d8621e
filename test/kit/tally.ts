import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One thing that must hold of one recording. */
export interface Case {
  provider: string;
  /** The client's format, or the API that is called. */
  format: string;
  /** `source file#n` */
  name: string;
  /** What is wrong; empty if it holds. */
  check(): Promise<string[]>;
}

/** A miss that is known, with its reason. If it holds after all, the list is wrong and the suite fails too. */
export interface KnownMiss {
  use: string;
  /** `source file#n` */
  name: string;
  /** The formats where it is missed; all if absent. */
  formats?: readonly string[];
  reason: string;
}

export interface Miss {
  provider: string;
  format: string;
  name: string;
  differences: string[];
  known: string | undefined;
}

interface Count {
  held: number;
  total: number;
}

const reportFile = join(import.meta.dir, '../recordings/report.json');

/** Counts what holds, and keeps what does not. */
export class Tally {
  readonly use: string;
  readonly misses: Miss[] = [];
  /** Known misses that hold. */
  readonly stale: string[] = [];
  readonly #counts = new Map<string, Map<string, Count>>();
  readonly #known: readonly KnownMiss[];

  constructor(use: string, known: readonly KnownMiss[]) {
    this.use = use;
    this.#known = known.filter((miss) => miss.use === use);
  }

  /** Checks all cases, some at a time. @returns the misses that nobody knows of, and the known ones that hold, as text */
  async run(cases: readonly Case[], atOnce = 8): Promise<string[]> {
    const complaints: string[] = [];
    let next = 0;
    const worker = async () => {
      for (let one = cases[next++]; one; one = cases[next++]) complaints.push(...(await this.#check(one)));
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return complaints.sort();
  }

  async #check(one: Case): Promise<string[]> {
    const { provider, format, name } = one;
    const differences = await one.check().catch((cause: unknown) => [`threw: ${String(cause)}`]);
    const count = this.#count(provider, format);
    count.total++;
    const known = this.#known.find((miss) => miss.name === name && (miss.formats?.includes(format) ?? true));
    if (differences.length === 0) {
      count.held++;
      if (!known) return [];
      this.stale.push(`${name} (${format})`);
      return [`${name} (${format}) holds, but is listed as a known miss`];
    }
    this.misses.push({ provider, format, name, differences, known: known?.reason });
    return known ? [] : [`${name} (${format}): ${differences.slice(0, 4).join(' | ')}`];
  }

  #count(provider: string, format: string): Count {
    let formats = this.#counts.get(provider);
    if (!formats) this.#counts.set(provider, (formats = new Map()));
    let count = formats.get(format);
    if (!count) formats.set(format, (count = { held: 0, total: 0 }));
    return count;
  }

  get total(): Count {
    const sum = { held: 0, total: 0 };
    for (const formats of this.#counts.values()) {
      for (const { held, total } of formats.values()) {
        sum.held += held;
        sum.total += total;
      }
    }
    return sum;
  }

  /** `held/total` a provider and format. */
  table(): string {
    const columns = [...new Set([...this.#counts.values()].flatMap((formats) => [...formats.keys()]))].sort();
    const rows = [...this.#counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([provider, formats]) => [provider, ...columns.map((column) => cell(formats.get(column)))]);
    const lines = [[this.use, ...columns], ...rows];
    const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
    const { held, total } = this.total;
    return [
      ...lines.map((line) =>
        line
          .map((text, column) => text.padEnd(widths[column]!))
          .join('  ')
          .trimEnd(),
      ),
      `${this.use}: ${held} of ${total} hold`,
    ].join('\n');
  }

  /** Puts this use's part into the report beside the suites. */
  write(): void {
    const before: unknown = existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')) : {};
    const counts = Object.fromEntries([...this.#counts].map(([provider, formats]) => [provider, Object.fromEntries(formats)]));
    const part = { ...this.total, counts, misses: this.misses };
    writeFileSync(reportFile, `${JSON.stringify({ ...(before as object), [this.use]: part }, null, 2)}\n`);
  }
}

const cell = (count: Count | undefined): string => (count ? `${count.held}/${count.total}` : '-');
