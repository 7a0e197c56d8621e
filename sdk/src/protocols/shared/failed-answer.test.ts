import { describe, expect, test } from 'bun:test';
import { SluiceError, type ChatResult, type StreamPart } from '../../types/index.ts';
import { bedrockConverse, cohereChat, gemini, openaiChat } from '../index.ts';
import { createCollector, explode } from './collect.ts';
import { failEarly, refuseFailed } from './failed-answer.ts';

/** What becomes of an answer, whole and as a stream: the error's code and whether it may be sent again, or the finish reason. */
const outcomes = (result: ChatResult): unknown[] => {
  const parts: StreamPart[] = [];
  explode(
    result,
    failEarly((part) => void parts.push(part)),
  );
  const collector = createCollector();
  parts.forEach((part) => collector.push(part));
  return [() => refuseFailed(result), () => collector.result()].map((read) => {
    try {
      return read().candidates[0]!.finishReason;
    } catch (error) {
      return SluiceError.is(error) && [error.code, error.retry, error.upstream?.code];
    }
  });
};

const cohere = (word: string, content: object[] = []) =>
  cohereChat.response.fromWire({ id: 'i', message: { role: 'assistant', content }, finish_reason: word });
const bedrock = (content: object[] = []) =>
  bedrockConverse.response.fromWire({ output: { message: { role: 'assistant', content } }, stopReason: 'malformed_model_output' });
const chat = (word: string) =>
  openaiChat.response.fromWire({ choices: [{ message: { role: 'assistant', content: '' }, finish_reason: word }] });
const google = (word: string) => gemini.response.fromWire({ candidates: [{ finishReason: word }] });

describe('an answer that is only a failure is an error, which may be sent again', () => {
  test.each([
    [cohere('ERROR'), ['bad_gateway', true, 'ERROR']],
    [cohere('TIMEOUT'), ['upstream_timeout', true, 'TIMEOUT']],
    [bedrock(), ['invalid_response', true, 'malformed_model_output']],
    [chat('network_error'), ['bad_gateway', true, 'network_error']],
    [chat('insufficient_system_resource'), ['unavailable', true, 'insufficient_system_resource']],
    [google('MALFORMED_RESPONSE'), ['invalid_response', true, 'MALFORMED_RESPONSE']],
    [google('MISSING_THOUGHT_SIGNATURE'), ['invalid_request', false, 'MISSING_THOUGHT_SIGNATURE']],
  ])('%#', (result, expected) => {
    expect(outcomes(result)).toEqual([expected, expected]);
  });
});

test('with output it stays an answer', () => {
  expect(outcomes(cohere('ERROR', [{ type: 'text', text: 'a' }]))).toEqual(['error', 'error']);
  expect(outcomes(bedrock([{ text: 'a' }]))).toEqual(['error', 'error']);
});

test('another end without output is none of it', () => {
  expect(outcomes(cohere('MAX_TOKENS'))).toEqual(['length', 'length']);
});
