import { describe, expect, test } from 'bun:test';
import { anthropicMessages, ollamaChat, openaiChat } from '../protocols/index.ts';
import { providers, targetOf } from '../providers/index.ts';
import { Secret, type ChatProtocol, type JsonObject, type TransportRequest } from '../types/index.ts';
import type { CallContext } from './call.ts';
import { exchange } from './exchange.ts';
import { SluiceError } from '../types/index.ts';
import { inlineMedia, type FetchUrl } from './inline-media.ts';

const png = Uint8Array.from({ length: 30_000 }, (_, index) => index % 251);
const data = Buffer.from(png).toString('base64');

/** Fetches anything, and says what it was asked for. */
const files = (mediaType = 'image/png') => {
  const asked: string[] = [];
  const fetchUrl: FetchUrl = async (url) => {
    asked.push(url);
    return { bytes: png, mediaType };
  };
  return { asked, fetchUrl };
};

/** What goes to the provider. */
const sent = async (format: ChatProtocol, model: string, body: JsonObject, more: Partial<CallContext> = {}): Promise<JsonObject> => {
  const requests: TransportRequest[] = [];
  const target = targetOf(
    { model, apiKey: new Secret('k'), baseUrl: 'https://upstream.example', options: { aws_region_name: 'us-east-1', vertex_project: 'p' } },
    { providers, env: {} },
  );
  await exchange(
    { format, body, text: JSON.stringify(body), stream: false, target },
    {
      transport: async (request) => {
        requests.push(request);
        throw new Error('seen enough');
      },
      ...more,
    },
  ).catch((error: unknown) => {
    if (requests.length === 0) throw error;
  });
  return JSON.parse(requests[0]!.body as string) as JsonObject;
};

const url = 'https://files.example/a.png';
const asked = (part: JsonObject) => ({
  model: 'm',
  max_tokens: 9,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'what?' }, part] }],
});
const image = asked({ type: 'image_url', image_url: { url } });

describe('a file named by its URL, for a provider that fetches none', () => {
  test('Bedrock gets its bytes', async () => {
    const { asked: fetched, fetchUrl } = files();
    const body = await sent(openaiChat, 'bedrock/us.amazon.nova-pro-v1:0', image, { fetchUrl });
    expect(fetched).toEqual([url]);
    expect(JSON.stringify(body)).toContain(JSON.stringify({ image: { format: 'png', source: { bytes: data } } }));
  });

  test('Bedrock gets documents too, and their type as it was served', async () => {
    const { fetchUrl } = files('application/pdf');
    const document = {
      model: 'm',
      max_tokens: 9,
      messages: [{ role: 'user', content: [{ type: 'document', source: { type: 'url', url } }] }],
    };
    const body = await sent(anthropicMessages, 'bedrock/us.amazon.nova-pro-v1:0', document, { fetchUrl });
    expect(JSON.stringify(body)).toContain(`"format":"pdf"`);
  });

  test('Ollama gets its bytes', async () => {
    const { fetchUrl } = files();
    const body = await sent(openaiChat, 'ollama/llava', image, { fetchUrl });
    expect(body['messages']).toEqual([{ role: 'user', content: 'what?', images: [data] }]);
  });

  test("Claude on Bedrock gets it in Anthropic's own format as well, and the rest as it was", async () => {
    const { asked: fetched, fetchUrl } = files();
    const source = { type: 'image', source: { type: 'url', url }, cache_control: { type: 'ephemeral' } };
    const body = await sent(anthropicMessages, 'bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0', asked(source), { fetchUrl });
    expect(fetched).toEqual([url]);
    expect(body['messages']).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'what?' },
          { ...source, source: { type: 'base64', media_type: 'image/png', data } },
        ],
      },
    ]);
  });

  test('without a way to fetch it is refused by name, as ever', async () => {
    expect(sent(openaiChat, 'ollama/llava', image)).rejects.toMatchObject({ code: 'unsupported_parameter', param: 'image_url' });
  });

  test('what may not be fetched fails the call with its own words', async () => {
    const fetchUrl: FetchUrl = () => Promise.reject(new Error('not there'));
    expect(sent(openaiChat, 'ollama/llava', image, { fetchUrl })).rejects.toThrow('not there');
  });

  test('nothing is fetched for a provider that may be told the URL, nor for one whose URL is its own', async () => {
    const { asked: fetched, fetchUrl } = files();
    await sent(openaiChat, 'openai/gpt-5', image, { fetchUrl });
    await sent(openaiChat, 'anthropic/claude-sonnet-4-5', image, { fetchUrl });
    const s3 = {
      role: 'user',
      content: [{ text: 'see https://x.example' }, { image: { format: 'png', source: { s3Location: { uri: 's3://b/k' } } } }],
    };
    const converse = (await import('../protocols/index.ts')).bedrockConverse;
    await sent(converse, 'bedrock/us.amazon.nova-pro-v1:0', { messages: [s3] }, { fetchUrl });
    await sent(
      ollamaChat,
      'ollama/llava',
      { model: 'm', messages: [{ role: 'user', content: 'https://x.example', images: ['AA=='] }] },
      { fetchUrl },
    );
    expect(fetched).toEqual([]);
  });
});

