import { join } from 'node:path';
import { agentHeaders, type Agent } from './agent.ts';

const homeVariable = 'GEMINI_CLI_HOME';

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const under = (settings: Record<string, unknown>, name: string): Record<string, unknown> => {
  const value = settings[name];
  return isObject(value) ? value : {};
};

/** The user's settings, which may hold comments. What cannot be read is told by the agent itself, of the user's own file. */
const parsed = (text: string | undefined): Record<string, unknown> => {
  try {
    const value: unknown = Bun.JSONC.parse(text ?? '{}');
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
};

/**
 * Gemini CLI (https://github.com/google-gemini/gemini-cli/blob/main/docs/reference/configuration.md, read 2026-11-22, and
 * 0.61 itself). How it signs in is a setting that no variable overrides, and the system's settings count only where they
 * are root's; so for these runs it has a home of its own, with the user's settings but for that one.
 */
export const gemini: Agent = {
  name: 'gemini',
  label: 'Gemini CLI',
  install: '@google/gemini-cli',
  prefers: [/gemini.*pro/, /gemini.*flash/, /gemini/],
  vendor: 'gemini',
  start({ url, key, model }, { env, home, read }) {
    const userHome = env[homeVariable] || home;
    const from = userHome === undefined ? undefined : join(userHome, '.gemini');
    // What it was called before is put in its place by the agent, over ours.
    const { selectedAuthType: _before, ...settings } = parsed(from && read(join(from, 'settings.json')));
    const security = under(settings, 'security');
    const auth = { ...under(security, 'auth'), selectedType: 'gemini-api-key' };
    const headers = Object.entries(agentHeaders).map((each) => each.join(': '));
    return {
      args: [],
      env: {
        GOOGLE_GEMINI_BASE_URL: url,
        GEMINI_API_KEY: key,
        GEMINI_CLI_CUSTOM_HEADERS: [env['GEMINI_CLI_CUSTOM_HEADERS'], ...headers].filter(Boolean).join(', '),
        GOOGLE_API_KEY: undefined,
        GOOGLE_GENAI_USE_GCA: undefined,
        GOOGLE_GENAI_USE_VERTEXAI: undefined,
        ...(model !== undefined && { GEMINI_MODEL: model }),
      },
      home: {
        variable: homeVariable,
        folder: '.gemini',
        from,
        files: { 'settings.json': JSON.stringify({ ...settings, security: { ...security, auth } }, null, 2) },
      },
    };
  },
};
