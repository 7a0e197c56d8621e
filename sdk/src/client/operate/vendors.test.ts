import { describe, expect, test } from 'bun:test';
import { providers, targetOf } from '../../providers/index.ts';
import type { JsonObject, Operation, TransportRequest } from '../../types/index.ts';
import { operate } from './operate.ts';

/* Adapters of vendors behind the engine: where their requests really go, and with which credentials. */

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
  bytes?: string;
}

interface Told {
  model: string;
  baseUrl?: string;
  apiKey?: string;
  options?: Record<string, unknown>;
}

const ask = async (operation: Operation, told: Told, request: JsonObject, answers: readonly Answer[]) => {
  const seen: TransportRequest[] = [];
  const target = targetOf(told, { providers, env: {} });
  const transport = async (sent: TransportRequest) => {
    const { status = 200, headers = {}, json, bytes = '' } = answers[seen.push(sent) - 1]!;
    let left: Uint8Array | undefined = new TextEncoder().encode(json === undefined ? bytes : JSON.stringify(json));
    const read = async () => {
      const piece = left;
      left = undefined;
      return piece;
    };
    return {
      status,
      headers: new Headers({ 'content-type': json === undefined ? 'audio/mpeg' : 'application/json', ...headers }),
      read,
      bytes: async () => (await read()) ?? new Uint8Array(),
      cancel: () => void (left = undefined),
    };
  };
  const answer = await operate(
    { operation, target, known: request, request: () => request as never, relay: () => Promise.reject(new Error('no relay')) },
    { transport, dropParams: true },
  );
  return { answer, seen, urls: seen.map(({ url }) => url) };
};

const file = { bytes: new Blob(['x']), name: 'a.mp3', type: 'audio/mpeg' };
const aws = { aws_access_key_id: 'AKIA', aws_secret_access_key: 's', aws_region_name: 'eu-west-1' };

