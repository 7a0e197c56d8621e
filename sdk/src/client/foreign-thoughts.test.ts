import { describe, expect, test } from 'bun:test';
import { protocolOf } from '../protocols/index.ts';
import { providers, targetOf } from '../providers/index.ts';
import { SluiceError, type JsonObject, type Transport, type TransportRequest } from '../types/index.ts';
import type { WholeAnswer } from './call.ts';
import { exchange } from './exchange.ts';
import { prepare } from './prepare.ts';

/*
 * FP-16: signatures and encrypted thoughts go back to whom they are from, byte for byte, and to nobody else, also where a
 * request is in the provider's own format and is otherwise passed on as it is.
 */

// In the shapes that were recorded, but made up.
const claude = `EuoDCokBCBAYAipA${'aB3/'.repeat(30)}==`;
const glm = 'da49bbe37855af62da49bbe37855af62';
const minimax = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const kimi = '0c0b1c52-8b8e-4a53-9a39-2f4a2f9c7d11';
const gemini = `CuoNAY89a18Fe_HV-${'aB3_'.repeat(20)}`;
const fernet = `gAAAAAB${'x'.repeat(80)}`;
const bare = `${'aB3+'.repeat(20)}==`;

const optionsOf = (model: string) => ({
  model,
  apiKey: 'sk-test-0001',
  ...(model.startsWith('azure/') && { baseUrl: 'https://r.openai.azure.com' }),
  options: { aws_region_name: 'us-east-1', vertex_project: 'p', vertex_location: 'global' },
});
const targetFor = (model: string, baseUrl?: string) =>
  targetOf({ ...optionsOf(model), ...(baseUrl !== undefined && { baseUrl }) }, { providers, env: {} });

const prepared = async (formatId: string, model: string, body: JsonObject, baseUrl?: string) =>
  prepare(
    { format: protocolOf(formatId), body, text: JSON.stringify(body, null, 1), stream: false, target: targetFor(model, baseUrl) },
    { dropParams: false },
  );

const turnOf = (block: JsonObject): JsonObject => ({
  model: 'm',
  max_tokens: 5000,
  messages: [
    { role: 'user', content: 'q' },
    { role: 'assistant', content: [block, { type: 'text', text: 'a' }] },
    { role: 'user', content: 'and?' },
  ],
});
const thought = (signature?: string): JsonObject => ({ type: 'thinking', thinking: 'hm', ...(signature !== undefined && { signature }) });
const hidden: JsonObject = { type: 'redacted_thinking', data: `EmwKAhgBEgy3${'aB3/'.repeat(20)}` };

