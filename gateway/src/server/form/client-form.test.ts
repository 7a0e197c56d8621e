import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { ClientForm, maxReplayBytes } from './client-form.ts';

const encoded = async (form: FormData): Promise<{ bytes: Uint8Array; contentType: string }> => {
  const response = new Response(form);
  const contentType = response.headers.get('content-type')!;
  return { bytes: new Uint8Array(await response.arrayBuffer()), contentType };
};

const streamOf = (bytes: Uint8Array, pieceBytes: number): ReadableStream<Uint8Array> => {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + pieceBytes));
      at += pieceBytes;
    },
  });
};

const open = async (form: FormData, pieceBytes = 10, { length = true, maxBytes = 1e9 } = {}): Promise<ClientForm> => {
  const { bytes, contentType } = await encoded(form);
  return new ClientForm({ body: streamOf(bytes, pieceBytes), contentType, contentLength: length ? bytes.length : undefined, maxBytes });
};

const sent = async ({ contentType, body }: ReturnType<ClientForm['relay']>): Promise<FormData> => {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  // Copied, as what is read is the sender's only until the next read.
  for (let bytes = await body.read(); bytes; bytes = await body.read()) pieces.push(Uint8Array.from(bytes));
  const all = new Blob(pieces);
  if (body.length !== undefined) expect(all.size).toBe(body.length);
  return new Response(all, { headers: { 'content-type': contentType } }).formData();
};

const entries = async (form: FormData): Promise<[string, string][]> => {
  const list: [string, string][] = [];
  for (const [name, value] of form.entries() as Iterable<[string, string | File]>)
    list.push([name, typeof value === 'string' ? value : `${value.name}: ${await value.text()}`]);
  return list;
};

const audio = (...order: ('model' | 'file' | 'language')[]): FormData => {
  const form = new FormData();
  for (const name of order) {
    if (name === 'file') form.append('file', new File(['RIFF\r\n--no boundary\r\n\r\n'], 'a.mp3', { type: 'audio/mpeg' }));
    else form.append(name, name === 'model' ? 'whisper' : 'de');
  }
  return form;
};

