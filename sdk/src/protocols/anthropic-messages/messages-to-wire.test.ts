import { describe, expect, test } from 'bun:test';
import type { JsonObject, Message, Part } from '../../types/index.ts';
import { text, thrown, toContext } from './fixtures/context.ts';
import { writeConversation } from './messages-to-wire.ts';
import { startWriting } from './writing.ts';

const says = (role: Message['role'], ...content: (Part | string)[]): Message => ({
  role,
  content: content.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part)),
});
const call = (id: string, name = 'f', args = '{}'): Part => ({ type: 'tool-call', kind: 'function', id, name, arguments: args });
const result = (callId: string, value = 'ok'): Part => ({ type: 'tool-result', callId, content: [{ type: 'text', text: value }] });

const write = (messages: Message[], options: Parameters<typeof toContext>[0] = {}) => {
  const context = toContext(options);
  const { system, messages: turns } = writeConversation(messages, startWriting(context));
  return { system, turns, dropped: context.dropped };
};
const shape = (turns: JsonObject[]) =>
  turns.map(({ role, content }) => [
    role,
    (content as JsonObject[]).map(({ type, text, tool_use_id, id }) => text ?? tool_use_id ?? id ?? type),
  ]);

describe('system', () => {
  test('messages at the start become the top-level system, with their marks', () => {
    const { system } = write([
      { ...says('system', 'a', 'b'), cacheControl: { type: 'ephemeral' } },
      says('developer', 'c'),
      says('user', 'd'),
    ]);
    expect(system).toEqual([text('a'), { cache_control: { type: 'ephemeral' }, ...text('b') }, text('c')]);
  });

  test('later ones stay in place as a reminder in the user’s turn', () => {
    const { turns, system } = write([says('user', 'a'), says('assistant', 'b'), says('system', 'be brief'), says('user', 'c')]);
    expect(system).toEqual([]);
    expect(shape(turns)).toEqual([
      ['user', ['a']],
      ['assistant', ['b']],
      ['user', ['<system-reminder>\nbe brief\n</system-reminder>', 'c']],
    ]);
  });

  test('or as turns of their own at the end of the user’s turn, where the model takes them', () => {
    const traits = { systemAnywhere: true };
    const messages = [
      says('user', 'a'),
      says('assistant', 'b'),
      says('system', 's1'),
      says('user', 'c'),
      says('developer', 's2'),
      says('assistant', 'd'),
      says('user', 'e'),
    ];
    expect(shape(write(messages, { traits }).turns)).toEqual([
      ['user', ['a']],
      ['assistant', ['b']],
      ['user', ['c']],
      ['system', ['s1', 's2']],
      ['assistant', ['d']],
      ['user', ['e']],
    ]);
    // Nothing of the user's to stand behind.
    expect(shape(write([says('user', 'a'), says('assistant', 'b'), says('system', 's')], { traits }).turns).at(-1)).toEqual([
      'user',
      ['<system-reminder>\ns\n</system-reminder>'],
    ]);
  });

  test('this format’s own client has placed them itself', () => {
    const { turns } = write([says('user', 'a'), says('system', 's'), says('assistant', 'b')], { from: 'anthropic-messages' });
    expect(shape(turns)).toEqual([
      ['user', ['a']],
      ['system', ['s']],
      ['assistant', ['b']],
    ]);
  });

  test('alone, the last one is asked as a question, and said so', () => {
    const { system, turns, dropped } = write([says('system', 'a'), says('system', 'b')]);
    expect(system).toEqual([text('a')]);
    expect(shape(turns)).toEqual([['user', ['b']]]);
    expect(dropped).toEqual(['messages']);
  });
});

