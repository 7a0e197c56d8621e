import { table } from '../../lib/table.ts';
import type { JsonObject } from '../../types/index.ts';
import { asObject, asObjects } from '../shared/read.ts';

/*
 * Flags of the `anthropic-beta` header that a body needs. A client of this format sends its own; one of another format
 * cannot know of them (https://platform.claude.com/docs/en/api/beta-headers and the pages of the tools, read 2026-11-21).
 */

const ofTool: Readonly<Record<string, string>> = table({
  computer_20241022: 'computer-use-2024-10-22',
  computer_20250124: 'computer-use-2025-01-24',
  computer_20251124: 'computer-use-2025-11-24',
  code_execution_20250522: 'code-execution-2025-05-22',
  code_execution_20250825: 'code-execution-2025-08-25',
  web_fetch_20250910: 'web-fetch-2025-09-10',
  memory_20250818: 'context-management-2025-06-27',
  advisor_20260301: 'advisor-tool-2026-03-01',
  mcp_toolset: 'mcp-client-2025-11-20',
});

const when = (needed: unknown, beta: string): readonly string[] => (needed ? [beta] : []);

/** Whether one of the edits of a context begins so. */
const edits = (value: unknown, compacts: boolean): boolean =>
  asObjects(asObject(value)?.['edits']).some(({ type }) => String(type).startsWith('compact_') === compacts);

const ofMember: Readonly<Record<string, (value: unknown) => readonly string[]>> = table({
  mcp_servers: () => ['mcp-client-2025-11-20'],
  context_management: (value) => [
    ...when(edits(value, true), 'compact-2026-01-12'),
    ...when(edits(value, false) || !edits(value, true), 'context-management-2025-06-27'),
  ],
  container: (value) => when(asObject(value)?.['skills'], 'skills-2025-10-02'),
  output_format: () => ['structured-outputs-2025-11-13'],
  output_config: (value) => when(asObject(value)?.['task_budget'], 'task-budgets-2026-03-13'),
  speed: (value) => when(value === 'fast', 'fast-mode-2026-02-01'),
  user_profile_id: () => ['user-profiles-2026-03-24'],
});

/** Adds what the body needs to `betas`. */
export const addBetas = (body: JsonObject, betas: Set<string>): void => {
  for (const { type } of asObjects(body['tools'])) {
    const beta = ofTool[String(type)];
    if (beta) betas.add(beta);
  }
  for (const name in ofMember) {
    if (body[name] !== undefined) for (const beta of ofMember[name]!(body[name])) betas.add(beta);
  }
};
