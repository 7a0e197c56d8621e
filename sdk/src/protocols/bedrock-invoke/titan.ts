import { table } from '../../lib/table.ts';
import type { JsonObject } from '../../types/index.ts';
import { asNumber, asObjects, asString, candidateIndex, compact } from '../shared/read.ts';
import { promptProtocol } from './family.ts';

/** The sum of the counts that are there; undefined where none is. */
const sum = (counts: (number | undefined)[]): number | undefined =>
  counts.reduce((total, count) => (count === undefined ? total : (total ?? 0) + count), undefined);

/** Amazon Titan Text (docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-text.html, read 2026-11-22). */
export const bedrockTitan = promptProtocol({
  id: 'bedrock-titan',
  origin: 'amazon',
  template: () => 'titan',
  names: { maxOutputTokens: 'maxTokenCount', temperature: 'temperature', topP: 'topP', stop: 'stopSequences' },
  body: (inputText, parameters): JsonObject => ({
    inputText,
    ...(Object.keys(parameters).length > 0 && { textGenerationConfig: parameters }),
  }),
  format: {
    finish: table({
      finish: 'stop',
      finished: 'stop',
      length: 'length',
      stop_criteria_met: 'stop-sequence',
      content_filtered: 'content-filter',
    }),
    read(value) {
      // A whole answer has a list of results; an event is one itself.
      const results = Array.isArray(value['results']) ? asObjects(value['results']) : 'outputText' in value ? [value] : undefined;
      if (!results) return undefined;
      return {
        pieces: results.map((result, at) => ({
          candidate: candidateIndex(result['index'], at),
          text: asString(result['outputText']) ?? '',
          finish: asString(result['completionReason']),
        })),
        usage: compact({
          inputTokens: asNumber(value['inputTextTokenCount']),
          outputTokens: sum([asNumber(value['totalOutputTextTokenCount']), ...results.map(({ tokenCount }) => asNumber(tokenCount))]),
        }),
      };
    },
  },
});
