import type { Provider } from '../types/index.ts';
import { aliases } from './aliases.ts';
import { anthropic } from './anthropic/index.ts';
import { assemblyai } from './assemblyai/index.ts';
import { createPolly } from './aws-polly/index.ts';
import { createAzureAi } from './azure-ai/index.ts';
import { createAzure } from './azure/index.ts';
import { createBedrock } from './bedrock/index.ts';
import { blackForestLabs } from './black-forest-labs/index.ts';
import { createChatgpt } from './chatgpt/index.ts';
import { clarifai } from './clarifai/index.ts';
import { cloudflare } from './cloudflare/index.ts';
import { cohere } from './cohere/index.ts';
import { compatible } from './compatible/index.ts';
import { createDatabricks } from './databricks/index.ts';
import { deepgram } from './deepgram/index.ts';
import { elevenlabs } from './elevenlabs/index.ts';
import { falAi } from './fal-ai/index.ts';
import { gemini } from './gemini/index.ts';
import { createGigachat } from './gigachat/index.ts';
import { createGithubCopilot } from './github-copilot/index.ts';
import { gladia } from './gladia/index.ts';
import { huggingface } from './huggingface/index.ts';
import { hume } from './hume/index.ts';
import { infinity } from './infinity/index.ts';
import { jinaAi } from './jina-ai/index.ts';
import { lmnt } from './lmnt/index.ts';
import { mock } from './mock/index.ts';
import { nlpCloud } from './nlp-cloud/index.ts';
import { nvidiaNim } from './nvidia-nim/index.ts';
import { createOci } from './oci/index.ts';
import { ollama } from './ollama/index.ts';
import { openai } from './openai/index.ts';
import { predibase } from './predibase/index.ts';
import { recraft } from './recraft/index.ts';
import { reducto } from './reducto/index.ts';
import { createProviders } from './registry.ts';
import { createReplicate } from './replicate/index.ts';
import { revai } from './revai/index.ts';
import { runwayml } from './runwayml/index.ts';
import { createSagemaker } from './sagemaker/index.ts';
import { searchProviders } from './search/index.ts';
import { createSap } from './sap/index.ts';
import { snowflake } from './snowflake/index.ts';
import { soniox } from './soniox/index.ts';
import { stability } from './stability/index.ts';
import { topaz } from './topaz/index.ts';
import { triton } from './triton/index.ts';
import { createVertex } from './vertex/index.ts';
import { voyage } from './voyage/index.ts';
import { createWatsonx } from './watsonx/index.ts';
import { writer } from './writer/index.ts';

/** Every provider. A new one is a row of `compatible.ts`, or a folder and a name here. */
const builtIn: readonly Provider[] = [
  anthropic,
  assemblyai,
  createPolly(),
  createAzure(),
  createAzureAi(),
  ...createBedrock(),
  blackForestLabs,
  createChatgpt(),
  clarifai,
  cloudflare,
  cohere,
  createDatabricks(),
  deepgram,
  elevenlabs,
  falAi,
  gemini,
  createGigachat(),
  createGithubCopilot(),
  gladia,
  huggingface,
  hume,
  infinity,
  jinaAi,
  lmnt,
  mock,
  nlpCloud,
  nvidiaNim,
  createOci(),
  ollama,
  openai,
  predibase,
  createReplicate(),
  revai,
  runwayml,
  ...createSagemaker(),
  recraft,
  reducto,
  ...searchProviders(),
  createSap(),
  snowflake,
  soniox,
  triton,
  stability,
  topaz,
  createVertex(),
  voyage,
  createWatsonx(),
  writer,
  ...compatible,
];

/** The built-in providers under all their names. */
export const providers = createProviders(builtIn, aliases);

export { chooseEndpoint, chooseSpeaks } from './choose.ts';
export { credentialHeaders, credentialsRefused } from './credentials.ts';
export { mocked } from './mock/index.ts';
export { withProviders, type Providers } from './registry.ts';
export { realtimeUrl, relayUrl } from './relay-url.ts';
export { mustRewrite } from './same-format.ts';
export { withhold, withholdBetas } from './takes.ts';
export { targetOf } from './target.ts';
export { upstreamUrl } from './url.ts';