describe('turns', () => {
  test('results of parallel calls and what the user says after them are one turn, results first', () => {
    const { turns } = write([
      says('user', 'q'),
      says('assistant', 'on it', call('a'), call('b')),
      says('tool', result('a')),
      says('tool', result('b')),
      says('user', 'and?'),
    ]);
    expect(shape(turns)).toEqual([
      ['user', ['q']],
      ['assistant', ['on it', 'a', 'b']],
      ['user', ['a', 'b', 'and?']],
    ]);
  });

  test('a reminder between calls and results does not come between them', () => {
    const { turns } = write([says('assistant', call('a')), says('system', 's'), says('tool', result('a'))]);
    expect(shape(turns)[1]).toEqual(['user', ['a', '<system-reminder>\ns\n</system-reminder>']]);
  });

  test('turns of one role in a row become one, but not those of this format’s own client', () => {
    const messages = [says('user', 'a'), says('user', 'b'), says('assistant', 'c'), says('assistant', call('x'))];
    expect(shape(write(messages).turns)).toEqual([
      ['user', ['a', 'b']],
      ['assistant', ['c', 'x']],
    ]);
    expect(write(messages, { from: 'anthropic-messages' }).turns).toHaveLength(4);
  });

  test('blank text is left out, and a turn that has nothing else', () => {
    const { turns } = write([says('user', 'a', '', ' \n'), says('assistant', ''), says('user', 'b')]);
    expect(shape(turns)).toEqual([['user', ['a', 'b']]]);
  });

  test('an answer to go on with does not end in white space', () => {
    expect(shape(write([says('user', 'a'), says('assistant', 'The answer is: \n')]).turns).at(-1)).toEqual([
      'assistant',
      ['The answer is:'],
    ]);
    expect(shape(write([says('user', 'a'), says('assistant', 'Yes. \n'), says('user', 'b')]).turns)[1]).toEqual(['assistant', ['Yes. \n']]);
  });

  test('names of speakers are noted', () => expect(write([{ ...says('user', 'a'), name: 'bob' }]).dropped).toEqual(['messages[].name']));

  test('a mark on a message goes onto its last block that may carry one, and changes nothing of the client’s', () => {
    const thought: Part = { type: 'thinking', text: 'x', signature: { origin: 'anthropic', value: 's' } };
    const opaque: Part = { type: 'opaque', origin: 'anthropic', value: { type: 'container_upload', file_id: 'f' } };
    const { turns } = write([
      { ...says('user', opaque), cacheControl: { type: 'ephemeral' } },
      { ...says('assistant', 'a', thought), cacheControl: { type: 'ephemeral', ttl: '1h' } },
    ]);
    expect(turns[0]!['content']).toEqual([{ cache_control: { type: 'ephemeral' }, type: 'container_upload', file_id: 'f' }]);
    expect(opaque.value).toEqual({ type: 'container_upload', file_id: 'f' });
    expect(turns[1]!['content']).toEqual([
      { cache_control: { type: 'ephemeral', ttl: '1h' }, ...text('a') },
      { type: 'thinking', thinking: 'x', signature: 's' },
    ]);
  });
});

