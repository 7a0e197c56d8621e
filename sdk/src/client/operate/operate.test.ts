import { describe, expect, test } from 'bun:test';
import { providers } from '../../providers/index.ts';
import {
  Secret,
  type Adapter,
  type JsonObject,
  type Operation,
  type Provider,
  type Target,
  type TransportRequest,
  type TransportResponse,
} from '../../types/index.ts';
import type { CallContext } from '../call.ts';
import type { OperationAnswer } from './call.ts';
import { encodeForm } from './form.ts';
import { fromFields, toFields } from './form-fields.ts';
import { operate } from './operate.ts';

interface Answer {
  status?: number;
  type?: string;
  location?: string;
  body: string | Uint8Array;
}

const response = ({ status = 200, type = 'application/json', location, body }: Answer): TransportResponse => {
  let left: Uint8Array | undefined = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const read = async () => {
    const bytes = left;
    left = undefined;
    return bytes;
  };
  return {
    status,
    headers: new Headers({ 'content-type': type, ...(location !== undefined && { location }) }),
    read,
    bytes: async () => (await read()) ?? new Uint8Array(),
    cancel: () => void (left = undefined),
  };
};

const upstream = (...answers: Answer[]) => {
  const seen: TransportRequest[] = [];
  const context: CallContext = {
    transport: async (request) => {
      seen.push(request);
      return response(answers[Math.min(seen.length, answers.length) - 1]!);
    },
  };
  return { seen, context };
};

const vendor = (operations: Provider['operations']): Provider => ({
  id: 'acme',
  label: 'Acme',
  baseUrl: 'https://api.acme.test/v1',
  auth: { kind: 'bearer' },
  keyEnv: [],
  speaks: {},
  hosts: ['*.cdn.acme.test'],
  source: 'none, 2026-11-22',
  ...(operations && { operations }),
});

const targetOf = (provider: Provider, more: Partial<Target> = {}): Target => ({
  provider,
  model: 'm-1',
  apiKey: new Secret('sk-acme'),
  ...more,
});

const call = (operation: Operation, target: Target, known: JsonObject, context: CallContext): Promise<OperationAnswer> =>
  operate(
    {
      operation,
      target,
      known,
      request: () => known as never,
      relay: (members) => ({ contentType: 'application/json', body: JSON.stringify({ ...known, ...members }) }),
    },
    context,
  );

const textOf = async (answer: OperationAnswer): Promise<string> => {
  if (answer.kind === 'whole') return typeof answer.body === 'string' ? answer.body : new TextDecoder().decode(answer.body);
  let text = '';
  for (let bytes = await answer.read(); bytes; bytes = await answer.read()) text += new TextDecoder().decode(bytes);
  return text;
};