describe('speech', () => {
  const say = (told: Told, answers: readonly Answer[] = [{ bytes: 'ID3' }], more: JsonObject = {}) =>
    ask('speech', told, { model: told.model, input: 'Hi', voice: 'alloy', ...more }, answers);

  test.each([
    [
      { model: 'deepgram/aura-2-thalia-en' },
      'https://api.deepgram.com/v1/speak?encoding=mp3&model=aura-2-thalia-en',
      'authorization',
      'Token k',
    ],
    [
      { model: 'elevenlabs/eleven_v3' },
      'https://api.elevenlabs.io/v1/text-to-speech/21m00Tcm4TlvDq8ikWAM?output_format=mp3_44100_128',
      'xi-api-key',
      'k',
    ],
    [
      { model: 'azure/speech/azure-tts', baseUrl: 'https://eastus.api.cognitive.microsoft.com' },
      'https://eastus.tts.speech.microsoft.com/cognitiveservices/v1',
      'ocp-apim-subscription-key',
      'k',
    ],
  ] as const)('%j', async (told, url, header, value) => {
    const { answer, seen } = await say({ ...told, apiKey: 'k' });
    expect([seen[0]!.url, seen[0]!.headers[header]]).toEqual([url, value]);
    expect(answer).toMatchObject({ kind: 'bytes', contentType: 'audio/mpeg' });
    if (answer.kind !== 'bytes') return;
    expect(new TextDecoder().decode(await answer.read())).toBe('ID3');
    expect(await answer.read()).toBeUndefined();
    expect(answer.facts.usage?.units).toEqual({ inputCharacters: 2 });
  });

  test('Azure Speech takes markup, under the type that it has', async () => {
    const { seen } = await say({ model: 'azure/speech/azure-tts', baseUrl: 'https://eastus.tts.speech.microsoft.com', apiKey: 'k' });
    expect(seen[0]!.headers['content-type']).toBe('application/ssml+xml');
  });

  test('Polly is signed for its region', async () => {
    const { seen } = await say({ model: 'aws_polly/generative', options: aws });
    expect(seen[0]!.url).toBe('https://polly.eu-west-1.amazonaws.com/v1/speech');
    expect(seen[0]!.headers['authorization']).toContain('/eu-west-1/polly/aws4_request');
  });

  test('Runway sends its key to itself alone', async () => {
    const link = 'https://dnznrvs05pmza.cloudfront.net/a.mp3';
    const { seen } = await say({ model: 'runwayml/eleven_v3', apiKey: 'k' }, [
      { json: { id: 't' } },
      { json: { status: 'SUCCEEDED', output: [link] } },
      { bytes: 'ID3' },
    ]);
    expect(seen.map(({ url, headers }) => [url, headers['authorization'], headers['x-runway-version']])).toEqual([
      ['https://api.dev.runwayml.com/v1/text_to_speech', 'Bearer k', '2024-11-06'],
      ['https://api.dev.runwayml.com/v1/tasks/t', 'Bearer k', '2024-11-06'],
      [link, undefined, undefined],
    ]);
  });

  test('MiniMax answers with a failure under the status 200', async () => {
    const failure = await say({ model: 'minimax/speech-2.8-hd', apiKey: 'k' }, [
      { json: { base_resp: { status_code: 1004, status_msg: 'login fail' } } },
    ]).catch((cause: unknown) => cause);
    expect(failure).toMatchObject({ code: 'authentication', provider: 'minimax', model: 'speech-2.8-hd' });
  });

  test('Gemini and Cloud Text-to-Speech, by the name of the model', async () => {
    const sound = { json: { candidates: [{ content: { parts: [{ inlineData: { mimeType: 'audio/L16;rate=24000', data: 'AAA=' } }] } }] } };
    const options = { vertex_project: 'p', vertex_location: 'us-central1', vertex_access_token: 'ya29.t' };
    const gemini = await say({ model: 'gemini/gemini-2.5-flash-preview-tts', apiKey: 'k' }, [sound]);
    expect(gemini.urls).toEqual(['https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash-preview-tts:generateContent']);
    const vertex = await say({ model: 'vertex_ai/gemini-2.5-flash-tts', options }, [sound]);
    expect(vertex.urls).toEqual([
      'https://us-central1-aiplatform.googleapis.com/v1beta1/projects/p/locations/us-central1/publishers/google/models/gemini-2.5-flash-tts:generateContent',
    ]);
    const cloud = await say({ model: 'vertex_ai/chirp', options }, [{ json: { audioContent: 'AAA=' } }]);
    expect([cloud.urls[0], cloud.seen[0]!.headers['authorization']]).toEqual([
      'https://texttospeech.googleapis.com/v1/text:synthesize',
      'Bearer ya29.t',
    ]);
    // A key alone has no project, and needs none.
    const express = await say({ model: 'vertex_ai/gemini-2.5-flash-tts', apiKey: 'k' }, [sound]);
    expect(express.urls).toEqual([
      'https://aiplatform.googleapis.com/v1beta1/publishers/google/models/gemini-2.5-flash-tts:generateContent',
    ]);
  });
});

