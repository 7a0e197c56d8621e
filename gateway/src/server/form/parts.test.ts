import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { ClientForm } from './client-form.ts';
import { FormScanner } from './parts.ts';
import { cpuMs } from '../../../../test/kit/cpu.ts';

// A form is routed by what the gateway reads, and answered by what the provider reads: where the two could differ, a
// client that may use one model would get another. Such forms are no forms.

const part = (disposition: string, value: string, headers = ''): string =>
  `--B\r\n${headers}content-disposition: form-data; ${disposition}\r\n\r\n${value}\r\n`;
const model = part('name="model"', 'allowed');
const file = part('name="file"; filename="a.wav"', 'RIFF', 'content-type: audio/wav\r\n');
const end = '--B--\r\n';

const scanned = (text: string, pieceBytes = 1e9): FormScanner => {
  const scanner = new FormScanner('B');
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) scanner.scan(bytes.subarray(at, at + pieceBytes));
  return scanner;
};

describe('what two readers could read as two forms', () => {
  test.each<[string, string]>([
    ['a model twice', model + part('name="model"', 'other') + file + end],
    ['a model behind the file', model + file + part('name="model"', 'other') + end],
    ['a model that is a file without a name to some', part('name="model"; filename=""', 'other') + model + file + end],
    ['a part with two names', part('name="x"; name="model"', 'other') + model + file + end],
    ['a name within a file name', part('filename="; name=\\"x"; name="model"', 'other') + model + file + end],
    ['a name in the extended spelling beside a plain one', part(`name="model"; name*=UTF-8''x`, 'other') + model + file + end],
    ['an escaped name', part('name="mod\\el"', 'other') + model + file + end],
    ['two dispositions', part('name="model"', 'other', 'content-disposition: form-data; name="x"\r\n') + model + file + end],
    ['a folded header', part('a="";\r\n name="model"', 'other') + model + file + end],
    ['a bare line feed in a header', part('name="model"', 'other', 'x-a: b\ncontent-type: text/plain\r\n') + model + file + end],
    ['a bare carriage return in a header', part('name="model"', 'other', 'x-a: b\rcontent-type: text/plain\r\n') + model + file + end],
    ['a part in quoted-printable', part('name="model"', '=61llowed', 'content-transfer-encoding: quoted-printable\r\n') + file + end],
    ['no form data', '--B\r\ncontent-disposition: attachment; name="model"\r\n\r\nx\r\n' + model + file + end],
    ['another case', part('name="Model"', 'other') + model + file + end],
    ['a list of models', part('name="model[]"', 'other') + model + file + end],
    ['a purpose twice', part('name="purpose"', 'batch') + part('name="purpose"', 'user_data') + file + end],
    [
      'a boundary that goes on',
      part('name="note"', 'a\r\n--Bx\r\ncontent-disposition: form-data; name="model"\r\n\r\nallowed') + file + end,
    ],
    ['an end that goes on', `${model}${file}--B--x\r\n${part('name="model"', 'other')}${end}`],
    ['a part behind the end', model + file + end + part('name="model"', 'other') + end],
    [
      'a boundary behind a bare line feed',
      part('name="note"', 'a\n--B\r\ncontent-disposition: form-data; name="model"\r\n\r\nother') + model + end,
    ],
    [
      'a boundary behind a bare carriage return',
      part('name="note"', 'a\r--B\r\ncontent-disposition: form-data; name="x"\r\n\r\nother') + model + end,
    ],
    ['a boundary at once behind headers', '--B\r\ncontent-disposition: form-data; name="a"\r\n\r\n--B\r\n' + model + end],
    ['lines that end otherwise', (model + file + end).replaceAll('\r\n', '\n') + model + end],
  ])('%s', (_, text) => {
    for (const pieceBytes of [1, 7, 1e9]) expect(() => scanned(text, pieceBytes)).toThrow(RangeError);
  });

  test.each([
    'multipart/form-data; boundary=B; boundary=C',
    'multipart/form-data; x="; boundary=B"; boundary=C',
    'multipart/form-data; boundary="B\\"',
    'multipart/form-data; boundary=B, multipart/form-data; boundary=C',
  ])('the content type %s', (contentType) => {
    expect(() => new ClientForm({ body: new Response(model + end).body, contentType, contentLength: undefined, maxBytes: 1e6 })).toThrow();
  });
});

