import { SluiceError } from 'sluice/kit';
import { withMembers, type ClientRequest } from './client-request.ts';

/*
 * Claude on Bedrock (InvokeModel) and Vertex (rawPredict) is spoken to in Anthropic's format, but for what Anthropic has
 * in headers: `anthropic_version`, and `anthropic_beta`; the path says the model and whether the answer is streamed
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html,
 * https://docs.claude.com/en/api/claude-on-vertex-ai, read 2026-11-22).
 */

/** Such a request as Anthropic's own. @throws SluiceError `invalid_request` where the body is of another format */
export const openClaudeEnvelope = (request: ClientRequest, { model, stream }: { model: string; stream: boolean }): ClientRequest => {
  const { anthropic_version: version, anthropic_beta: betas, messages } = request.body;
  if (typeof version !== 'string' || messages === undefined) {
    const message = "The body must be in Anthropic's format, with 'anthropic_version' and 'messages'; other formats are not taken here.";
    throw new SluiceError('invalid_request', message, { param: version === undefined ? 'anthropic_version' : 'messages' });
  }
  const opened = withMembers(request, { anthropic_version: undefined, anthropic_beta: undefined, model, stream });
  if (betas === undefined || betas === null) return opened;
  if (!Array.isArray(betas) || !betas.every((each) => typeof each === 'string' && /^[\w.-]{1,100}$/.test(each)))
    throw new SluiceError('invalid_request', "'anthropic_beta' must be a list of names.", { param: 'anthropic_beta' });
  const headers = new Headers(opened.headers);
  for (const beta of betas as string[]) headers.append('anthropic-beta', beta);
  return { ...opened, headers };
};
