import { protocolOf, type ChatProtocol } from 'sluice/kit';
import { bedrockLlama, bedrockNova, bedrockOpenai, sagemakerGenerate } from './doubles/aws.ts';
import { vertexGemma } from './doubles/vertex.ts';
import { nlpCloudGeneration, replicate, tritonGenerate } from './doubles/prompts.ts';
import { gigachatChat } from './doubles/gigachat.ts';
import { sapOrchestration } from './doubles/sap.ts';
import { ociCohere, ociGeneric } from './doubles/oci.ts';
import { watsonxChat, watsonxText } from './doubles/watsonx.ts';

/** The vendor's own side of a format: reads requests, writes answers. */
export interface Double {
  framing: ChatProtocol['framing'];
  request: Pick<ChatProtocol['request'], 'fromWire'>;
  response: Pick<ChatProtocol['response'], 'toWire'>;
  stream: Pick<ChatProtocol['stream'], 'encoder'>;
  errors: Pick<ChatProtocol['errors'], 'toWire'>;
}

/**
 * Vendors whose formats no client speaks, so that nothing but a test can read their requests: protocol -> double. What
 * a format has no words for (tools in a prompt) is skipped with a reason where the provider is listed.
 */
export const doubles: Readonly<Record<string, Double | undefined>> = {
  'bedrock-llama': bedrockLlama,
  'bedrock-nova': bedrockNova,
  'bedrock-openai': bedrockOpenai,
  'sagemaker-generate': sagemakerGenerate,
  'vertex-gemma': vertexGemma,
  'databricks-chat': protocolOf('openai-chat'),
  'nlp-cloud-generation': nlpCloudGeneration,
  replicate,
  'triton-generate': tritonGenerate,
  'gigachat-chat': gigachatChat,
  'sap-orchestration': sapOrchestration,
  'oci-cohere': ociCohere,
  'oci-generic': ociGeneric,
  'watsonx-chat': watsonxChat,
  'watsonx-text': watsonxText,
};
