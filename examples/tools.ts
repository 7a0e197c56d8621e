// A conversation with a tool: the model asks for it, the program runs it, the model goes on. The message is sent back as
// it came, so that thoughts with signatures survive.
import { completion, type ChatCompletionMessageParam, type ChatCompletionTool } from 'sluice';

const model = process.env['MODEL'] ?? 'mock/tools';
const tools: ChatCompletionTool[] = [
  {
    type: 'function',
    function: {
      name: 'get_weather',
      description: 'The weather in a city.',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  },
];
const messages: ChatCompletionMessageParam[] = [{ role: 'user', content: 'What is the weather in Oslo?' }];

const first = await completion({ model, messages, tools });
const message = first.choices[0]!.message;
messages.push(message);
for (const call of message.tool_calls ?? []) {
  if (call.type !== 'function') continue;
  console.log(`${call.function.name}(${call.function.arguments})`);
  messages.push({ role: 'tool', tool_call_id: call.id, content: 'Sunny, 21 °C' });
}
const second = await completion({ model, messages, tools });
console.log(second.choices[0]!.message.content);
