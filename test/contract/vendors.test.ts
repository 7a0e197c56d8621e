import { generateKeyPairSync } from 'node:crypto';
import { createGigachat } from '../../sdk/src/providers/gigachat/index.ts';
import { createOci } from '../../sdk/src/providers/oci/index.ts';
import { createSap } from '../../sdk/src/providers/sap/index.ts';
import { createWatsonx } from '../../sdk/src/providers/watsonx/index.ts';
import { chatContract, key } from './chat-contract.ts';

/*
 * Providers whose calls carry another credential than the one that is configured: here the fake that gives it gives the
 * configured one back, so that it is seen where it goes.
 */

const watsonx = createWatsonx({ fetch: async () => Response.json({ access_token: key, expires_in: 3600 }) });
chatContract(watsonx, { made: true, baseUrl: 'http://127.0.0.1:9', options: { project_id: 'p-1' } });

const onlyText = 'a prompt is text alone';
chatContract(
  { ...watsonx, chatOrder: ['completions'] },
  {
    made: true,
    model: 'meta-llama/llama-3-3-70b-instruct',
    baseUrl: 'http://127.0.0.1:9',
    options: { project_id: 'p-1' },
    skip: {
      'a tool call': onlyText,
      'parallel tool calls': onlyText,
      'tool results': onlyText,
      'a tool that must be called': onlyText,
      'one certain tool': onlyText,
      'an image': onlyText,
      'a JSON schema': onlyText,
    },
  },
);

const oneCall = 'it makes one call a message';
chatContract(createGigachat({ fetch: async () => Response.json({ access_token: key, expires_at: 4_000_000_000_000 }) }), {
  made: true,
  skip: {
    'parallel tool calls': oneCall,
    'tool results': oneCall,
    'a tool that must be called': 'it can be told which function to call, and not that it must call any',
    'an image': 'images have to be uploaded first',
  },
});

const serviceKey = { clientid: 'c', clientsecret: 's', url: 'https://auth.test', serviceurls: { AI_API_URL: 'https://api.test' } };
chatContract(
  createSap({
    env: () => ({}),
    fetch: async (url) =>
      Response.json(url.includes('/lm/deployments') ? { resources: [{ id: 'd-1' }] } : { access_token: key, expires_in: 3600 }),
  }),
  { made: true, apiKey: JSON.stringify(serviceKey), options: {} },
);

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const signing = {
  made: true,
  signs: true,
  apiKey: privateKey,
  options: { oci_tenancy: 't', oci_user: 'u', oci_fingerprint: 'f', oci_compartment_id: 'c' },
};
const oci = createOci();
chatContract(oci, { ...signing, model: 'meta.llama-3.3-70b-instruct' });
chatContract(oci.variant!({ model: 'cohere.command-a-03-2025' }), {
  ...signing,
  model: 'cohere.command-a-03-2025',
  skip: {
    'a tool that must be called': 'its format has no such choice',
    'one certain tool': 'its format has no such choice',
    'an image': 'its format takes text alone',
  },
});
