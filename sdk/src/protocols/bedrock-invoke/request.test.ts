import { describe, expect, test } from 'bun:test';
import { SluiceError, type ChatRequest, type JsonObject, type ToWireContext, type UpstreamProtocol } from '../../types/index.ts';
import {
  bedrockClaudeText,
  bedrockCohere,
  bedrockCommandR,
  bedrockDeepSeek,
  bedrockImportedQwen,
  bedrockImportedR1,
  bedrockJurassic,
  bedrockLlama,
  bedrockMistral,
  bedrockNova,
  bedrockOpenai,
  bedrockTitan,
} from './index.ts';

const said = (role: 'system' | 'user' | 'assistant', text: string) => ({ role, content: [{ type: 'text' as const, text }] });
const question: ChatRequest = { model: 'm', messages: [said('user', 'Hi')], stream: false, unknown: {} };
const talk: ChatRequest = {
  ...question,
  messages: [said('system', 'Be brief.'), said('user', 'One'), said('assistant', 'Two'), said('user', 'Three')],
};
const tuned: Partial<ChatRequest> = { maxOutputTokens: 9, temperature: 0.5, topP: 0.9 };

const wire = (protocol: UpstreamProtocol, request: Partial<ChatRequest>, model = 'm', dropped: string[] = []): JsonObject => {
  const context: ToWireContext = {
    model,
    provider: 'bedrock',
    from: 'openai-chat',
    traits: {},
    quirks: {},
    dropParams: false,
    drop: (what) => void dropped.push(what),
    lacks: (parameter) => {
      throw new SluiceError('unsupported_parameter', parameter, { param: parameter });
    },
  };
  return protocol.request.toWire({ ...question, ...request }, context).body;
};

