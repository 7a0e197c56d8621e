import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Glob } from 'bun';

export const repository = join(import.meta.dir, '../..');

/** A fenced block of a page. */
export interface Snippet {
  page: string;
  /** Of its first line in the page. */
  line: number;
  language: string;
  /** What stands behind the language: `fails`, `row`, `not-run: a reason`. */
  info: string;
  code: string;
}

/** Every page for people, but those of docs/clients: their programs need libraries, and `npm run test:clients` runs them. */
export const pages: readonly string[] = [
  ...new Glob('*.md').scanSync({ cwd: repository }),
  ...new Glob('docs/**/*.md').scanSync({ cwd: repository }),
  ...new Glob('{bench,test,examples,sdk,gateway}/*.md').scanSync({ cwd: repository }),
].sort();

export const textOf = (page: string): string => readFileSync(join(repository, page), 'utf8');

export const snippetsOf = (page: string): Snippet[] => {
  const found: Snippet[] = [];
  let open: Snippet | undefined;
  textOf(page)
    .split('\n')
    .forEach((text, at) => {
      const fence = /^```(\w*)[ ]?(.*)$/.exec(text);
      if (open && text === '```') {
        found.push(open);
        open = undefined;
      } else if (open) open.code += `${text}\n`;
      else if (fence) open = { page, line: at + 1, language: fence[1]!, info: fence[2]!.trim(), code: '' };
    });
  if (open) throw new Error(`${page}:${open.line}: a block that does not end`);
  return found;
};

const notRun = /^not-run: (.+)$/;

/** Why a snippet is not run; undefined where it is. */
export const reasonOf = ({ info }: Snippet): string | undefined => notRun.exec(info)?.[1];
