// A streamed answer, word by word. Leaving the loop early cancels the provider's work.
import { completion } from 'sluice';

const stream = await completion({
  model: process.env['MODEL'] ?? 'mock/echo',
  messages: [{ role: 'user', content: 'Tell me about sluices.' }],
  stream: true,
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? '');
process.stdout.write('\n');
