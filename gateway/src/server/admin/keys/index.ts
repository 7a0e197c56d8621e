import type { AdminRoute } from '../admin-route.ts';
import { keyAliases } from './aliases.ts';
import { blockKey, unblockKey } from './block.ts';
import { bulkUpdateKeys, bulkUpdateTeamKeys } from './bulk-update.ts';
import { deleteKey } from './delete.ts';
import { generateKey, generateServiceAccountKey } from './generate.ts';
import { keyHealth } from './health.ts';
import { keyInfo, keysInfo } from './info.ts';
import { listKeys } from './list.ts';
import { regenerateKey } from './regenerate.ts';
import { resetSpend } from './reset-spend.ts';
import { updateKey } from './update.ts';

/** Virtual keys. */
export const keyRoutes: readonly AdminRoute[] = [
  generateKey,
  generateServiceAccountKey,
  updateKey,
  bulkUpdateKeys,
  bulkUpdateTeamKeys,
  deleteKey,
  keyInfo,
  keysInfo,
  regenerateKey,
  resetSpend,
  listKeys,
  keyAliases,
  blockKey,
  unblockKey,
  keyHealth,
];
