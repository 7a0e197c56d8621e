import type { Thing } from '../verb.ts';
import { credentials } from './credentials.ts';
import { keys } from './keys.ts';
import { models } from './models.ts';
import { teams } from './teams.ts';
import { users } from './users.ts';

/** What there are commands for. */
export const things: readonly Thing[] = [keys, teams, users, models, credentials];
