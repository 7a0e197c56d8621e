import { z } from 'zod';
import { duration } from './budgets.ts';
import { boolean, choice, describe } from './fields.ts';

/** What is done with calls while the disk does not take what they cost. */
export const withoutJournal = ['while_memory_lasts', 'serve', 'refuse'] as const;
export const usualContentRetention = '30d';

/** A member of `general_settings`. */
export const contentShape = {
  store_prompts_in_spend_logs: boolean({
    default: false,
    about:
      'Requests and answers of chats are kept beside what they cost, in a table of their own, each cut at 256 Ki characters, for `sluice_settings.spend.content_retention`. The log page shows them.',
  }),
};

export const spend = describe(
  z
    .strictObject({
      without_journal: choice(withoutJournal, {
        default: 'while_memory_lasts',
        about:
          'Calls while the disk does not take what they cost (it is full): served as long as memory keeps it (20,000 calls that are not in the database yet), served whatever happens, or refused at once (503).',
      }),
      content_retention: duration(
        `How long requests and answers are kept, where they are (\`general_settings.store_prompts_in_spend_logs\`). Default: ${usualContentRetention}.`,
      ),
    })
    .optional(),
  { about: 'How what calls cost is written down.' },
);