describe('tool calls', () => {
  const blocksOf = (...content: Part[]) => write([says('assistant', ...content), says('user', 'x')]).turns[0]!['content'] as JsonObject[];

  test.each([
    ['{"a":1}', { a: 1 }],
    ['', {}],
    ['  ', {}],
    ['{"a":', { raw_arguments: '{"a":' }],
    ['[1]', { raw_arguments: '[1]' }],
  ])('arguments %p', (args, input) => expect(blocksOf(call('a', 'f', args))[0]!['input']).toEqual(input));

  test('free text is the one input of a custom tool', () => {
    expect(blocksOf({ type: 'tool-call', kind: 'custom', id: 'a', name: 'f', arguments: 'ls -l' })[0]!['input']).toEqual({
      input: 'ls -l',
    });
  });

  test('ids that Anthropic refuses become ones that it takes, for calls and results alike', () => {
    const { turns } = write([says('assistant', call('call:1'), call('call.1')), says('tool', result('call:1'), result('call.1'))]);
    const ids = (turns[0]!['content'] as JsonObject[]).map(({ id }) => id as string);
    expect(ids.every((id) => /^[a-zA-Z0-9_-]+$/.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(2);
    expect((turns[1]!['content'] as JsonObject[]).map(({ tool_use_id }) => tool_use_id)).toEqual(ids);
  });

  test('an id that a provider gives in every turn is unique in the conversation, and results follow their call', () => {
    const { turns } = write([
      says('assistant', call('call_0')),
      says('tool', result('call_0')),
      says('assistant', call('call_0')),
      says('tool', result('call_0')),
    ]);
    expect(shape(turns)).toEqual([
      ['assistant', ['call_0']],
      ['user', ['call_0']],
      ['assistant', ['call_0_2']],
      ['user', ['call_0_2']],
    ]);
  });

  test('results with images, documents and errors', () => {
    const part: Part = {
      type: 'tool-result',
      callId: 'a',
      isError: true,
      content: [
        { type: 'image', source: { kind: 'base64', data: 'AA==', mediaType: 'image/jpg' } },
        { type: 'file', source: { kind: 'text', text: 'w' } },
        { type: 'opaque', origin: 'anthropic', value: { type: 'tool_reference', tool_name: 'g' } },
      ],
    };
    expect(write([says('tool', part)]).turns[0]!['content']).toEqual([
      {
        type: 'tool_result',
        tool_use_id: 'a',
        is_error: true,
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'AA==' } },
          { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'w' } },
          { type: 'tool_reference', tool_name: 'g' },
        ],
      },
    ]);
    expect(write([says('tool', { type: 'tool-result', callId: 'a', content: [] })]).turns[0]!['content']).toEqual([
      { type: 'tool_result', tool_use_id: 'a' },
    ]);
  });
});

describe('thinking in the history (FP-16)', () => {
  test('Claude’s goes back byte for byte and in order, signed and empty, or redacted', () => {
    const parts: Part[] = [
      { type: 'thinking', text: ' a\n', signature: { origin: 'anthropic', value: 'S1+/=' } },
      { type: 'thinking', text: '', signature: { origin: 'anthropic', value: 'S2' } },
      { type: 'thinking', text: '', redacted: { origin: 'anthropic', value: 'R' } },
      call('a'),
    ];
    const { turns, dropped } = write([says('assistant', ...parts), says('tool', result('a'))]);
    expect((turns[0]!['content'] as JsonObject[]).slice(0, 3)).toEqual([
      { type: 'thinking', thinking: ' a\n', signature: 'S1+/=' },
      { type: 'thinking', thinking: '', signature: 'S2' },
      { type: 'redacted_thinking', data: 'R' },
    ]);
    expect(dropped).toEqual([]);
  });

  test('that of others is left out, once noted each', () => {
    const { turns, dropped } = write([
      says('assistant', { type: 'thinking', text: 'a', signature: { origin: 'openai', value: 'x' } }, 'b'),
      says('user', 'c'),
      says(
        'assistant',
        { type: 'thinking', text: '', redacted: { origin: 'openai', value: 'x' } },
        { type: 'thinking', text: 'unsigned' },
        'd',
      ),
      says('user', 'e'),
    ]);
    expect(shape(turns)).toEqual([
      ['assistant', ['b']],
      ['user', ['c']],
      ['assistant', ['d']],
      ['user', ['e']],
    ]);
    expect(dropped).toEqual(['openai:thinking', 'thinking']);
  });

  test('Gemini’s signatures on calls and text are left out and noted', () => {
    const signature = { origin: 'google', value: 'g' };
    const { dropped } = write([says('assistant', { type: 'text', text: 'a', signature }, { ...call('x'), signature } as Part)]);
    expect(dropped).toEqual(['google:signature']);
  });
});

