import { readTextFile } from '../../lib/read-file.ts';
import type { Provider, Target } from '../../types/index.ts';
import { awsAuth, type HeldCredentials } from '../aws/auth.ts';
import { resolveCredentials } from '../aws/credentials/index.ts';
import type { CredentialFetch } from '../aws/credentials/types.ts';
import { awsCredentialOptions, awsOptionsEnv } from '../aws/settings.ts';
import { textOption } from '../credentials.ts';
import { createTokenCache } from '../token-cache.ts';
import { searchProvider } from './provider.ts';

/*
 * Web search on Amazon Bedrock AgentCore: a tool of a gateway, called as MCP has it. Sources, read 2026-11-22:
 * docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-target-connector-web-search-tool.html, the Python package
 * litellm 1.109.1. A gateway takes SigV4 or a bearer token, as it was made.
 */

export interface AgentcoreOptions {
  fetch?: CredentialFetch;
  now?: () => number;
}

/** The region is in the gateway's host; with a name of one's own it must be said. */
const regionIn = (target: Target): string | undefined => {
  const host = target.baseUrl === undefined ? '' : new URL(target.baseUrl).hostname;
  return (
    /^[a-z0-9-]+\.gateway\.bedrock-agentcore\.([a-z0-9-]+)\.amazonaws\.com$/.exec(host)?.[1] ??
    textOption(target, 'aws_region_name') ??
    textOption(target, 'env_aws_region')
  );
};

/** Holds AWS credentials of its targets, so a program makes one. */
export const createAgentcore = ({ fetch = (url, init) => globalThis.fetch(url, init), now = Date.now }: AgentcoreOptions = {}): Provider =>
  searchProvider(
    {
      id: 'agentcore',
      label: 'Amazon Bedrock AgentCore',
      baseUrlEnv: ['AGENTCORE_GATEWAY_URL'],
      auth: awsAuth({
        cache: createTokenCache<HeldCredentials>(now),
        resolve: (settings) => resolveCredentials({ fetch, readFile: readTextFile, now }, settings),
        now,
        placeOf: (target) => ({ base: target.baseUrl ?? '', region: regionIn(target) }),
        serviceOf: () => 'bedrock-agentcore',
      }),
      keyEnv: ['AGENTCORE_GATEWAY_TOKEN'],
      optionsEnv: {
        ...awsOptionsEnv,
        agentcore_search_tool_name: ['AGENTCORE_SEARCH_TOOL_NAME'],
        agentcore_mcp_protocol_version: ['AGENTCORE_MCP_PROTOCOL_VERSION'],
      },
      credentialOptions: awsCredentialOptions,
      source: 'https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-target-connector-web-search-tool.html, 2026-11-22',
    },
    async () => (await import('./agentcore-tool.ts')).agentcoreSearch,
  );
