import { operate, requireMembers, SluiceError, type JsonObject } from 'sluice/kit';
import { searchToolModel, searchToolOf } from '../../config/schema/search-tools.ts';
import { runCall } from '../../pipeline/call.ts';
import { askedFor } from '../../pipeline/metering/asked-for.ts';
import type { Live } from '../../pipeline/live.ts';
import { withMembers } from '../client-request.ts';
import { readGatewayMembers, withoutTaken } from '../gateway-members.ts';
import type { Handling } from '../handling.ts';
import { mediaResponse } from './media.ts';

/** Searches the web with a tool of the configuration, in Perplexity's format. @throws SluiceError */
export const handleSearch = async (handling: Handling): Promise<Response> => {
  const { request, state, transport } = handling;
  const { text, json } = await handling.json();
  const asked = readGatewayMembers(json, request.headers);
  const mine = withoutTaken({ body: json, text, headers: request.headers }, asked);
  const { search_tool_name: named, model: _model, ...body } = mine.body;
  if (named !== undefined && typeof named !== 'string')
    throw new SluiceError('invalid_request', "'search_tool_name' must be a string.", { param: 'search_tool_name' });
  requireMembers(body, 'search');
  const known: JsonObject = body;
  const { text: own } = withMembers(mine, { search_tool_name: undefined, model: undefined });
  state.model = modelOf(handling.model ?? named, state.live);
  state.ignored = asked.ignored;
  state.askedFor = () => askedFor('search', known, '');
  const answer = await runCall(state, transport, asked, (target, context, overrides) =>
    operate(
      {
        operation: 'search',
        target,
        known: { ...known, ...overrides },
        request: () => ({ ...known, ...overrides }) as never,
        // A search has no model: vendors would refuse the word.
        relay: ({ model: _none, ...members }) => {
          const set = withMembers({ body, text: own, headers: request.headers }, { ...overrides, ...members });
          return { contentType: 'application/json', body: set.text };
        },
      },
      context,
    ),
  );
  return mediaResponse(handling, answer);
};

/** A tool of the configuration, or a vendor whose key the gateway has. @throws SluiceError */
const modelOf = (name: string | undefined, live: Live): string => {
  const tools = toolsOf(live);
  if (name === undefined) {
    if (tools.length === 1) return searchToolModel(tools[0]!.search_tool_name);
    throw new SluiceError('invalid_request', `Say who is to search: 'search_tool_name' is missing.${known(allTools(live))}`, {
      param: 'search_tool_name',
    });
  }
  if (tools.some((tool) => tool.search_tool_name === name)) return searchToolModel(name);
  const ofVendor = `${name}/search`;
  if (live.providers.find(name)?.operations?.search && live.router.match(ofVendor).length > 0) return ofVendor;
  throw new SluiceError('not_found', `There is no search tool '${name.slice(0, 100)}'.${known(allTools(live))}`, {
    param: 'search_tool_name',
  });
};

const known = (tools: readonly { search_tool_name: string }[]): string =>
  tools.length === 0
    ? " The configuration has none: see 'search_tools'."
    : ` There are ${tools
        .slice(0, 10)
        .map((tool) => `'${tool.search_tool_name}'`)
        .join(', ')}.`;

interface Tool {
  search_tool_name: string;
  search_provider: string | undefined;
  description?: unknown;
}

const toolsOf = ({ snapshot }: Live): Tool[] => {
  const found = new Map<string, Tool>();
  for (const { modelName, provider, modelInfo } of snapshot.deployments) {
    const name = searchToolOf(modelName);
    if (name === undefined || found.has(name)) continue;
    const description = modelInfo['description'];
    found.set(name, { search_tool_name: name, search_provider: provider, ...(description !== undefined && { description }) });
  }
  return [...found.values()];
};

/** Vendors all of whose models the configuration serves: their names are tools. */
const vendorsOf = ({ snapshot, providers }: Live): Tool[] =>
  snapshot.deployments.flatMap(({ modelName }) => {
    const name = modelName.endsWith('/*') ? modelName.slice(0, -2) : '';
    return providers.find(name)?.operations?.search ? [{ search_tool_name: name, search_provider: name }] : [];
  });

const allTools = (live: Live): Tool[] => {
  const tools = toolsOf(live);
  return [...tools, ...vendorsOf(live).filter(({ search_tool_name: name }) => !tools.some((tool) => tool.search_tool_name === name))];
};

/** The answer of `GET /v1/search/tools` (LiteLLM v1.104). */
export const listSearchTools = (live: Live): JsonObject => ({ object: 'list', data: allTools(live) });
