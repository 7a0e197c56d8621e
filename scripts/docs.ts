// Writes the pages of docs/ that are made from code. `npm run docs`; a test says when they are out of date.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { referencePage } from '../gateway/src/config/reference-page.ts';

const file = fileURLToPath(new URL('../docs/reference/config.md', import.meta.url));
await mkdir(fileURLToPath(new URL('.', new URL('../docs/reference/config.md', import.meta.url))), { recursive: true });
await writeFile(file, referencePage());
console.log('docs/reference/config.md');
