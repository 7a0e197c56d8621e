import { providers } from '../sdk/src/providers/index.ts';
import { offersOf, type Offer } from '../sdk/src/providers/offers.ts';
import type { Evidence } from '../sdk/src/providers/evidence.ts';
import type { Provider } from '../sdk/src/types/index.ts';

/** Columns: what belongs together is one. */
const columns: readonly (readonly [title: string, ...what: Offer[]])[] = [
  ['chat', 'chat', 'messages', 'responses', 'completions'],
  ['embeddings', 'embeddings'],
  ['rerank', 'rerank'],
  ['images', 'image-generation', 'image-edit', 'image-variation'],
  ['transcripts', 'transcription', 'translation'],
  ['speech', 'speech'],
  ['moderation', 'moderation'],
  ['OCR', 'ocr'],
  ['search', 'search'],
  ['videos', 'video-create', 'video-retrieve', 'video-content', 'video-remix', 'video-delete'],
  ['files', 'files', 'anthropic_files', 'uploads'],
  ['batches', 'batches', 'message_batches'],
  ['tuning', 'fine_tuning'],
  ['vector stores', 'vector_stores'],
];

const marks: Readonly<Record<Evidence, string>> = { recordings: '**R**', specification: 'S', mock: 'm' };
const best: readonly Evidence[] = ['recordings', 'specification', 'mock'];

/** The best proof of what a column holds. */
const cell = (provider: Provider, what: readonly Offer[]): string => {
  const found = offersOf(provider).filter((each) => what.includes(each.what));
  const mark = best.find((evidence) => found.some((each) => each.evidence === evidence));
  return mark ? marks[mark] : '';
};

const row = (provider: Provider): string => `| \`${provider.id}\` | ${columns.map(([, ...what]) => cell(provider, what)).join(' | ')} |`;

const sorted = (): Provider[] => providers.list.toSorted((a, b) => a.id.localeCompare(b.id));

const count = (evidence: Evidence): number =>
  providers.list.reduce((sum, provider) => sum + offersOf(provider).filter((each) => each.evidence === evidence).length, 0);

/** Which provider does what, and how well that is proved, for people. */
export const endpointsPage = (): string => `# Endpoints by provider

<!-- Made by \`npm run docs\` from sdk/src/providers. Do not edit. -->

What each provider does, and how well that is proved here:

- **R**: its own recorded traffic is replayed through the gateway, and answers and requests are compared.
- S: what is sent to it is held against the vendor's own description of its API.
- m: tested against a mock that was made from the documents of the vendor or of the format it says it speaks; no traffic of its own was at hand.

No provider was called live. ${providers.list.length} providers; of their calls ${count('recordings')} are proved by recordings, ${count('specification')} by a specification, ${count('mock')} by mocks. \`GET /public/providers?details=true\` tells the same, call by call.

Chat of every format (OpenAI's chat, Responses and completions, Anthropic's, Gemini's, Bedrock's, Cohere's, Ollama's) is served in front of each provider that chats.

| provider | ${columns.map(([title]) => title).join(' | ')} |
|---|${columns.map(() => '---|').join('')}
${sorted().map(row).join('\n')}
`;
