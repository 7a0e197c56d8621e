import { SluiceError, type JsonObject } from 'sluice/kit';
import { withMembers, type ClientRequest } from './client-request.ts';

/*
 * Claude on Bedrock (InvokeModel) and Vertex (rawPredict) is spoken to in Anthropic's format, but for what Anthropic has
 * in headers: `anthropic_version`, and `anthropic_beta`; the path says the model and whether the answer is streamed
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html,
 * https://docs.claude.com/en/api/claude-on-vertex-ai, read 2026-11-22).
 */

/** What InvokeModel has in headers, as Converse has it in its body: under those names every provider's protocol knows it. */
export const invokeMembers = (headers: Headers): JsonObject => {
  const given = (name: string): string | undefined => headers.get(`x-amzn-bedrock-${name}`)?.trim() || undefined;
  const guardrailIdentifier = given('guardrailidentifier');
  const guardrailVersion = given('guardrailversion');
  const latency = given('performanceconfig-latency');
  const metadata = given('request-metadata');
  const tier = given('service-tier');
  return {
    ...(guardrailIdentifier !== undefined && {
      guardrailConfig: { guardrailIdentifier, guardrailVersion, trace: given('trace')?.toLowerCase() },
    }),
    ...(latency !== undefined && { performanceConfig: { latency } }),
    ...(metadata !== undefined && { requestMetadata: readMetadata(metadata) }),
    ...(tier !== undefined && { serviceTier: { type: tier } }),
  };
};

const readMetadata = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new SluiceError('invalid_request', "The header 'X-Amzn-Bedrock-Request-Metadata' must be JSON.", {
      param: 'X-Amzn-Bedrock-Request-Metadata',
    });
  }
};

/** Such a request as Anthropic's own. @throws SluiceError `invalid_request` where the body is of another format */
export const openClaudeEnvelope = (request: ClientRequest, { model, stream }: { model: string; stream: boolean }): ClientRequest => {
  const { anthropic_version: version, anthropic_beta: betas, messages } = request.body;
  if (typeof version !== 'string' || messages === undefined) {
    const message = "The body must be in Anthropic's format, with 'anthropic_version' and 'messages'; other formats are not taken here.";
    throw new SluiceError('invalid_request', message, { param: version === undefined ? 'anthropic_version' : 'messages' });
  }
  const opened = withMembers(request, {
    anthropic_version: undefined,
    anthropic_beta: undefined,
    ...invokeMembers(request.headers),
    model,
    stream,
  });
  if (betas === undefined || betas === null) return opened;
  if (!Array.isArray(betas) || !betas.every((each) => typeof each === 'string' && /^[\w.-]{1,100}$/.test(each)))
    throw new SluiceError('invalid_request', "'anthropic_beta' must be a list of names.", { param: 'anthropic_beta' });
  const headers = new Headers(opened.headers);
  for (const beta of betas as string[]) headers.append('anthropic-beta', beta);
  return { ...opened, headers };
};