describe('requests by family', () => {
  test.each<[string, UpstreamProtocol, string, Partial<ChatRequest>, JsonObject]>([
    [
      'Titan',
      bedrockTitan,
      'amazon.titan-text-express-v1',
      { ...talk, ...tuned, stop: ['|'] },
      {
        inputText: 'Be brief.\n\nUser: One\nBot: Two\nUser: Three\nBot:',
        textGenerationConfig: { maxTokenCount: 9, temperature: 0.5, topP: 0.9, stopSequences: ['|'] },
      },
    ],
    ['Titan, bare', bedrockTitan, 'amazon.titan-text-lite-v1', {}, { inputText: 'User: Hi\nBot:' }],
    [
      'Llama 2',
      bedrockLlama,
      'meta.llama2-13b-chat-v1',
      { ...talk, ...tuned },
      {
        prompt: '<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nOne [/INST] Two </s><s>[INST] Three [/INST]',
        max_gen_len: 9,
        temperature: 0.5,
        top_p: 0.9,
      },
    ],
    [
      'Llama 3',
      bedrockLlama,
      'us.meta.llama3-1-70b-instruct-v1:0',
      {},
      {
        prompt:
          '<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
      },
    ],
    [
      'Llama 4',
      bedrockLlama,
      'meta.llama4-scout-17b-instruct-v1:0',
      {},
      { prompt: '<|begin_of_text|><|header_start|>user<|header_end|>\n\nHi<|eot|><|header_start|>assistant<|header_end|>\n\n' },
    ],
    [
      'Mistral',
      bedrockMistral,
      'mistral.mistral-7b-instruct-v0:2',
      { ...talk, ...tuned, topK: 7, stop: ['|'] },
      {
        prompt: '<s>[INST] Be brief.\n\nOne [/INST] Two</s>[INST] Three [/INST]',
        max_tokens: 9,
        temperature: 0.5,
        top_p: 0.9,
        top_k: 7,
        stop: ['|'],
      },
    ],
    [
      'DeepSeek R1',
      bedrockDeepSeek,
      'us.deepseek.r1-v1:0',
      { ...talk, maxOutputTokens: 9 },
      {
        prompt:
          '<｜begin▁of▁sentence｜>Be brief.<｜User｜>One<｜Assistant｜>Two<｜end▁of▁sentence｜><｜User｜>Three<｜Assistant｜><think>\n',
        max_tokens: 9,
      },
    ],
    [
      'Command',
      bedrockCohere,
      'cohere.command-text-v14',
      { ...tuned, topK: 7, stream: true, candidateCount: 2 },
      { prompt: 'Hi', max_tokens: 9, temperature: 0.5, p: 0.9, k: 7, num_generations: 2, stream: true },
    ],
    [
      'Jurassic-2',
      bedrockJurassic,
      'ai21.j2-mid-v1',
      { ...tuned, stop: ['|'] },
      { prompt: 'Hi', maxTokens: 9, temperature: 0.5, topP: 0.9, stopSequences: ['|'] },
    ],
    [
      'Claude 2',
      bedrockClaudeText,
      'anthropic.claude-v2',
      { ...talk },
      { prompt: 'Be brief.\n\nHuman: One\n\nAssistant: Two\n\nHuman: Three\n\nAssistant:', max_tokens_to_sample: 4096 },
    ],
    [
      'an imported R1',
      bedrockImportedR1,
      'arn:x',
      { maxOutputTokens: 9 },
      { prompt: '<｜begin▁of▁sentence｜><｜User｜>Hi<｜Assistant｜><think>\n', max_gen_len: 9 },
    ],
    [
      'an imported Qwen',
      bedrockImportedQwen,
      'arn:x',
      { topK: 7 },
      { prompt: '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n', top_k: 7 },
    ],
    [
      'Nova',
      bedrockNova,
      'us.amazon.nova-pro-v1:0',
      { ...talk, ...tuned, topK: 7, stop: ['|'] },
      {
        schemaVersion: 'messages-v1',
        messages: [
          { role: 'user', content: [{ text: 'One' }] },
          { role: 'assistant', content: [{ text: 'Two' }] },
          { role: 'user', content: [{ text: 'Three' }] },
        ],
        system: [{ text: 'Be brief.' }],
        inferenceConfig: { maxTokens: 9, temperature: 0.5, topP: 0.9, topK: 7, stopSequences: ['|'] },
      },
    ],
    [
      "OpenAI's body",
      bedrockOpenai,
      'openai.gpt-oss-120b-1:0',
      { maxOutputTokens: 9, stream: true },
      { messages: [{ role: 'user', content: 'Hi' }], max_tokens: 9 },
    ],
    [
      'Command R',
      bedrockCommandR,
      'cohere.command-r-v1:0',
      { ...talk, ...tuned, topK: 7, seed: 3 },
      {
        message: 'Three',
        chat_history: [
          { role: 'USER', message: 'One' },
          { role: 'CHATBOT', message: 'Two' },
        ],
        preamble: 'Be brief.',
        max_tokens: 9,
        temperature: 0.5,
        p: 0.9,
        k: 7,
        seed: 3,
      },
    ],
  ])('%s', (_, protocol, model, request, body) => expect(wire(protocol, request, model)).toEqual(body));

  test('what a family has no word for is refused by name; what changes no answer is dropped', () => {
    expect(() => wire(bedrockLlama, { stop: ['|'] })).toThrow('stop');
    expect(() => wire(bedrockTitan, { topK: 3 })).toThrow('top_k');
    expect(() => wire(bedrockTitan, { tools: [{ type: 'function', name: 'f' }] })).toThrow('tools');
    expect(() => wire(bedrockMistral, { responseFormat: { type: 'json' } })).toThrow('response_format');
    expect(() => wire(bedrockMistral, { reasoning: { effort: 'high' } })).toThrow('reasoning_effort');
    expect(() =>
      wire(bedrockLlama, {
        messages: [{ role: 'user', content: [{ type: 'image', source: { kind: 'url', url: 'https://x.test/a.png' } }] }],
      }),
    ).toThrow('image');
    const dropped: string[] = [];
    wire(
      bedrockDeepSeek,
      { user: 'u', metadata: { a: 'b' }, reasoning: { effort: 'high' }, candidateCount: 1, presencePenalty: 0 },
      'm',
      dropped,
    );
    expect(dropped).toEqual(['reasoning_effort', 'metadata', 'user']);
  });

  test('what the model is to go on from is left open, and members that nobody knows go along', () => {
    const { prompt, vendor } = wire(
      bedrockLlama,
      { messages: [said('user', 'Hi'), said('assistant', 'He')], unknown: { vendor: 1 } },
      'meta.llama3-8b',
    );
    expect(prompt).toEndWith('<|start_header_id|>assistant<|end_header_id|>\n\nHe');
    expect(vendor).toBe(1);
  });

  test('tools of Command R, and what they answered', () => {
    const call = { type: 'tool-call' as const, kind: 'function' as const, id: 'c1', name: 'add', arguments: '{"a":1}' };
    const body = wire(bedrockCommandR, {
      messages: [
        said('user', 'Add.'),
        { role: 'assistant', content: [call] },
        { role: 'tool', content: [{ type: 'tool-result', callId: 'c1', content: [{ type: 'text', text: '2' }] }] },
      ],
      tools: [
        {
          type: 'function',
          name: 'add',
          description: 'Adds.',
          parameters: {
            type: 'object',
            properties: { a: { type: 'integer', description: 'One.', minimum: 0 }, b: { type: 'array' } },
            required: ['a'],
          },
        },
      ],
    });
    expect(body).toEqual({
      message: 'Add.',
      tools: [
        {
          name: 'add',
          description: 'Adds.',
          parameter_definitions: {
            a: { description: 'One. JSON schema: {"minimum":0}', type: 'int', required: true },
            b: { type: 'list' },
          },
        },
      ],
      tool_results: [{ call: { name: 'add', parameters: { a: 1 } }, outputs: [{ text: '2' }] }],
    });
    expect(() => wire(bedrockCommandR, { tools: [{ type: 'function', name: 'f' }], toolChoice: { type: 'required' } })).toThrow(
      'tool_choice',
    );
    expect(() => wire(bedrockCommandR, { messages: [said('system', 'x')] })).toThrow('none');
  });
});
