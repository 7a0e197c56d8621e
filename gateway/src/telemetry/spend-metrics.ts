import type { MetricsRegistry } from './metrics.ts';

/** What the page of metrics asks of the journal when it is made. */
export interface SpendFigures {
  readonly waiting: number;
  readonly unwritten: number;
  readonly lost: number;
}

/** @param figures undefined: there is no database, and its gauges are left out */
export const createSpendMetrics = (registry: MetricsRegistry, figures: () => SpendFigures | undefined): void => {
  registry.gauge('sluice_spend_waiting', 'Calls whose cost is in the journal and not in the database yet.', () => figures()?.waiting);
  registry.gauge(
    'sluice_spend_unwritten',
    'Of these, calls that the disk did not take: they are in memory alone.',
    () => figures()?.unwritten,
  );
  registry.gauge('sluice_spend_lost', 'Calls whose cost nothing could keep since the start.', () => figures()?.lost);
};