describe('files of a request', () => {
  const request = (urls: string[]) =>
    openaiChat.request.fromWire({
      model: 'm',
      messages: [{ role: 'user', content: urls.map((each) => ({ type: 'image_url', image_url: { url: each } })) }],
    });

  test('each is fetched once, and few at a time', async () => {
    let running = 0;
    let most = 0;
    const fetched: string[] = [];
    const urls = Array.from({ length: 20 }, (_, index) => `https://x.example/${index % 10}`);
    const filled = await inlineMedia(request(urls), ['image'], {
      fetchUrl: async (each) => {
        fetched.push(each);
        most = Math.max(most, ++running);
        await Bun.sleep(1);
        running--;
        return { bytes: new TextEncoder().encode(each), mediaType: 'image/png' };
      },
    });
    expect(fetched.toSorted()).toEqual(urls.slice(0, 10));
    expect(most).toBeLessThanOrEqual(4);
    expect(
      filled.messages[0]!.content.map((part) => (part.type === 'image' && part.source.kind === 'base64' ? atob(part.source.data) : '')),
    ).toEqual(urls);
  });

  test('are not endless, in number or size', async () => {
    const many = Array.from({ length: 51 }, (_, index) => `https://x.example/${index}`);
    const { asked: fetched, fetchUrl } = files();
    expect(inlineMedia(request(many), ['image'], { fetchUrl })).rejects.toMatchObject({ code: 'invalid_request' });
    expect(fetched).toEqual([]);
    // The second is small enough for itself, and too large beside the first; what is refused is not encoded.
    const [small, large] = [new Uint8Array(1024 * 1024), new Uint8Array(63.5 * 1024 * 1024)];
    const calls: string[] = [];
    const fetchLarge: FetchUrl = async (each) => {
      calls.push(each);
      return { bytes: calls.length === 1 ? small : large, mediaType: 'image/png' };
    };
    await inlineMedia(request(many.slice(0, 20)), ['image'], { fetchUrl: fetchLarge }).then(
      () => expect.unreachable(),
      (error: unknown) => expect(error).toMatchObject({ code: 'invalid_request' }),
    );
    expect(calls.length).toBeLessThan(10);
  });

  test('what cannot be had stays a URL where it may be missing, and fails the request elsewhere', async () => {
    const fetchUrl: FetchUrl = async (each) => {
      if (each.endsWith('/gone')) throw new SluiceError('invalid_request', 'gone');
      return { bytes: new Uint8Array(1), mediaType: 'image/png' };
    };
    const read = request(['https://x.example/gone', 'https://x.example/here']);
    expect(inlineMedia(read, ['image'], { fetchUrl })).rejects.toThrow('gone');
    const filled = await inlineMedia(read, ['image'], { fetchUrl, mayMiss: true });
    expect(filled.messages[0]!.content.map((part) => part.type === 'image' && part.source.kind)).toEqual(['url', 'base64']);
  });

  test('in what tools answered, too; kinds that are not wanted stay', async () => {
    const { fetchUrl } = files();
    const read = anthropicMessages.request.fromWire({
      model: 'm',
      max_tokens: 1,
      messages: [
        { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'f', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'image', source: { type: 'url', url } }] }] },
      ],
    });
    expect(JSON.stringify(await inlineMedia(read, ['image'], { fetchUrl }))).toContain(data);
    expect(await inlineMedia(read, ['audio'], { fetchUrl })).toBe(read);
  });
});