describe("Anthropic's format, passed on", () => {
  const claudes = ['anthropic/claude-sonnet-4-5', 'azure_ai/claude-sonnet-4-5'];
  const others = ['minimax/MiniMax-M2', 'moonshot/kimi-k2-thinking', 'zai/glm-4.6', 'dashscope/qwen3-max', 'bigmodel/glm-4.6'];
  const at = (model: string) => (model.startsWith('azure_ai/') ? 'https://r.services.ai.azure.com' : undefined);

  test.each(claudes)("Claude's own are untouched: %s", async (model) => {
    for (const block of [thought(claude), hidden]) {
      const body = turnOf(block);
      const { text, dropped } = await prepared('anthropic-messages', model, body, at(model));
      expect(text).toBe(JSON.stringify({ ...body, model: model.split('/')[1] }, null, 1));
      expect(dropped).toEqual([]);
    }
  });

  test.each([
    ["MiniMax's", minimax],
    ["Kimi's", kimi],
    ["GLM's", glm],
    ["Gemini's", gemini],
    ['nobody', ''],
    ['unsigned', undefined],
  ])('%s do not reach Claude', async (_, signature) => {
    const { text, dropped } = await prepared('anthropic-messages', 'anthropic/claude-sonnet-4-5', turnOf(thought(signature)));
    const { messages } = JSON.parse(text) as { messages: { content: JsonObject[] }[] };
    expect(messages[1]!.content).toEqual([{ type: 'text', text: 'a' }]);
    expect(dropped.map(({ what }) => what)).toEqual(['thinking']);
  });

  test.each(others)("Claude's do not reach %s, which keeps the words, and its own goes back as it is", async (model) => {
    const foreign = await prepared('anthropic-messages', model, turnOf(thought(claude)));
    const { messages } = JSON.parse(foreign.text) as { messages: { content: JsonObject[] }[] };
    expect(messages[1]!.content[0]).toEqual({ type: 'thinking', thinking: 'hm', signature: '' });
    expect(foreign.dropped.map(({ what }) => what)).toEqual(['anthropic:signature']);
    expect((await prepared('anthropic-messages', model, turnOf(hidden))).text).not.toContain('redacted');
    for (const own of [glm, minimax, kimi, '']) {
      const body = turnOf(thought(own));
      const { text, dropped } = await prepared('anthropic-messages', model, body);
      expect(text).toBe(JSON.stringify({ ...body, model: model.split('/')[1] }, null, 1));
      expect(dropped).toEqual([]);
    }
  });

  test('a signature that shows nothing goes on, and so does everything to a server of which nothing is known', async () => {
    const body = turnOf(thought('who-knows'));
    expect((await prepared('anthropic-messages', 'anthropic/claude-sonnet-4-5', body)).text).toContain('who-knows');
    const { text } = await prepared('anthropic-messages', 'anthropic/claude-sonnet-4-5', turnOf(thought(glm)), 'https://gate.test');
    expect(text).toContain(glm);
  });
});

describe('Responses, passed on', () => {
  const input = (encrypted: string): JsonObject => ({
    model: 'm',
    store: false,
    input: [
      { role: 'user', content: 'q' },
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'hm' }], encrypted_content: encrypted },
      { role: 'user', content: 'and?' },
    ],
  });
  test.each([
    ['openai/gpt-5', fernet, true],
    ['openai/gpt-5', bare, false],
    ['azure/gpt-5', fernet, true],
    ['azure/gpt-5', bare, false],
    ['azure/my-deployment', bare, false],
    ['xai/grok-4', bare, true],
    ['xai/grok-4', fernet, false],
  ])('%s gets %.6s…: %p', async (model, encrypted, goesOn) => {
    const { same, text, dropped } = await prepared('openai-responses', model, input(encrypted));
    expect(same).toBe(true);
    expect(text.includes(encrypted)).toBe(goesOn);
    expect(dropped.map(({ what }) => what)).toEqual(goesOn ? [] : ['thinking']);
  });
});

test.each([
  ['https://eu.api.openai.com/v1', false],
  ['http://127.0.0.1:8000/v1', true],
])("OpenAI at %s is OpenAI's, or nobody knows whose: xAI's thoughts go there: %p", async (baseUrl, goesOn) => {
  const body = { model: 'm', store: false, input: [{ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: bare }] };
  const { text } = await prepared('openai-responses', 'openai/gpt-5', body, baseUrl);
  expect(text.includes(bare)).toBe(goesOn);
});

