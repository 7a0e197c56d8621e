import type { Agent } from './agent.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Each with the settings that make it think, where it has to be told. */
export const agents: readonly Agent[] = [
  {
    name: 'claude',
    program: '@anthropic-ai/claude-code-{platform}/claude',
    wire: 'anthropic-messages',
    args: (prompt) => ['-p', prompt, '--permission-mode', 'acceptEdits'],
    env: { MAX_THINKING_TOKENS: '2000' },
    read: (file_path) => ({ name: 'Read', args: { file_path } }),
    write: (file_path, content) => ({ name: 'Write', args: { file_path, content } }),
    keepsThoughts: (wire) => wire !== 'openai-chat',
  },
  {
    name: 'codex',
    program: '@openai/codex/bin/codex.js',
    wire: 'openai-responses',
    args: (prompt) => [
      'exec',
      '--skip-git-repo-check',
      '--dangerously-bypass-approvals-and-sandbox',
      '-c',
      'model_supports_reasoning_summaries=true',
      '-c',
      'model_reasoning_effort="medium"',
      '-c',
      'model_reasoning_summary="auto"',
      prompt,
    ],
    read: (path) => ({ name: 'exec_command', args: { cmd: `cat ${quoted(path)}` } }),
    write: (path, text) => ({ name: 'exec_command', args: { cmd: `printf %s ${quoted(text)} > ${quoted(path)}` } }),
    keepsThoughts: (wire) => wire !== 'openai-chat',
  },
  {
    name: 'gemini',
    program: '@google/gemini-cli/bundle/gemini.js',
    wire: 'gemini',
    args: (prompt) => ['-p', prompt, '--approval-mode', 'yolo', '--skip-trust'],
    read: (file_path) => ({ name: 'read_file', args: { file_path } }),
    write: (file_path, content) => ({ name: 'write_file', args: { file_path, content } }),
    keepsThoughts: (wire) => wire !== 'openai-chat',
  },
  {
    name: 'opencode',
    program: 'opencode-{platform}/bin/opencode',
    wire: 'openai-chat',
    args: (prompt) => ['run', prompt],
    // It would look for news of itself and of models first.
    env: { OPENCODE_DISABLE_MODELS_FETCH: '1', OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_LSP_DOWNLOAD: '1', OPENCODE_PURE: '1' },
    read: (filePath) => ({ name: 'read', args: { filePath } }),
    write: (filePath, content) => ({ name: 'write', args: { filePath, content } }),
    keepsThoughts: (wire) => wire === 'gemini',
  },
];
