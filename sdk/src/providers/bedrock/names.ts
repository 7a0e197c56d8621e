import { isBedrockName } from '../../catalog/index.ts';
import { SluiceError, type Endpoint } from '../../types/index.ts';
import { isRegion } from '../aws/region.ts';

/** What stands behind `bedrock/`. */
export interface BedrockName {
  /** What says the family, for traits and formats: the model's own name, or an ARN that nothing more is known of. */
  model: string;
  prefer?: Endpoint;
  /** What stands in front of it of the words above. */
  format?: string;
  /** `model_id`: what goes into the URL in place of the name. `aws_model_region`: the region that the name says. */
  options?: Readonly<Record<string, string>>;
}

/**
 * `bedrock/converse/...` and its like. Only Claude's own format is a client's at Invoke too; of others, the family says
 * which body Invoke takes (`families.ts`).
 */
const routes: Readonly<Record<string, Endpoint | undefined>> = { converse: 'chat', converse_like: 'chat', invoke: 'messages' };

/** LiteLLM's words for the format of an imported model's body; and `anthropic_text`, what Claude 2 began with. */
const formats = new Set([
  'anthropic',
  'anthropic_text',
  'deepseek_r1',
  'llama',
  'mistral',
  'moonshot',
  'nova',
  'nova-2',
  'openai',
  'qwen2',
  'qwen3',
  'stability',
]);

const elsewhere: Readonly<Record<string, string>> = {
  agent: 'agents of Bedrock are not served',
  agentcore: 'AgentCore is not served',
  async_invoke: 'asynchronous calls are not served',
  mantle: "write 'bedrock_mantle/' and the model's name",
};

/**
 * Reads a model's name as LiteLLM's users write it (docs.litellm.ai/docs/providers/bedrock, read 2026-11-22): route,
 * region, commitment and format in front, then an id or an ARN.
 * @param baseModel the model behind a name that does not say it
 * @throws SluiceError `not_found` for what is not served
 */
export const readName = (given: string, baseModel?: string): BedrockName => {
  let rest = given;
  let prefer: Endpoint | undefined;
  let region: string | undefined;
  let format: string | undefined;
  while (!rest.startsWith('arn:')) {
    const slash = rest.indexOf('/');
    if (slash <= 0 || slash === rest.length - 1) break;
    const first = rest.slice(0, slash);
    const why = elsewhere[first];
    if (why !== undefined)
      throw new SluiceError('not_found', `'bedrock/${first}/...' cannot be called: ${why}.`, { param: 'model', provider: 'bedrock' });
    if (first in routes) prefer = routes[first];
    else if (isRegion(first)) region = first;
    else if (formats.has(first)) format = first;
    else if (!/^\d+-month-commitment$/.test(first) && first !== 'bedrock') break;
    rest = rest.slice(slash + 1);
  }
  const known = baseModel === undefined || isBedrockName(rest) ? undefined : readName(baseModel).model;
  const model = known ?? rest;
  const options = { ...(known !== undefined && { model_id: rest }), ...(region !== undefined && { aws_model_region: region }) };
  return { model, ...(prefer && { prefer }), ...(format && { format }), ...(Object.keys(options).length > 0 && { options }) };
};