describe('a form on its way', () => {
  test.each([[['model', 'file', 'language']], [['file', 'model', 'language']], [['language', 'file', 'model']]] as const)(
    'has another model, and is else as it was: %p',
    async (order) => {
      const form = await open(audio(...order));
      expect(await form.find('model')).toBe('whisper');
      const list = await entries(await sent(form.relay({ model: 'large-v3' })));
      expect(list).toEqual(
        await entries(await sent((await open(audio(...order))).relay({}))).then((all) =>
          all.map(([name, value]) => [name, name === 'model' ? 'large-v3' : value]),
        ),
      );
    },
  );

  test('says what stands in front of a file, however it is cut', async () => {
    const form = new FormData();
    for (const [name, value] of [
      ['model', 'm'],
      ['response_format', 'vtt'],
      ['stream', 'true'],
    ] as const)
      form.append(name, value);
    form.append('file', new File(['x'.repeat(5000)], 'a.wav'));
    form.append('behind', 'y');
    for (const pieceBytes of [1, 10, 100, 1000, 100_000]) {
      const opened = await open(form, pieceBytes);
      expect(await opened.find('model')).toBe('m');
      await opened.settle();
      expect(opened.texts).toMatchObject({ model: 'm', response_format: 'vtt', stream: 'true' });
      // Of the file no more is read than has come with them.
      if (pieceBytes < 5000) expect(opened.texts).not.toHaveProperty('behind');
      expect((await opened.fields()).map(([name]) => name)).toEqual(['model', 'response_format', 'stream', 'file', 'behind']);
    }
  });

  test('goes on before it has come whole', async () => {
    let given = 0;
    const { bytes, contentType } = await encoded(audio('model', 'file'));
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (given >= bytes.length) return controller.close();
          controller.enqueue(bytes.slice(given, (given += 50)));
        },
      },
      { highWaterMark: 0 },
    );
    const form = new ClientForm({ body, contentType, contentLength: bytes.length, maxBytes: 1e6 });
    await form.find('model');
    expect(given).toBeLessThan(bytes.length);
    expect(await entries(await sent(form.relay({ model: 'x' })))).toHaveLength(2);
  });

  test('texts are added in front and taken out', async () => {
    const form = await open(audio('model', 'language', 'file'));
    await form.find('language');
    const list = await entries(await sent(form.relay({ model: undefined, language: undefined, prompt: 'p "q"' })));
    expect(list.map(([name]) => name)).toEqual(['prompt', 'file']);
    expect(list[0]![1]).toBe('p "q"');
  });

  test('can be sent again while it is kept', async () => {
    const form = await open(audio('model', 'file', 'language'));
    await form.find('model');
    expect(form.replayable).toBe(true);
    const first = form.relay({ model: 'a' });
    await first.body.read();
    await first.body.read();
    expect((await entries(await sent(form.relay({ model: 'b' }))))[0]).toEqual(['model', 'b']);
    expect(await entries(await sent(form.relay({ model: 'c' })))).toHaveLength(3);
  });

  test('is not kept beyond a bound', async () => {
    const big = new FormData();
    big.append('model', 'm');
    big.append('file', new File([new Uint8Array(maxReplayBytes + 10)], 'big'));
    const form = await open(big, 1_000_000);
    await form.find('model');
    expect(form.replayable).toBe(false);
    expect((await sent(form.relay({ model: 'x' }))).get('model')).toBe('x');
    expect(() => form.relay({ model: 'y' })).toThrow('sent already');
  });

  test('is given as fields to who must look into it', async () => {
    const fields = await (await open(audio('file', 'model'))).fields();
    expect(fields.map(([name]) => name)).toEqual(['file', 'model']);
    expect(fields[0]![1]).toMatchObject({ name: 'a.mp3', type: 'audio/mpeg' });
    expect(await (fields[0]![1] as { bytes: Blob }).bytes.text()).toBe('RIFF\r\n--no boundary\r\n\r\n');
  });

  test('larger than allowed, cut off, or none at all, it is refused', async () => {
    await expect(open(audio('file'), 10, { maxBytes: 20 })).rejects.toMatchObject({ code: 'request_too_large' });
    const counted = await open(audio('file'), 10, { length: false, maxBytes: 20 });
    await expect(counted.fields()).rejects.toMatchObject({ code: 'request_too_large' });
    const { bytes, contentType } = await encoded(audio('model', 'file'));
    const cut = new ClientForm({ body: streamOf(bytes.slice(0, -20), 9), contentType, contentLength: undefined, maxBytes: 1e6 });
    await expect(cut.fields()).rejects.toThrow('ends in the middle');
    const none = (body: string, type = contentType) =>
      new ClientForm({ body: streamOf(new TextEncoder().encode(body), 9), contentType: type, contentLength: undefined, maxBytes: 1e6 });
    expect(() => none('x', 'multipart/form-data')).toThrow('names no boundary');
    await expect(none('{"model":"x"}').fields()).rejects.toMatchObject({ code: 'invalid_request' });
  });

  test('of any shape, in any pieces, with any changes, it stays a form', async () => {
    const names = fc.constantFrom('c', 'a', 'b', 'file');
    // Forms turn every line end into CRLF, and platforms differ in lone ones.
    const text = fc.stringMatching(/^[ -~äöü-]{0,30}$/);
    const parts = fc.array(fc.tuple(names, text, fc.boolean()), { minLength: 1, maxLength: 6 });
    const changes = fc.dictionary(fc.constantFrom('c', 'a', 'new'), fc.option(text, { nil: undefined }), { noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(parts, changes, fc.integer({ min: 1, max: 200 }), fc.boolean(), async (list, set, pieceBytes, known) => {
        const made = new FormData();
        for (const [name, value, isFile] of list) {
          if (isFile) made.append(name, new File([value], 'f.txt', { type: 'text/plain' }));
          else made.append(name, value);
        }
        const form = await open(made, pieceBytes, { length: known });
        await form.find('nobody');
        const seen = new Set<string>(list.flatMap(([name, , isFile]) => (isFile ? [] : [name])));
        const added = Object.entries(set).flatMap(([name, value]) => (value !== undefined && !seen.has(name) ? [[name, value]] : []));
        const kept = list.flatMap(([name, value, isFile]) => {
          if (isFile) return [[name, `f.txt: ${value}`]];
          if (!(name in set)) return [[name, value]];
          return set[name] === undefined ? [] : [[name, set[name]]];
        });
        const relayed = form.relay(set);
        if (added.length + kept.length === 0) return;
        expect(await entries(await sent(relayed))).toEqual([...added, ...kept] as [string, string][]);
      }),
      { numRuns: 300 },
    );
  });
});
