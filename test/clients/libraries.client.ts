import { describe } from 'bun:test';
import { testAnswers } from './answers.ts';
import { clientsOf } from './clients/index.ts';
import { testFailures } from './failures.ts';

describe('answers', () => testAnswers(clientsOf));
describe('failures', () => testFailures(clientsOf));
