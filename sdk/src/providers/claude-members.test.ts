import { expect, test } from 'bun:test';
import { cachedByBlocks } from './claude-members.ts';
import { withhold } from './takes.ts';

test('marks on blocks stay, without what the clouds refuse of them (FP-20)', () => {
  const mark = { type: 'ephemeral', ttl: '1h', scope: 'global' };
  const dropped: string[] = [];
  const kept = withhold(
    {
      cache_control: mark,
      system: [{ type: 'text', text: 'a', cache_control: mark }],
      tools: [{ name: 't', cache_control: mark }],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'b', cache_control: mark }] }],
    },
    { members: cachedByBlocks },
    { drop: (what) => void dropped.push(what), lacks: () => expect.unreachable() },
  );
  const left = { type: 'ephemeral', ttl: '1h' };
  expect(kept).toEqual({
    system: [{ type: 'text', text: 'a', cache_control: left }],
    tools: [{ name: 't', cache_control: left }],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'b', cache_control: left }] }],
  });
  expect(dropped).toEqual(Object.keys(cachedByBlocks));
});
