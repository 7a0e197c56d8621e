import { describe, expect, test } from 'bun:test';
import { modelsOfGroups } from './access-groups.ts';

describe('modelsOfGroups', () => {
  test('each group has its models once, in the order of the deployments', () => {
    const groups = modelsOfGroups([
      { name: 'gpt', accessGroups: ['beta', 'paid'] },
      { name: 'free' },
      { name: 'claude', accessGroups: ['paid'] },
      { name: 'gpt', accessGroups: ['paid'] },
      { name: 'openai/*', accessGroups: ['beta'] },
    ]);
    expect(Object.fromEntries(groups)).toEqual({ beta: ['gpt', 'openai/*'], paid: ['gpt', 'claude'] });
    expect(groups.get('constructor')).toBeUndefined();
  });
});
