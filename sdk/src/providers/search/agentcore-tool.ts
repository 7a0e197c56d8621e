import { createSseParser } from '../../lib/sse.ts';
import { asObject, asObjects, asString, parseObject } from '../../protocols/shared/read.ts';
import { SluiceError, type JsonObject, type Target, type Wire, type WireCall } from '../../types/index.ts';
import { textOption } from '../credentials.ts';
import type { SearchVendor } from './adapter.ts';
import { readResults, type Result } from './results.ts';

/** What a gateway whose versions nobody set takes; it is called without a handshake that would agree on one. */
const defaultMcpVersion = '2025-03-26';
const defaultTool = 'web-search-tool___WebSearch';
/** Connectors of web searches all end so: no other tool of the gateway is called with the deployment's credentials. */
const toolEnding = '___WebSearch';

const toolOf = (target: Target, asked: unknown): string => {
  const name = asString(asked) ?? textOption(target, 'agentcore_search_tool_name') ?? defaultTool;
  if (name.endsWith(toolEnding)) return name;
  throw new SluiceError(
    'invalid_request',
    `'tool_name' must end with '${toolEnding}': other tools of the gateway are not called for a search.`,
    {
      param: 'tool_name',
    },
  );
};

/** One JSON-RPC answer, or a stream of events of which one is it. */
const send = async (call: WireCall, wire: Wire): Promise<JsonObject> => {
  const { bytes } = await wire.file(call);
  const text = await bytes.text();
  const whole = parseObject(text);
  if (whole) return whole;
  const events: JsonObject[] = [];
  const parser = createSseParser(({ data }) => {
    const event = parseObject(data);
    if (event) events.push(event);
  });
  parser.push(new TextEncoder().encode(text));
  parser.close();
  const answer = events.find((event) => event['result'] !== undefined || event['error'] !== undefined);
  if (!answer) throw new SluiceError('invalid_response', 'The gateway answered with neither a result nor an error.');
  return answer;
};

const members = { snippet: ['text', 'snippet'], date: ['publishedDate', 'date'] };

const listIn = (value: unknown): unknown[] => (Array.isArray(value) ? value : asObjects(asObject(value)?.['results']));

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Results are JSON in blocks of text, and in newer connectors beside them. Failures of the tool come with status 200. */
const read = (answer: JsonObject): Result[] => {
  const error = asObject(answer['error']);
  if (error) throw new SluiceError('bad_gateway', asString(error['message']) ?? 'The gateway refused the call without a message.');
  const result = asObject(answer['result']);
  if (!result) throw new SluiceError('invalid_response', 'The gateway answered without a result.');
  const texts = asObjects(result['content']).flatMap(({ type, text }) => (type === 'text' && typeof text === 'string' ? [text] : []));
  if (result['isError'] === true) throw new SluiceError('bad_gateway', texts.join(' ') || 'The search failed without a message.');
  const found = texts.flatMap((text) => listIn(parsed(text)));
  return readResults(found.length > 0 ? found : listIn(result['structuredContent']), members);
};

export const agentcoreSearch: SearchVendor = {
  maxResults: 25,
  takes: [],
  call: ({ query, maxResults, extra }, { target }) => {
    const { tool_name, ...own } = extra;
    return {
      url: '',
      headers: {
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': textOption(target, 'agentcore_mcp_protocol_version') ?? defaultMcpVersion,
      },
      json: {
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: toolOf(target, tool_name), arguments: { query, maxResults, ...own } },
      },
    };
  },
  send,
  read,
};
