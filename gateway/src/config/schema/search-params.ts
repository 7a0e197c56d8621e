import { secret, text } from './fields.ts';

/** What vendors of searches must know besides a key. Names are the providers' own. */
export const searchShape = {
  search_engine_id: text({ about: 'Google Programmable Search: the id of the engine. Absent: `GOOGLE_PSE_ENGINE_ID`.' }),
  dataforseo_login: text({ about: 'DataForSEO: the login, where `api_key` is not `login:password`. Absent: `DATAFORSEO_LOGIN`.' }),
  dataforseo_password: secret({ about: 'DataForSEO: the password. Absent: `DATAFORSEO_PASSWORD`.' }),
  bing_grounding_model: text({ about: 'Grounding with Bing: the deployed model that searches. Absent: `BING_GROUNDING_MODEL`.' }),
  bing_grounding_connection_id: text({
    about:
      "Grounding with Bing: the project's connection to Bing. Absent: `BING_GROUNDING_CONNECTION_ID`, else the model's own web search.",
  }),
  agentcore_search_tool_name: text({
    about: 'AgentCore: the search tool of the gateway. Absent: `AGENTCORE_SEARCH_TOOL_NAME`, else `web-search-tool___WebSearch`.',
  }),
  agentcore_mcp_protocol_version: text({
    about: 'AgentCore: the version of MCP that the gateway was made for. Absent: `AGENTCORE_MCP_PROTOCOL_VERSION`, else `2025-03-26`.',
  }),
};

export const searchNames = Object.keys(searchShape) as (keyof typeof searchShape)[];
