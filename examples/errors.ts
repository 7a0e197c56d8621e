// One class of errors with a table of codes, whatever the provider; and many calls at once.
import { batchCompletion, completion, SluiceError } from 'sluice';

try {
  await completion({ model: 'mock/error-429', messages: [{ role: 'user', content: 'Hello' }], maxRetries: 0 });
} catch (error) {
  if (!SluiceError.is(error)) throw error;
  console.log(error.code, error.status, error.message);
}

const answers = await batchCompletion(
  ['one', 'two', 'three'].map((content) => ({ model: 'mock/echo', messages: [{ role: 'user' as const, content }] })),
  { concurrency: 2 },
);
for (const answer of answers) console.log(answer instanceof Error ? answer.message : answer.choices[0]!.message.content);
