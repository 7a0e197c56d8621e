import { chatRecordings } from '../kit/groups.ts';
import { nameOf, requestBody } from '../kit/recordings.ts';
import { requestIssues, specNames, specsMissing, type Spec } from '../kit/specs.ts';
import type { Case } from '../kit/tally.ts';
import type { ClientFormat } from '../kit/wire-formats.ts';
import { replaySuite } from './suite.ts';

/** Whose recorded requests are sent to the other providers. */
const senders: Readonly<Record<string, { format: ClientFormat; own: readonly Spec[] }>> = {
  openai: { format: 'openai-chat', own: ['openai'] },
  'openai-responses': { format: 'openai-responses', own: ['openai-responses'] },
  anthropic: { format: 'anthropic-messages', own: ['anthropic'] },
  gemini: { format: 'gemini', own: ['gemini'] },
  vertexai: { format: 'gemini', own: ['gemini'] },
  bedrock: { format: 'bedrock-converse', own: ['bedrock'] },
  cohere: { format: 'cohere-chat', own: ['cohere'] },
  ollama: { format: 'ollama-chat', own: ['ollama'] },
};

/** What names something that OpenAI keeps for its customer: no other provider has it, so the request must be refused. */
const keptByProvider = ['previous_response_id', 'conversation', 'prompt', 'background'];

/** Members that the vendor's description does not know; it is older than its API, so they are told and not counted. */
const unknownMembers = new Map<string, number>();

const casesOf = (sender: string, sluice: Parameters<Parameters<typeof replaySuite>[0]['cases']>[0]): Case[] => {
  const { format, own } = senders[sender]!;
  const provider = sender.split('-', 1)[0];
  const requests = chatRecordings().filter(
    ({ recording, place }) =>
      recording.status < 300 && recording.provider === provider && place.format === format && requestBody(recording),
  );
  return requests.flatMap(({ recording }) =>
    specNames
      .filter((spec) => !own.includes(spec))
      .map((spec) => ({
        provider: sender,
        format: spec,
        name: nameOf(recording),
        check: async () => {
          const body = requestBody(recording)!;
          const { sent, refusal } = await sluice().translate({ from: format, to: spec, body, stream: recording.stream });
          const kept = keptByProvider.find((member) => ![undefined, null, false].includes(body[member] as never));
          if (kept) return refusal?.includes(kept) || refusal?.includes('not found') ? [] : [`'${kept}' is not refused`];
          if (!sent) return [`refused: ${refusal}`];
          const issues = requestIssues(spec, sent);
          for (const { kind, path, message } of issues) {
            if (kind === 'shape') continue;
            const member = `${sender} -> ${spec}: ${path.replaceAll(/\d+/g, '')} ${message}`;
            unknownMembers.set(member, (unknownMembers.get(member) ?? 0) + 1);
          }
          return issues.filter(({ kind }) => kind === 'shape').map(({ path, message }) => `${path}: ${message}`);
        },
      })),
  );
};

// Use 3: a recorded request, sent to a provider of another format, fits what that provider says of its API.
replaySuite({
  use: 'requests',
  missing: specsMissing,
  cases: (sluice) => new Map(Object.keys(senders).map((sender) => [sender, casesOf(sender, sluice)])),
  note: () =>
    [...unknownMembers]
      .sort()
      .map(([member, count]) => `  ${count} x ${member}`)
      .join('\n'),
});
