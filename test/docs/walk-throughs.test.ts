import { expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProviders } from '../../sdk/src/providers/registry.ts';
import { createRouter, type Strategy } from '../../sdk/src/router/index.ts';
import type { Provider } from '../../sdk/src/types/index.ts';
import { chatContract } from '../contract/chat-contract.ts';
import { repository, snippetsOf } from './snippets.ts';

/* What CONTRIBUTING.md shows is done here as it says. */

const codeOf = (info: string): string => {
  const found = snippetsOf('CONTRIBUTING.md').filter((snippet) => snippet.info === info);
  if (found.length !== 1) throw new Error(`${found.length} snippets '${info}'`);
  return found[0]!.code;
};

/** Imports a module that is written as if it stood in a folder of the SDK. */
const importAs = async (folder: string, text: string): Promise<Record<string, unknown>> => {
  const cache = join(repository, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const place = mkdtempSync(join(cache, 'walk-'));
  const file = join(place, 'module.ts');
  writeFileSync(
    file,
    text.replaceAll(/from '(\.[^']+)'/g, (_, path: string) => `from '${join(repository, folder, path)}'`),
  );
  try {
    return (await import(file)) as Record<string, unknown>;
  } finally {
    rmSync(place, { recursive: true });
  }
};

const { rows } = (await importAs(
  'sdk/src/providers',
  `import { openaiFormats } from './speaks.ts';
const bearer = { kind: 'bearer' } as const;
export const rows = {
${codeOf('row')}
};`,
)) as { rows: Record<string, Omit<Provider, 'id'>> };

const [acme] = createProviders(Object.entries(rows).map(([id, row]) => ({ id, ...row }))).list;

test('the provider of the walk-through is one', () => {
  expect(acme).toMatchObject({ id: 'acme', label: 'Acme' });
});

chatContract(acme!);

test('the strategy of the walk-through takes turns', async () => {
  const { roundRobin } = (await importAs('sdk/src/router/strategies', codeOf('strategy'))) as { roundRobin: () => Strategy<string> };
  const router = createRouter({
    deployments: ['a', 'b', 'c'].map((id) => ({ id, name: 'm', model: 'm', payload: id })),
    strategy: roundRobin(),
  });
  const picked: string[] = [];
  for (let call = 0; call < 6; call++) await router.run('m', async ({ deployment }) => void picked.push(deployment.payload));
  expect(picked).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
});