describe("a vendor of the clients' own format", () => {
  const images = vendor({ 'image-generation': { protocol: 'openai-images', path: '/images/generations' } });

  test('gets the request with the name of its model, and its answer comes back as it is', async () => {
    const body = '{"created":1,"data":[{"b64_json":"AAAA"},{"b64_json":"BBBB"}],"size":"1024x1024","quality":"low"}';
    const { seen, context } = upstream({ body });
    const answer = await call(
      'image-generation',
      targetOf(images, { defaults: { quality: 'low' } }),
      { model: 'alias', prompt: 'a cat' },
      context,
    );
    expect(await textOf(answer)).toBe(body);
    expect(seen[0]).toMatchObject({ method: 'POST', url: 'https://api.acme.test/v1/images/generations' });
    expect(seen[0]!.headers).toMatchObject({ authorization: 'Bearer sk-acme', 'content-type': 'application/json' });
    expect(JSON.parse(seen[0]!.body as string)).toEqual({ model: 'm-1', prompt: 'a cat', quality: 'low' });
    expect(answer.facts).toMatchObject({ same: true, usage: { units: { images: 2, imageSize: '1024x1024', imageQuality: 'low' } } });
  });

  test('a stream goes on as it comes, and its usage is read', async () => {
    const events =
      'event: image_generation.partial_image\ndata: {"type":"image_generation.partial_image","b64_json":"AA"}\n\n' +
      'event: image_generation.completed\ndata: {"type":"image_generation.completed","usage":{"input_tokens":10,"output_tokens":200,"total_tokens":210}}\n\n';
    const { context } = upstream({ type: 'text/event-stream', body: events });
    const answer = await call('image-generation', targetOf(images), { prompt: 'x', stream: true }, context);
    expect(await textOf(answer)).toBe(events);
    expect(answer.facts.usage).toMatchObject({ inputTokens: 10, outputTokens: 200 });
    expect(answer.facts.endedAt).toBeNumber();
  });

  test('its failures keep their words', async () => {
    const { context } = upstream({ status: 400, body: '{"error":{"message":"Your prompt is odd.","type":"invalid_request_error"}}' });
    await expect(call('image-generation', targetOf(images), { prompt: 'x' }, context)).rejects.toMatchObject({
      code: 'invalid_request',
      message: 'Your prompt is odd.',
      provider: 'acme',
    });
  });

  test('what it does not offer is refused by its name', async () => {
    const { context } = upstream({ body: '{}' });
    await expect(call('speech', targetOf(images), { input: 'x' }, context)).rejects.toThrow('Acme does not offer speech here.');
  });

  test('a job is looked at by its id, which cannot leave its place', async () => {
    const video = vendor({ 'video-retrieve': { protocol: 'openai-videos', path: '/videos/{id}' } });
    const { seen, context } = upstream({ body: '{"id":"v","status":"queued"}' });
    await call('video-retrieve', targetOf(video), { id: '../models?x' }, context);
    expect(seen[0]).toMatchObject({ method: 'GET', url: 'https://api.acme.test/v1/videos/..%2Fmodels%3Fx' });
    expect(seen[0]!.body).toBeUndefined();
  });
});