describe('what clients write', () => {
  test.each<[string, string, string, string | undefined]>([
    ['browsers', 'name="file"; filename="a%22b.wav"', 'file', 'a"b.wav'],
    ['curl', 'name="file"; filename="a\\"b.wav"', 'file', 'a"b.wav'],
    ['Python', `name="file"; filename*=utf-8''%C3%A4.wav`, 'file', 'ä.wav'],
    ['both spellings of a file’s name', `name="file"; filename="a.wav"; filename*=UTF-8''%C3%A4.wav`, 'file', 'ä.wav'],
    ['no quotes', 'name=model', 'model', undefined],
    ['a semicolon in a file’s name', 'name="file"; filename="a; b=c.wav"', 'file', 'a; b=c.wav'],
    ['an extended name alone', `name*=UTF-8''n%C3%A4me`, 'näme', undefined],
    ['letters of the world', 'name="file"; filename="日本.wav"', 'file', '日本.wav'],
  ])('%s', (_, disposition, name, fileName) => {
    const { parts, done } = scanned(part(disposition, 'x', 'Content-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\n') + end);
    expect(done).toBe(true);
    expect(parts).toMatchObject([{ name, type: 'text/plain', ...(fileName !== undefined && { fileName }) }]);
  });

  test('is found in pieces of any size, whatever looks like a boundary', () => {
    const value = fc.array(fc.constantFrom('-', '--', '--b', 'B', 'x--B', '\r\n', '\r\n-', '\r\n--', ' --B\r\n'), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 40 }), (values, pieceBytes) => {
        const texts = values
          .map((each) => each.join(''))
          .filter((text) => !/[\r\n]--B/.test(`\r\n${text}`.slice(1)) && !text.startsWith('--B'));
        const text = texts.map((each, at) => part(`name="p${at}"`, each)).join('') + end;
        const { parts, done } = scanned(text, pieceBytes);
        expect(done).toBe(true);
        expect(parts.map(({ start, end: last }) => text.slice(start, last))).toEqual(texts);
      }),
    );
  });
});

test('a form of very many parts is refused', () => {
  expect(() => scanned(part('name="a"', 'x').repeat(5000) + end)).toThrow('more than 2000 parts');
});

test('headers without end are refused', () => {
  expect(() => scanned(`--B\r\nx-a: ${'a'.repeat(20_000)}`, 1000)).toThrow('without headers');
});

// Heads are clients' words as well: what is read again for each place where it fails takes seconds for a form of them.
test.each<[string, string]>([
  ['spaces', `a:${' '.repeat(16_000)}\nb`],
  ['parameters', `content-disposition: form-data${'; a=b'.repeat(3000)}!`],
  ['quotes', `content-disposition: form-data; name="${'\\'.repeat(16_000)}`],
  ['names', `content-disposition: form-data${';name="'.repeat(2300)}; name="q"`],
])('a head of very many %s costs nothing', (_, head) => {
  const begun = cpuMs();
  for (let times = 0; times < 10; times++) expect(() => scanned(`--B\r\n${head}\r\n\r\nx\r\n`)).toThrow(RangeError);
  expect(cpuMs() - begun).toBeLessThan(250);
});

test.each([`boundary=B${' '.repeat(16_000)}"`, `boundary=B${' ; a=b'.repeat(3000)}!"`])('nor does such a content type', (parameters) => {
  const begun = cpuMs();
  const contentType = `multipart/form-data; ${parameters}`;
  for (let times = 0; times < 10; times++)
    expect(() => new ClientForm({ body: new Response('x').body, contentType, contentLength: 1, maxBytes: 9 })).toThrow('no boundary');
  expect(cpuMs() - begun).toBeLessThan(250);
});
