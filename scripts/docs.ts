// Writes what is made from code: pages of docs/, and the names of vendors for editors. `npm run docs`; a test says when they are out of date.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { referencePage } from '../gateway/src/config/reference-page.ts';
import { compatiblePrefixes } from './compatible-prefixes.ts';
import { endpointsPage } from './endpoints-page.ts';
import { providersPage } from './providers-page.ts';
import { rolesPage } from './roles-page.ts';

/** Every made page: path within the repository -> its text. */
export const pages: Readonly<Record<string, () => string>> = {
  'docs/access/roles.md': rolesPage,
  'docs/reference/config.md': referencePage,
  'docs/reference/endpoints.md': endpointsPage,
  'docs/reference/providers.md': providersPage,
  'sdk/src/client/compatible-prefix.ts': compatiblePrefixes,
};

if (import.meta.main) {
  for (const [path, text] of Object.entries(pages)) {
    const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text());
    console.log(path);
  }
}
