import type { AdminRoute } from '../admin-route.ts';
import { checkEncryption, migrateEncryption } from './migrate.ts';
import { credentialByModel, credentialByName, listCredentials } from './read.ts';
import { createCredential, deleteCredential, updateCredential } from './write.ts';

export const credentialsRoutes: readonly AdminRoute[] = [
  createCredential,
  listCredentials,
  credentialByName,
  credentialByModel,
  updateCredential,
  deleteCredential,
  migrateEncryption,
  checkEncryption,
];
