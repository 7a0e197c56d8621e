import type { z } from 'zod';
import { durationMs } from './durations.ts';
import type { generalSettings } from './schema/general-settings.ts';
import type { sluiceSettings } from './schema/sluice-settings.ts';
import { usualContentRetention, type withoutJournal } from './schema/spend.ts';

/** How what calls cost, and what is said in them, is written down. */
export interface SpendSettings {
  readonly withoutJournal: (typeof withoutJournal)[number];
  /** Requests and answers of chats are kept as well. */
  readonly storeContents: boolean;
  /** How long. */
  readonly contentRetentionMs: number;
}

export const spendSettings = (general: z.output<typeof generalSettings>, sluice: z.output<typeof sluiceSettings>): SpendSettings => ({
  withoutJournal: sluice?.spend?.without_journal ?? 'while_memory_lasts',
  storeContents: general?.store_prompts_in_spend_logs ?? false,
  contentRetentionMs: durationMs(sluice?.spend?.content_retention ?? usualContentRetention)!,
});