describe("OpenAI's chat format, passed on", () => {
  const details = [{ type: 'reasoning.encrypted', data: 'sealed-by-openrouter', id: 'r', format: 'openai-responses-v1', index: 0 }];
  const blocks = [{ type: 'thinking', thinking: 'hm', signature: claude }];
  const call = {
    id: 'c',
    type: 'function',
    function: { name: 'f', arguments: '{}' },
    extra_content: { google: { thought_signature: gemini } },
  };
  const chat = (members: JsonObject): JsonObject => ({
    model: 'm',
    messages: [
      { role: 'user', content: 'q' },
      { role: 'assistant', content: 'a', ...members },
      ...(members['tool_calls'] ? [{ role: 'tool', tool_call_id: 'c', content: '1' }] : []),
      { role: 'user', content: 'and?' },
    ],
  });
  test.each<[string, JsonObject]>([
    ["OpenRouter's details", { reasoning: 'hm', reasoning_details: details }],
    ["Claude's blocks", { thinking_blocks: blocks }],
    ["Gemini's signature of a call", { tool_calls: [call] }],
  ])('%s do not reach OpenAI, Azure and Groq', async (_, members) => {
    for (const model of ['openai/gpt-4.1', 'azure/gpt-4.1', 'groq/openai/gpt-oss-120b']) {
      if (model.startsWith('groq') && 'tool_calls' in members) continue;
      const { same, text, dropped } = await prepared('openai-chat', model, chat(members));
      expect(same).toBe(true);
      expect(text).not.toMatch(/sealed-by|EuoDCok|CuoNAY8/);
      expect(dropped.length).toBeGreaterThan(0);
    }
  });

  test('but go back to OpenRouter as they came', async () => {
    const body = chat({ reasoning: 'hm', reasoning_details: details });
    const { text } = await prepared('openai-chat', 'openrouter/openai/gpt-5', body);
    expect(text).toBe(JSON.stringify({ ...body, model: 'openai/gpt-5' }, null, 1));
  });

  test("and to a server of one's own", async () => {
    const body = chat({ reasoning_content: 'hm', reasoning_details: details });
    const { text } = await prepared('openai-chat', 'openai/m', body, 'http://127.0.0.1:8000/v1');
    expect(text).toBe(JSON.stringify(body, null, 1));
  });
});