describe('an adapter', () => {
  test('its bytes come as they are, and are accounted at their end', async () => {
    const speech: Adapter<'speech'> = async ({ input }, wire) => ({
      ...(await wire.stream({ url: '/speak', query: { model: wire.model }, json: { text: input } })),
      usage: () => ({ inputTokens: 0, outputTokens: 0, units: { inputCharacters: input.length } }),
    });
    const { seen, context } = upstream({ type: 'audio/mpeg', body: 'sound' });
    const answer = await call('speech', targetOf(vendor({ speech })), { input: 'hello' }, context);
    expect(answer).toMatchObject({ kind: 'bytes', contentType: 'audio/mpeg' });
    // Billed by its text: known before it is made.
    expect(answer.facts.usage).toMatchObject({ units: { inputCharacters: 5 } });
    expect(answer.facts.endedAt).toBeUndefined();
    expect(await textOf(answer)).toBe('sound');
    expect(answer.facts.usage?.units).toEqual({ inputCharacters: 5 });
    expect(seen[0]!.url).toBe('https://api.acme.test/v1/speak?model=m-1');
  });

  test('a credential goes to the hosts of its vendor alone (FP-27)', async () => {
    const ocr: Adapter<'ocr'> = async (_, wire) => {
      await wire.json({ url: 'https://eu.cdn.acme.test/result' });
      await wire.json({ url: 'https://acme.test.evil.test/result' });
      await wire.json({ url: 'http://eu.cdn.acme.test/result' });
      return { body: { pages: [] } };
    };
    const { seen, context } = upstream({ body: '{}' });
    await call('ocr', targetOf(vendor({ ocr }), { headers: { 'x-account': 'a' } }), { document: {} }, context);
    expect(seen.map(({ headers }) => [headers['authorization'], headers['x-account']])).toEqual([
      ['Bearer sk-acme', 'a'],
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });

  test('a download is followed where it leads, without the key to strangers (FP-27)', async () => {
    const content: Adapter<'video-content'> = (_, wire) => wire.stream({ url: '/files/v', headers: { 'x-api': '1' }, follow: true });
    const target = targetOf(vendor({ 'video-content': content }));
    const { seen, context } = upstream(
      { status: 302, location: 'https://eu.cdn.acme.test/v', body: '' },
      { status: 307, location: '//storage.test/v?signature=x', body: '' },
      { type: 'video/mp4', body: 'MP4' },
    );
    expect(await textOf(await call('video-content', target, { id: 'v' }, context))).toBe('MP4');
    expect(seen.map(({ url, headers }) => [url, headers['authorization'], headers['x-api']])).toEqual([
      ['https://api.acme.test/v1/files/v', 'Bearer sk-acme', '1'],
      ['https://eu.cdn.acme.test/v', 'Bearer sk-acme', undefined],
      ['https://storage.test/v?signature=x', undefined, undefined],
    ]);
  });

  test.each(['http://storage.test/v', 'https://u:p@storage.test/v', 'ftp://x', '/v', '', undefined])(
    'it is not followed to %p, nor for ever',
    async (location) => {
      const content: Adapter<'video-content'> = (_, wire) => wire.stream({ url: '/files/v', follow: true });
      const target = targetOf(vendor({ 'video-content': content }));
      const { seen, context } = upstream({ status: 302, ...(location !== undefined && { location }), body: '' });
      const failure = await call('video-content', target, { id: 'v' }, context).catch((cause: unknown) => cause);
      expect(String(failure)).toContain('redirect (302)');
      expect(seen.length).toBe(location === '/v' ? 6 : 1);
    },
  );

  test('a stranger’s address is judged before it is asked, where an answer names it and where a redirect does', async () => {
    const content: Adapter<'video-content'> = (_, wire) => wire.stream({ url: '/files/v', follow: true });
    const target = targetOf(vendor({ 'video-content': content }));
    const judged: string[] = [];
    const guardUrl = async (url: string) => {
      judged.push(url);
      if (url.includes('inside')) throw new Error('a private host');
      return { address: '203.0.113.7' };
    };
    const { seen, context } = upstream({ status: 302, location: 'https://storage.test/v', body: '' }, { type: 'video/mp4', body: 'MP4' });
    expect(await textOf(await call('video-content', target, { id: 'v' }, { ...context, guardUrl }))).toBe('MP4');
    expect([judged, seen.map(({ address }) => address)]).toEqual([['https://storage.test/v'], [undefined, '203.0.113.7']]);

    const inside = upstream({ status: 302, location: 'https://inside.test/v', body: '' });
    const failure = await call('video-content', target, { id: 'v' }, { ...inside.context, guardUrl }).catch((cause: unknown) => cause);
    expect(failure).toMatchObject({ code: 'invalid_response' });
    expect(inside.seen).toHaveLength(1);
  });

  test('a wait between two looks ends with the call', async () => {
    const adapter: Adapter<'video-create'> = async (_, wire) => {
      await wire.sleep(60_000);
      return { body: { id: 'x', status: 'queued' } };
    };
    const { context } = upstream({ body: '{}' });
    const controller = new AbortController();
    const pending = call(
      'video-create',
      targetOf(vendor({ 'video-create': adapter })),
      { prompt: 'x' },
      { ...context, signal: controller.signal },
    );
    setTimeout(() => controller.abort(), 5);
    await expect(pending).rejects.toMatchObject({ code: 'client_closed_request' });
  });

  test('all its requests together have one deadline', async () => {
    const adapter: Adapter<'moderation'> = async (_, wire) => {
      for (;;) await wire.sleep(5);
    };
    const { context } = upstream({ body: '{}' });
    const pending = call(
      'moderation',
      targetOf(vendor({ moderation: adapter })),
      { input: 'x' },
      { ...context, deadlines: { timeoutMs: 30 } },
    );
    await expect(pending).rejects.toMatchObject({ code: 'upstream_timeout' });
  });

  const transcription: Adapter<'transcription'> = async () => ({
    text: 'Hello there.',
    language: 'en',
    durationSeconds: 2.5,
    segments: [
      { start: 0, end: 1.25, text: ' Hello' },
      { start: 1.25, end: 3661.5, text: ' there.' },
    ],
  });

  test.each([
    ['json', '{"text":"Hello there.","usage":{"type":"duration","seconds":3}}'],
    ['text', 'Hello there.\n'],
    ['srt', '1\n00:00:00,000 --> 00:00:01,250\nHello\n\n2\n00:00:01,250 --> 01:01:01,500\nthere.\n\n'],
    ['vtt', 'WEBVTT\n\n00:00:00.000 --> 00:00:01.250\nHello\n\n00:00:01.250 --> 01:01:01.500\nthere.\n\n'],
  ])('its transcript is written as %s', async (form, expected) => {
    const { context } = upstream({ body: '{}' });
    const answer = await call('transcription', targetOf(vendor({ transcription })), { response_format: form }, context);
    expect(await textOf(answer)).toBe(expected);
  });

  test('its transcript in full, and as a stream', async () => {
    const { context } = upstream({ body: '{}' });
    const target = targetOf(vendor({ transcription }));
    const full = await call('transcription', target, { response_format: 'verbose_json' }, context);
    expect(JSON.parse(await textOf(full))).toMatchObject({
      task: 'transcribe',
      language: 'en',
      duration: 2.5,
      segments: [{ id: 0 }, { id: 1 }],
    });
    const streamed = await call('transcription', target, { stream: true }, context);
    expect(await textOf(streamed)).toContain('event: transcript.text.done\ndata: {"type":"transcript.text.done","text":"Hello there."}');
    await expect(call('transcription', target, { response_format: 'pdf' }, context)).rejects.toMatchObject({ param: 'response_format' });
  });
});

describe('forms', () => {
  const file = { bytes: new Blob(['RIFF']), name: 'a "b".mp3', type: 'audio/mpeg' };

  test('are what platforms read', async () => {
    const { contentType, body } = encodeForm(
      toFields({ file, model: 'whisper', timestamp_granularities: ['word', 'segment'], n: 2, none: null }),
    );
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    for (let bytes = await body.read(); bytes; bytes = await body.read()) pieces.push(bytes as Uint8Array<ArrayBuffer>);
    const all = new Blob(pieces);
    expect(all.size).toBe(body.length!);
    const form = await new Response(all, { headers: { 'content-type': contentType } }).formData();
    expect([...form.keys()]).toEqual(['file', 'model', 'timestamp_granularities[]', 'timestamp_granularities[]', 'n']);
    expect(await (form.get('file') as File).text()).toBe('RIFF');
    expect((form.get('file') as File).type).toBe('audio/mpeg');
  });

  test('and back', () => {
    const members = {
      image: [file, file],
      mask: file,
      prompt: 'x',
      n: 3,
      stream: true,
      chunking_strategy: { type: 'server_vad', threshold: '0.5' },
    };
    expect(fromFields(toFields(members), 'image-edit')).toEqual(members);
    expect(
      fromFields(
        [
          ['timestamp_granularities', 'word'],
          ['file', file],
        ],
        'transcription',
      ),
    ).toEqual({ timestamp_granularities: ['word'], file });
    expect(() => fromFields([['file', 'text']], 'transcription')).toThrow("'file' must be a file.");
    expect(() => fromFields([['n', 'many']], 'image-edit')).toThrow("'n' must be a number.");
    expect(Object.getPrototypeOf(fromFields([['__proto__[x]', '1']], 'image-edit'))).toBe(Object.prototype);
  });
});

test('every provider names its operations with a path or a function', () => {
  for (const provider of providers.list)
    for (const [name, served] of Object.entries(provider.operations ?? {}))
      expect(`${provider.id} ${name} ${typeof served === 'function' || served.path.startsWith('/')}`).toBe(`${provider.id} ${name} true`);
});
