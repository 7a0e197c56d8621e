import { afterAll, describe } from 'bun:test';
import { testAnswers } from '../answers.ts';
import { testFailures } from '../failures.ts';
import { environments } from './environments.ts';
import { startPython } from './worker.ts';

for (const { folder, python } of environments()) {
  const { clientsOf, stop } = await startPython(python, folder);
  afterAll(stop);
  describe('answers', () => testAnswers(clientsOf));
  describe('failures', () => testFailures(clientsOf));
}