describe('other content', () => {
  const one = (part: Part, options: Parameters<typeof toContext>[0] = {}) => {
    const { turns, dropped } = write([says('user', 'x', part)], options);
    return { block: (turns[0]!['content'] as JsonObject[])[1], dropped };
  };

  test.each<[string, Part, JsonObject]>([
    [
      'a data URL',
      { type: 'image', source: { kind: 'url', url: 'data:image/png;base64,AAAA' } },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
    ],
    ['a URL', { type: 'image', source: { kind: 'url', url: 'https://x' } }, { type: 'image', source: { type: 'url', url: 'https://x' } }],
    [
      'a PDF',
      { type: 'file', filename: 'a.pdf', source: { kind: 'base64', data: 'AA==', mediaType: 'application/pdf' } },
      { type: 'document', title: 'a.pdf', source: { type: 'base64', media_type: 'application/pdf', data: 'AA==' } },
    ],
    [
      'a text file',
      { type: 'file', filename: 'a.md', source: { kind: 'base64', data: btoa('# h'), mediaType: 'text/markdown' } },
      { type: 'document', title: 'a.md', source: { type: 'text', media_type: 'text/plain', data: '# h' } },
    ],
    [
      'an image that came as a file',
      { type: 'file', source: { kind: 'url', url: 'data:image/webp;base64,AAAA' } },
      { type: 'image', source: { type: 'base64', media_type: 'image/webp', data: 'AAAA' } },
    ],
    ['a refusal', { type: 'refusal', text: 'no' }, { type: 'text', text: 'no' }],
    [
      'an opaque block that can be read',
      { type: 'opaque', origin: 'openai', value: { type: 'web_search_call' }, text: 'searched' },
      { type: 'text', text: 'searched' },
    ],
  ])('%s', (_name, part, block) => expect(one(part).block).toEqual(block));

  test('files by id need a beta', () => {
    const writing = startWriting(toContext());
    writeConversation([says('user', { type: 'file', source: { kind: 'file-id', id: 'file_1' } })], writing);
    expect([...writing.betas]).toEqual(['files-api-2025-04-14']);
  });

  test.each<[string, Part, string]>([
    ['openai-chat', { type: 'audio', source: { kind: 'base64', data: '', mediaType: 'audio/wav' } }, 'input_audio'],
    ['gemini', { type: 'video', source: { kind: 'url', url: 'https://v' } }, 'inlineData'],
    ['openai-responses', { type: 'file', source: { kind: 'base64', data: 'AA==', mediaType: 'application/zip' } }, 'input_file'],
  ])('%s: what Claude cannot take is refused by name, or dropped', (from, part, parameter) => {
    expect(thrown(() => one(part, { from })).param).toBe(parameter);
    expect(one(part, { from, dropParams: true })).toEqual({ block: undefined, dropped: [parameter] });
  });

  test('foreign opaque blocks are left out and noted', () =>
    expect(one({ type: 'opaque', origin: 'openai', value: { type: 'web_search_call' } })).toEqual({
      block: undefined,
      dropped: ['openai:web_search_call'],
    }));

  test('citations: Anthropic’s own go back, others and made-up ones do not', () => {
    const own = {
      kind: 'url',
      url: 'https://a',
      raw: { origin: 'anthropic', value: { type: 'web_search_result_location', encrypted_index: 'E' } },
    } as const;
    const made = {
      kind: 'url',
      url: 'https://b',
      raw: { origin: 'anthropic', value: { type: 'web_search_result_location', encrypted_index: '' } },
    } as const;
    const { turns, dropped } = write([
      says('assistant', { type: 'text', text: 't', citations: [own, made, { kind: 'url', url: 'https://c' }] }),
      says('user', 'u'),
    ]);
    expect((turns[0]!['content'] as JsonObject[])[0]).toEqual({ type: 'text', text: 't', citations: [own.raw.value] });
    expect(dropped).toEqual(['citations']);
  });
});

test("a picture of another vendor's model is shown to Claude in the user's next message", () => {
  const picture: Part = { type: 'image', source: { kind: 'base64', data: 'AA', mediaType: 'image/png' } };
  const messages = [says('user', 'draw'), says('assistant', 'here', picture), says('user', 'bluer')];
  expect(shape(write(messages).turns)).toEqual([
    ['user', ['draw']],
    ['assistant', ['here']],
    ['user', ['image', 'bluer']],
  ]);
  expect(write(messages).dropped).toEqual(['assistant image']);
  expect(shape(write([says('user', 'draw'), says('assistant', picture), says('user', 'bluer')]).turns)).toEqual([
    ['user', ['draw', 'image', 'bluer']],
  ]);
});
