import { signRequest } from '../../../lib/sigv4.ts';
import { Secret } from '../../../types/index.ts';
import { dnsSuffix, regionInHost } from '../region.ts';
import { ask, failed } from './http.ts';
import { refused, type AwsCredentials, type AwsSettings, type CredentialWorld } from './types.ts';

/** AWS Security Token Service, query protocol (docs.aws.amazon.com/STS/latest/APIReference, read 2026-11-22). */
const version = '2011-06-15';
const who = 'AWS STS';
/** Names the session in CloudTrail where nobody gave another name. */
const defaultSessionName = 'sluice';

export interface Role {
  arn: string;
  sessionName?: string | undefined;
  externalId?: string | undefined;
  durationSeconds?: string | undefined;
  tags?: AwsSettings['sessionTags'];
}

/** Where STS is asked: `aws_sts_endpoint`, `AWS_ENDPOINT_URL_STS`, else the region's own. */
const placeOf = ({ stsEndpoint, region, env }: AwsSettings): { url: string; region: string } => {
  const given = stsEndpoint ?? env.stsEndpoint;
  if (given !== undefined) {
    let url: URL;
    try {
      url = new URL(given);
    } catch {
      throw refused('The address of AWS STS (aws_sts_endpoint) is not a URL.');
    }
    return { url: `${url.origin}${url.pathname}`, region: regionInHost(url.hostname) ?? region ?? 'us-east-1' };
  }
  if (region === undefined) return { url: 'https://sts.amazonaws.com/', region: 'us-east-1' };
  return { url: `https://sts.${region}.${dnsSuffix(region)}/`, region };
};

const roleMembers = (role: Role): Record<string, string> => {
  const members: Record<string, string> = { RoleArn: role.arn, RoleSessionName: role.sessionName ?? defaultSessionName };
  if (role.externalId !== undefined) members['ExternalId'] = role.externalId;
  if (role.durationSeconds !== undefined) members['DurationSeconds'] = role.durationSeconds;
  role.tags?.forEach(({ key, value }, at) => {
    members[`Tags.member.${at + 1}.Key`] = key;
    members[`Tags.member.${at + 1}.Value`] = value;
  });
  return members;
};

const formHeaders = { 'content-type': 'application/x-www-form-urlencoded' };

/** Takes on a role with the credentials that there are. @throws SluiceError `authentication`, `unavailable`, `connection` */
export const assumeRole = async (
  world: CredentialWorld,
  settings: AwsSettings,
  role: Role,
  base: AwsCredentials,
): Promise<AwsCredentials> => {
  const { url, region } = placeOf(settings);
  const body = new URLSearchParams({ Action: 'AssumeRole', Version: version, ...roleMembers(role) }).toString();
  const signed = await signRequest(
    { method: 'POST', url, headers: formHeaders, body, region, service: 'sts', now: world.now() },
    {
      accessKeyId: base.accessKeyId,
      secretAccessKey: base.secretAccessKey.reveal(),
      ...(base.sessionToken && { sessionToken: base.sessionToken.reveal() }),
    },
  );
  const { status, text } = await ask(world, who, url, { method: 'POST', headers: { ...formHeaders, ...signed }, body });
  return readAnswer(status, text, role);
};

/** Takes on a role with a token of an identity provider; nothing is signed. @throws SluiceError as `assumeRole` */
export const assumeRoleWithWebIdentity = async (
  world: CredentialWorld,
  settings: AwsSettings,
  role: Role,
  token: string,
): Promise<AwsCredentials> => {
  const { url } = placeOf(settings);
  const { ExternalId: _notTaken, ...members } = roleMembers({ ...role, tags: undefined });
  const body = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity',
    Version: version,
    ...members,
    WebIdentityToken: token,
  }).toString();
  const { status, text } = await ask(world, who, url, { method: 'POST', headers: formHeaders, body });
  return readAnswer(status, text.replaceAll(token, '[secret]'), role);
};

const readAnswer = (status: number, text: string, role: Role): AwsCredentials => {
  const accessKeyId = element(text, 'AccessKeyId');
  const secret = element(text, 'SecretAccessKey');
  const token = element(text, 'SessionToken');
  if (status !== 200 || accessKeyId === undefined || secret === undefined || token === undefined) {
    const code = element(text, 'Code');
    const said = element(text, 'Message');
    throw failed(`${who}, for the role ${role.arn},`, status, [code, said].filter(Boolean).join(': ') || `status ${status}`);
  }
  const expiresAt = Date.parse(element(text, 'Expiration') ?? '');
  return {
    accessKeyId,
    secretAccessKey: new Secret(secret),
    sessionToken: new Secret(token),
    ...(!Number.isNaN(expiresAt) && { expiresAt }),
  };
};

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/** The text of the first element of that name. Answers of STS are flat enough for this. */
const element = (xml: string, name: string): string | undefined =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]?.replace(/&(lt|gt|quot|apos|amp);/g, (_, entity: string) => entities[entity]!);