describe('what only the vendor can tell to be foreign', () => {
  const refusal = (status: number, body: JsonObject) => ({ status, body });
  const served = (...answers: { status: number; body: JsonObject }[]) => {
    const sent: string[] = [];
    const transport: Transport = async ({ body }: TransportRequest) => {
      sent.push(String(body));
      const { status, body: answer } = answers.shift()!;
      const bytes = new TextEncoder().encode(JSON.stringify(answer));
      let left: Uint8Array | undefined = bytes;
      return {
        status,
        headers: new Headers({ 'content-type': 'application/json' }),
        read: async () => {
          const next = left;
          left = undefined;
          return next;
        },
        bytes: async () => bytes,
        cancel: () => {},
      };
    };
    return { transport, sent };
  };
  const anthropicError = (message: string): JsonObject => ({ type: 'error', error: { type: 'invalid_request_error', message } });
  const anthropicAnswer = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [{ type: 'text', text: 'b' }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 1, output_tokens: 1 },
  };
  const responsesAnswer = { id: 'resp_1', object: 'response', created_at: 1, model: 'm', status: 'completed', output: [] };
  const geminiAnswer = { candidates: [{ index: 0, content: { role: 'model', parts: [{ text: 'b' }] }, finishReason: 'STOP' }] };
  const geminiBody: JsonObject = {
    contents: [
      { role: 'user', parts: [{ text: 'q' }] },
      { role: 'model', parts: [{ functionCall: { name: 'f', args: {} }, thoughtSignature: gemini }] },
      { role: 'user', parts: [{ functionResponse: { name: 'f', response: { r: 1 } } }] },
    ],
  };
  const encrypted: JsonObject = {
    model: 'm',
    store: false,
    input: [
      { role: 'user', content: 'q' },
      { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: fernet },
      { role: 'user', content: 'and?' },
    ],
  };
  const openaiError = (message: string, code: string | null): JsonObject => ({
    error: { message, type: 'invalid_request_error', param: null, code },
  });

  test.each<[string, string, string, JsonObject, JsonObject, JsonObject, string]>([
    [
      'Claude',
      'anthropic-messages',
      'anthropic/claude-sonnet-4-5',
      turnOf(thought(claude)),
      anthropicError('messages.1.content.0: Invalid `signature` in `thinking` block'),
      anthropicAnswer,
      claude,
    ],
    [
      'Azure',
      'openai-responses',
      'azure/gpt-5',
      encrypted,
      openaiError('The encrypted content gAAA...WXBV could not be verified.', null),
      responsesAnswer,
      fernet,
    ],
    [
      'OpenAI',
      'openai-responses',
      'openai/gpt-5',
      encrypted,
      openaiError('Encrypted content organization_id did not match the target organization.', 'invalid_encrypted_content'),
      responsesAnswer,
      fernet,
    ],
    [
      'Gemini',
      'gemini',
      'gemini/gemini-3-pro-preview',
      geminiBody,
      { error: { code: 400, message: 'Unable to submit request because Thought signature is not valid.', status: 'INVALID_ARGUMENT' } },
      geminiAnswer,
      gemini,
    ],
  ])('%s: the call is made once more without it, and says so', async (_, format, model, body, error, answer, value) => {
    const { transport, sent } = served(refusal(400, error), refusal(200, answer));
    const call = { format: protocolOf(format), body, text: JSON.stringify(body), stream: false, target: targetFor(model) };
    const result = (await exchange({ ...call, path: { model: 'm', stream: false } }, { transport })) as WholeAnswer;
    expect(sent).toHaveLength(2);
    expect(sent[0]).toContain(value);
    expect(sent[1]).not.toContain(value);
    // Gemini 3 wants one with each call, and has a word for "there is none".
    expect(sent[1]!.includes('skip_thought_signature_validator')).toBe(format === 'gemini');
    expect(result.facts.dropped).toContainEqual({ what: 'thinking', why: 'the provider refused it: another account or vendor made it' });
  });

  test('and the next turn is not refused for the same, while what is new goes on', async () => {
    const target = targetFor('anthropic/claude-sonnet-4-5');
    const format = protocolOf('anthropic-messages');
    const error = anthropicError('messages.1.content.0: Invalid `signature` in `thinking` block');
    const { transport, sent } = served(
      refusal(400, error),
      refusal(200, anthropicAnswer),
      refusal(200, anthropicAnswer),
      refusal(200, anthropicAnswer),
    );
    const first = turnOf(thought(claude));
    await exchange({ format, body: first, stream: false, target }, { transport });
    const own = claude.replace('EuoD', 'EuoE');
    const { messages: before, ...rest } = first;
    const messages = [
      ...(before as JsonObject[]),
      { role: 'assistant', content: [thought(own), { type: 'text', text: 'c' }] },
      { role: 'user', content: 'so?' },
    ];
    const next = (await exchange({ format, body: { ...rest, messages }, stream: false, target }, { transport })) as WholeAnswer;
    expect(sent).toHaveLength(3);
    expect([sent[2]!.includes(claude), sent[2]!.includes(own)]).toEqual([false, true]);
    expect(next.facts.dropped.map(({ what }) => what)).toEqual(['thinking']);
    // Another conversation is passed on as it is.
    const other = turnOf(thought(own));
    await exchange({ format, body: other, text: JSON.stringify(other, null, 1), stream: false, target }, { transport });
    expect(sent[3]).toBe(JSON.stringify({ ...other, model: 'claude-sonnet-4-5' }, null, 1));
  });

  test('once, and not for other failures', async () => {
    const body = turnOf(thought(claude));
    const call = {
      format: protocolOf('anthropic-messages'),
      body,
      stream: false,
      target: targetFor('anthropic/claude-sonnet-4-5'),
    };
    const refused = refusal(400, anthropicError('messages.1.content.0: Invalid `signature` in `thinking` block'));
    const twice = served(refused, refused);
    await expect(exchange(call, { transport: twice.transport })).rejects.toThrow(/Invalid `signature`/);
    expect(twice.sent).toHaveLength(2);
    const other = served(refusal(400, anthropicError('max_tokens: too large')));
    const failure = await exchange(call, { transport: other.transport }).catch((cause: unknown) => cause);
    expect(SluiceError.is(failure)).toBe(true);
    expect(other.sent).toHaveLength(1);
  });
});
