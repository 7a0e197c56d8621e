import { firstOf } from '../../../lib/env.ts';
import { signRequest, type SigningCredentials } from '../../../lib/sigv4.ts';
import { askJson, askText } from './ask.ts';
import { authFailure } from './failure.ts';
import { metadataUrl } from './safe-url.ts';
import type { SubjectSource } from './subject-source.ts';
import type { AuthTools } from './tools.ts';

type AwsSource = Extract<SubjectSource, { kind: 'aws' }>;

const who = "AWS's metadata server";
const timeoutMs = 3000;

/**
 * An AWS identity as Google's token exchange takes it: a signed GetCallerIdentity request that Google itself sends
 * (docs.cloud.google.com/iam/docs/workload-identity-federation-with-other-clouds, read 2026-11-22).
 */
export const awsSubjectToken = async (source: AwsSource, audience: string, tools: AuthTools): Promise<string> => {
  const machine = aboutMachine(source, tools);
  const region = firstOf(tools.env, ['AWS_REGION', 'AWS_DEFAULT_REGION']) ?? (await machine.region());
  const credentials = fromEnv(tools) ?? (await machine.credentials());
  const url = source.verificationUrl.replaceAll('{region}', region);
  // The pool is signed as well, so that the request is of no use to another one.
  const own = { 'x-goog-cloud-target-resource': audience };
  const added = await signRequest({ method: 'POST', url, headers: own, body: '', region, service: 'sts', now: tools.now() }, credentials);
  const headers = Object.entries({ host: new URL(url).host, ...own, ...added }).map(([key, value]) => ({ key, value }));
  return encodeURIComponent(JSON.stringify({ url, method: 'POST', headers }));
};

const fromEnv = ({ env }: AuthTools): SigningCredentials | undefined => {
  const accessKeyId = firstOf(env, ['AWS_ACCESS_KEY_ID']);
  const secretAccessKey = firstOf(env, ['AWS_SECRET_ACCESS_KEY']);
  const sessionToken = firstOf(env, ['AWS_SESSION_TOKEN']);
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
};

/** What the machine says of itself (IMDSv2, which asks for a token of its own first). */
const aboutMachine = ({ regionUrl, credentialsUrl, sessionTokenUrl }: AwsSource, tools: AuthTools) => {
  let token: Promise<Record<string, string>> | undefined;
  const headersOf = () => (token ??= sessionHeaders(sessionTokenUrl, tools));
  const read = async (url: string, member: string): Promise<string> =>
    (await askText({ url: metadataUrl(url, member), who, headers: await headersOf(), timeoutMs }, tools)).text.trim();
  return {
    async region(): Promise<string> {
      if (regionUrl === undefined) throw authFailure('No AWS region: set AWS_REGION, or give region_url in credential_source.');
      // It answers with the zone: us-east-1b is in us-east-1.
      return (await read(regionUrl, 'credential_source.region_url')).replace(/[a-z]$/, '');
    },
    async credentials(): Promise<SigningCredentials> {
      if (credentialsUrl === undefined)
        throw authFailure('No AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give url in credential_source.');
      const member = 'credential_source.url';
      const role = await read(credentialsUrl, member);
      const url = `${metadataUrl(credentialsUrl, member).replace(/\/+$/, '')}/${encodeURIComponent(role)}`;
      const { AccessKeyId, SecretAccessKey, Token } = await askJson({ url, who, headers: await headersOf(), timeoutMs }, tools);
      if (typeof AccessKeyId !== 'string' || typeof SecretAccessKey !== 'string') throw authFailure(`${who} gave no credentials.`);
      return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, ...(typeof Token === 'string' && { sessionToken: Token }) };
    },
  };
};

const sessionHeaders = async (url: string | undefined, tools: AuthTools): Promise<Record<string, string>> => {
  if (url === undefined) return {};
  const { text } = await askText(
    {
      url: metadataUrl(url, 'credential_source.imdsv2_session_token_url'),
      who,
      method: 'PUT',
      headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '300' },
      timeoutMs,
    },
    tools,
  );
  return { 'x-aws-ec2-metadata-token': text.trim() };
};
