import { describe, expect, test } from 'bun:test';
import type { Dropped, JsonObject, Takes } from '../types/index.ts';
import { withhold, withholdBetas } from './takes.ts';

const takes: Takes = {
  betas: ['interleaved-thinking-2025-05-14', 'context-1m-*'],
  members: { context_management: 'drop', mcp_servers: 'refuse', 'tools[*].defer_loading': 'drop', 'output_config.task_budget': 'drop' },
  tools: ['custom', 'bash_*'],
};

/** What became of a body, what was noted, and what was refused by name. */
const after = (body: JsonObject) => {
  const dropped: string[] = [];
  const lacking: string[] = [];
  const kept = withhold(body, takes, { drop: (what) => void dropped.push(what), lacks: (what) => void lacking.push(what) });
  return { kept, dropped, lacking };
};

describe('withhold', () => {
  test('a body without any of it stays the very same object', () => {
    const body = {
      model: 'm',
      tools: [
        { name: 'f', input_schema: {} },
        { type: 'bash_20250124', name: 'bash' },
      ],
      new_member: 1,
      context_management: null,
    };
    expect(after(body).kept).toBe(body);
  });

  test('advice is left out with a record, what changes the answer is refused by name', () => {
    const body = { context_management: { edits: [] }, mcp_servers: [{}], output_config: { effort: 'low', task_budget: {} } };
    const { kept, dropped, lacking } = after(body);
    expect(kept).toEqual({ output_config: { effort: 'low' } });
    expect(dropped).toEqual(['context_management', 'output_config.task_budget']);
    expect(lacking).toEqual(['mcp_servers']);
    expect(body.output_config).toHaveProperty('task_budget');
  });

  test('kinds of edits that are not taken go, and with the last one the member', () => {
    const compact = { type: 'compact_20260112' };
    const clear = { type: 'clear_thinking_20251015', keep: 'all' };
    const after = (edits: JsonObject[]) => {
      const dropped: string[] = [];
      const context = { drop: (what: string) => void dropped.push(what), lacks: () => expect.unreachable() };
      return { kept: withhold({ context_management: { edits } }, { edits: ['compact_*'] }, context), dropped };
    };
    expect(after([compact, clear])).toEqual({
      kept: { context_management: { edits: [compact] } },
      dropped: ['context_management.edits: clear_thinking_20251015'],
    });
    expect(after([clear]).kept).toEqual({});
    expect(after([compact]).dropped).toEqual([]);
  });

  test('members of each tool', () => {
    const { kept, dropped } = after({ tools: [{ name: 'f', defer_loading: true }, { name: 'g' }] });
    expect(kept).toEqual({ tools: [{ name: 'f' }, { name: 'g' }] });
    expect(dropped).toEqual(['tools[*].defer_loading']);
  });

  test('kinds of tools that are not taken go, with the choice that names one of them', () => {
    const tools = [{ name: 'f' }, { type: 'web_search_20250305', name: 'web_search' }];
    const chosen = after({ tools, tool_choice: { type: 'tool', name: 'web_search' } });
    expect(chosen.kept).toEqual({ tools: [{ name: 'f' }] });
    expect(chosen.lacking).toEqual(['tools: web_search_20250305']);
    expect(after({ tools, tool_choice: { type: 'any' } }).kept).toEqual({ tools: [{ name: 'f' }], tool_choice: { type: 'any' } });
    expect(after({ tools: tools.slice(1), tool_choice: { type: 'any' } }).kept).toEqual({});
  });
});

test('flags of betas that are not known are left out, others stay in order', () => {
  const dropped: Dropped[] = [];
  const keep = (flags: string) => {
    const headers = { 'anthropic-beta': flags };
    withholdBetas(headers, takes, { drop: (what, why) => void dropped.push({ what, why }) });
    return headers['anthropic-beta'];
  };
  expect(keep('context-1m-2025-08-07, files-api-2025-04-14,interleaved-thinking-2025-05-14')).toBe(
    'context-1m-2025-08-07,interleaved-thinking-2025-05-14',
  );
  expect(dropped.map(({ what }) => what)).toEqual(['anthropic-beta: files-api-2025-04-14']);
  expect(keep('files-api-2025-04-14')).toBeUndefined();
});
