import { SluiceError, type Dialect, type JsonObject } from '../../types/index.ts';

/*
 * What Converse has in its body and InvokeModel in headers, since its body is the model's own. Source:
 * docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html, read 2026-11-22.
 */

const textOf = (value: unknown, name: string): string | undefined => {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && /^[\x21-\x7e]{1,2048}$/.test(value)) return value;
  throw new SluiceError('invalid_request', `'${name}' is not a text that Bedrock's headers can hold.`, {
    param: name,
    provider: 'bedrock',
  });
};

/** JSON as a header can hold it. */
const jsonOf = (value: unknown): string =>
  JSON.stringify(value).replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

const asObject = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

type Writer = (value: unknown) => Record<string, string | undefined>;

const writers: Readonly<Record<string, Writer>> = {
  guardrailConfig(value) {
    const { guardrailIdentifier, guardrailVersion, trace } = asObject(value);
    return {
      'x-amzn-bedrock-guardrailidentifier': textOf(guardrailIdentifier, 'guardrailConfig.guardrailIdentifier'),
      'x-amzn-bedrock-guardrailversion': textOf(guardrailVersion, 'guardrailConfig.guardrailVersion'),
      'x-amzn-bedrock-trace': textOf(trace, 'guardrailConfig.trace')?.toUpperCase(),
    };
  },
  performanceConfig: (value) => ({
    'x-amzn-bedrock-performanceconfig-latency': textOf(asObject(value)['latency'], 'performanceConfig.latency'),
  }),
  requestMetadata: (value) => ({ 'x-amzn-bedrock-request-metadata': jsonOf(value) }),
  serviceTier: (value) => ({ 'x-amzn-bedrock-service-tier': textOf(asObject(value)['type'], 'serviceTier.type') }),
};

/**
 * Members of Converse that a deployment's configuration or a client gives, moved out of the body: there they are a 400,
 * and a guardrail that is left out guards nothing.
 * @throws SluiceError `invalid_request`, naming the member
 */
export const invokeHeaders = (body: JsonObject): Required<Pick<Dialect, 'members' | 'headers'>> => {
  const members: Record<string, undefined> = {};
  const headers: Record<string, string> = {};
  for (const [name, write] of Object.entries(writers)) {
    if (body[name] === undefined) continue;
    members[name] = undefined;
    if (body[name] === null) continue;
    for (const [header, value] of Object.entries(write(body[name]))) if (value !== undefined) headers[header] = value;
  }
  return { members, headers };
};
