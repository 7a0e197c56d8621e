import { expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProviders } from '../../sdk/src/providers/registry.ts';
import { completion } from 'sluice';
import { createRouter, type Strategy } from '../../sdk/src/router/index.ts';
import type { Provider } from '../../sdk/src/types/index.ts';
import { chatContract } from '../contract/chat-contract.ts';
import { repository, snippetsOf } from './snippets.ts';

/* What CONTRIBUTING.md shows is done here as it says. */

const codesOf = (info: string, count: number): string => {
  const found = snippetsOf('CONTRIBUTING.md').filter((snippet) => snippet.info === info);
  if (found.length !== count) throw new Error(`${found.length} snippets '${info}'`);
  return found.map(({ code }) => code).join('\n');
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

const { made } = (await importAs(
  'sdk/src/providers/compatible',
  `import { openaiFormats, openaiMedia } from '../speaks.ts';
import { functionsOnly, maxTokens, providerOf, type Rows } from './row.ts';
const rows: Rows = {
${codesOf('row', 2)}
};
export const made = Object.entries(rows).map(([id, row]) => providerOf(id, row));`,
)) as { made: Provider[] };

const { list } = createProviders(made);

test('the providers of the walk-through are such', () => {
  expect(list).toMatchObject([
    { id: 'acme', label: 'Acme', baseUrlEnv: ['ACME_API_BASE'], speaks: { chat: { path: '/chat/completions' } } },
    { id: 'emca', operations: { speech: { path: '/audio/speech' } }, quirks: { rename: { max_completion_tokens: 'max_tokens' } } },
  ]);
});

test('one line is a vendor that answers', async () => {
  const bodies: unknown[] = [];
  const answer = await completion({
    model: 'acme/large',
    messages: [{ role: 'user', content: 'Hello' }],
    providers: list,
    env: { ACME_API_KEY: 'k' },
    fetch: async (url, { body }) => {
      bodies.push([url, JSON.parse(String(body))]);
      return Response.json({
        id: 'c',
        object: 'chat.completion',
        choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
      });
    },
  });
  expect(answer.choices[0]!.message.content).toBe('Hi');
  expect(bodies).toMatchObject([
    ['https://api.acme.test/v1/chat/completions', { model: 'large', messages: [{ role: 'user', content: 'Hello' }] }],
  ]);
});

for (const provider of list) chatContract(provider);

test('the strategy of the walk-through takes turns', async () => {
  const { roundRobin } = (await importAs('sdk/src/router/strategies', codesOf('strategy', 1))) as { roundRobin: () => Strategy<string> };
  const router = createRouter({
    deployments: ['a', 'b', 'c'].map((id) => ({ id, name: 'm', model: 'm', payload: id })),
    strategy: roundRobin(),
  });
  const picked: string[] = [];
  for (let call = 0; call < 6; call++) await router.run('m', async ({ deployment }) => void picked.push(deployment.payload));
  expect(picked).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
});
