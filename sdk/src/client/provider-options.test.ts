import { expect, test } from 'bun:test';
import { completion } from './completion.ts';
import type { TransportRequest } from '../types/index.ts';

const question = { messages: [{ role: 'user' as const, content: 'Hi' }] };

/** The request that a call makes. */
const sent = async (call: Parameters<typeof completion>[0]): Promise<TransportRequest> => {
  let request: TransportRequest | undefined;
  const transport = async (given: TransportRequest) => {
    request = given;
    throw new Error('far enough');
  };
  await completion({ ...call, env: {}, maxRetries: 0, transport }).catch(() => {});
  return request!;
};

test('what a provider needs besides a key reaches it, and not the body', async () => {
  const model = 'bedrock/amazon.nova-lite-v1:0';
  const options = { aws_region_name: 'eu-west-1', aws_access_key_id: 'AKID', aws_secret_access_key: 'CANARY' };
  const bedrock = await sent({ model, ...question, providerOptions: options });
  expect(bedrock.url).toBe('https://bedrock-runtime.eu-west-1.amazonaws.com/model/amazon.nova-lite-v1%3A0/converse');
  expect(bedrock.headers['authorization']).toContain('Credential=AKID/');
  expect(JSON.stringify(bedrock)).not.toContain('CANARY');
  expect(bedrock.body).not.toContain('providerOptions');

  const vertex = { vertex_project: 'p', vertex_location: 'europe-west4', vertex_access_token: 'ya29.t' };
  const { url } = await sent({ model: 'vertex_ai/gemini-2.5-pro', ...question, providerOptions: vertex });
  expect(url).toBe(
    'https://europe-west4-aiplatform.googleapis.com/v1beta1/projects/p/locations/europe-west4/publishers/google/models/gemini-2.5-pro:generateContent',
  );
});
