import type { Agent } from './agent.ts';
import { claude } from './claude.ts';
import { codex } from './codex.ts';
import { gemini } from './gemini.ts';
import { opencode } from './opencode.ts';

/** Every agent that `sluice run` can start. A new one is a file and a line here. */
export const agents: readonly Agent[] = [claude, codex, gemini, opencode];