describe('transcription', () => {
  const hear = (told: Told, answers: readonly Answer[], more: JsonObject = {}) =>
    ask('transcription', { apiKey: 'k', ...told }, { model: told.model, file, ...more }, answers);
  const textOf = async ({ answer }: Awaited<ReturnType<typeof hear>>) =>
    answer.kind === 'whole' ? (answer.json() as JsonObject)['text'] : undefined;

  test('Deepgram', async () => {
    const heard = { metadata: { duration: 1 }, results: { channels: [{ alternatives: [{ transcript: 'Hi' }] }] } };
    const done = await hear({ model: 'deepgram/nova-3', baseUrl: 'https://api.eu.deepgram.com/v1' }, [{ json: heard }], {
      smart_format: true,
    });
    expect([done.urls[0], done.seen[0]!.headers['content-type']]).toEqual([
      'https://api.eu.deepgram.com/v1/listen?model=nova-3&smart_format=true',
      'audio/mpeg',
    ]);
    expect(await textOf(done)).toBe('Hi');
    expect(done.answer.facts.usage?.units).toEqual({ inputSeconds: 1 });
  });

  test('AssemblyAI has a host of its own beside its gateway, and one in Europe', async () => {
    const answers = [{ json: { upload_url: 'https://cdn.test/u' } }, { json: { id: 't' } }, { json: { status: 'completed', text: 'Hi' } }];
    const done = await hear({ model: 'assemblyai/universal-3-pro', baseUrl: 'https://llm-gateway.eu.assemblyai.com/v1' }, answers);
    expect(done.seen.map(({ url, headers }) => [url, headers['authorization']])).toEqual([
      ['https://api.eu.assemblyai.com/v2/upload', 'k'],
      ['https://api.eu.assemblyai.com/v2/transcript', 'k'],
      ['https://api.eu.assemblyai.com/v2/transcript/t', 'k'],
    ]);
    expect(await textOf(done)).toBe('Hi');
  });

  test('Soniox cleans up behind itself', async () => {
    const done = await hear({ model: 'soniox/stt-async-v3' }, [
      { json: { id: 'f' } },
      { json: { id: 't' } },
      { json: { status: 'completed' } },
      { json: { text: 'Hi', tokens: [] } },
      { status: 204 },
      { status: 204 },
    ]);
    expect(done.seen.map(({ method, url }) => `${method} ${url}`).slice(-2)).toEqual([
      'DELETE https://api.soniox.com/v1/transcriptions/t',
      'DELETE https://api.soniox.com/v1/files/f',
    ]);
    expect(await textOf(done)).toBe('Hi');
  });

  test("a vendor's refusal keeps its status and words", async () => {
    const refused = { status: 401, json: { err_code: 'INVALID_AUTH', err_msg: 'Invalid credentials.' } };
    const failure = await hear({ model: 'deepgram/nova-3' }, [refused]).catch((cause: unknown) => cause);
    expect(failure).toMatchObject({ code: 'authentication', status: 401, upstream: { body: refused.json } });
    expect(String(failure)).toContain('Invalid credentials.');
    const detail = { status: 422, json: { detail: { status: 'invalid_parameters', message: 'Not a file.' } } };
    expect(String(await hear({ model: 'elevenlabs/scribe_v1' }, [detail]).catch((cause: unknown) => cause))).toContain('Not a file.');
  });

  test('Azure Speech and Cloud Speech-to-Text', async () => {
    const azure = await hear({ model: 'azure/speech/azure-stt', baseUrl: 'https://eastus.api.cognitive.microsoft.com' }, [
      { json: { combinedPhrases: [{ text: 'Hi' }] } },
    ]);
    expect([azure.urls[0], azure.seen[0]!.headers['ocp-apim-subscription-key']]).toEqual([
      'https://eastus.api.cognitive.microsoft.com/speechtotext/transcriptions:transcribe?api-version=2025-10-15',
      'k',
    ]);
    const options = { vertex_project: 'p', vertex_location: 'eu', vertex_access_token: 'ya29.t' };
    const google = await ask('transcription', { model: 'vertex_ai/chirp_3', options }, { file }, [{ json: {} }]);
    expect([google.urls[0], google.seen[0]!.headers['authorization']]).toEqual([
      'https://eu-speech.googleapis.com/v2/projects/p/locations/eu/recognizers/_:recognize',
      'Bearer ya29.t',
    ]);
  });
});

describe('videos', () => {
  test('Veo: the download is redirected, and the key stays with Google', async () => {
    const name = 'models/veo-3/operations/o';
    const uri = 'https://generativelanguage.googleapis.com/v1beta/files/f:download?alt=media';
    const { seen, answer } = await ask('video-content', { model: 'gemini/veo-3', apiKey: 'k' }, { id: name }, [
      { json: { done: true, response: { generateVideoResponse: { generatedSamples: [{ video: { uri } }] } } } },
      { status: 302, headers: { location: 'https://storage.example.test/v.mp4?sig=1' } },
      { bytes: 'MP4', headers: { 'content-type': 'video/mp4' } },
    ]);
    expect(seen.map(({ url, headers }) => [url, headers['x-goog-api-key']])).toEqual([
      [`https://generativelanguage.googleapis.com/v1beta/${name}`, 'k'],
      [uri, 'k'],
      ['https://storage.example.test/v.mp4?sig=1', undefined],
    ]);
    expect(answer).toMatchObject({ kind: 'bytes', contentType: 'video/mp4' });
  });

  test('Runway: a job as OpenAI shows it', async () => {
    const { answer } = await ask(
      'video-create',
      { model: 'runwayml/gen4.5', apiKey: 'k' },
      { model: 'runwayml/gen4.5', prompt: 'a', seconds: '5' },
      [{ json: { id: 't' } }],
    );
    expect(answer.kind === 'whole' && answer.json()).toMatchObject({
      object: 'video',
      id: 't',
      status: 'queued',
      seconds: '5',
      progress: 0,
    });
    expect(answer.facts.usage?.units).toEqual({ outputSeconds: 5 });
  });
});
