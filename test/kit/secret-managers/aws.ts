import { createHash, createHmac } from 'node:crypto';
import { jsonOf, startServer, type FakeServer, type Heard } from './server.ts';

export interface FakeAws extends FakeServer {
  secrets: Map<string, { text?: string; binary?: string; leaving?: boolean; tags?: unknown; versions: number }>;
  /** Key ids that are taken, with their secrets and session tokens. */
  keys: Map<string, { secret: string; session?: string }>;
  /** Operations that were done, in order. */
  done: string[];
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

const failure = (type: string, status = 400) => Response.json({ __type: type, message: 'of no interest' }, { status });

/**
 * AWS Secrets Manager and KMS by their JSON protocol, with a check of each signature that is made from the request as
 * it came: docs.aws.amazon.com/secretsmanager/latest/apireference, docs.aws.amazon.com/kms/latest/APIReference and
 * docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, read 2026-11-22.
 * What KMS has encrypted is here the text itself, backwards.
 */
export const startAws = (now: () => number, region = 'eu-west-1'): FakeAws => {
  const secrets: FakeAws['secrets'] = new Map();
  const keys: FakeAws['keys'] = new Map();
  const done: string[] = [];

  const refusalOf = (heard: Heard, service: string): Response | undefined => {
    const pattern =
      /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;
    const [, id = '', date = '', place, name, signedHeaders = '', signature] = pattern.exec(heard.headers.get('authorization') ?? '') ?? [];
    const key = keys.get(id);
    if (!key) return failure('UnrecognizedClientException');
    if (key.session !== undefined && heard.headers.get('x-amz-security-token') !== key.session)
      return failure('UnrecognizedClientException');
    if (place !== region || name !== service) return failure('InvalidSignatureException');
    for (const wanted of ['host', 'x-amz-date', 'x-amz-target'])
      if (!signedHeaders.split(';').includes(wanted)) return failure('InvalidSignatureException');
    const stamp = heard.headers.get('x-amz-date') ?? '';
    const sentAt = Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
    if (Math.abs(sentAt - now()) > 300_000) return failure('InvalidSignatureException');
    const lines = signedHeaders.split(';').map((each) => `${each}:${(heard.headers.get(each) ?? '').trim()}\n`);
    const canonical = [heard.method, '/', '', lines.join(''), signedHeaders, hash(heard.body)].join('\n');
    const scope = `${date}/${region}/${service}/aws4_request`;
    const signing = [date, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${key.secret}`);
    const right = createHmac('sha256', signing)
      .update(`AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${hash(canonical)}`)
      .digest('hex');
    return signature === right ? undefined : failure('InvalidSignatureException');
  };

  const operations: Record<string, (body: Record<string, unknown>) => Response> = {
    GetSecretValue({ SecretId: id }) {
      const found = secrets.get(String(id));
      if (!found) return failure('com.amazonaws.secretsmanager#ResourceNotFoundException');
      if (found.leaving) return failure('InvalidRequestException');
      return Response.json({
        Name: id,
        ...(found.text !== undefined && { SecretString: found.text }),
        ...(found.binary !== undefined && { SecretBinary: found.binary }),
      });
    },
    CreateSecret({ Name: name, SecretString: text, Tags: tags, ClientRequestToken: token }) {
      if (typeof token !== 'string' || token.length < 32) return failure('InvalidParameterException');
      if (secrets.has(String(name))) return failure('ResourceExistsException');
      secrets.set(String(name), { text: String(text), tags, versions: 1 });
      return Response.json({ Name: name });
    },
    PutSecretValue({ SecretId: name, SecretString: text }) {
      const found = secrets.get(String(name));
      if (!found) return failure('ResourceNotFoundException');
      found.text = String(text);
      found.versions++;
      return Response.json({ Name: name });
    },
    DeleteSecret({ SecretId: name }) {
      const found = secrets.get(String(name));
      if (!found) return failure('ResourceNotFoundException');
      found.leaving = true;
      return Response.json({ Name: name });
    },
    Decrypt({ CiphertextBlob: blob }) {
      const text = Buffer.from(String(blob), 'base64').toString();
      if (!text.startsWith('encrypted:')) return failure('InvalidCiphertextException');
      const plain = Array.from(text.slice('encrypted:'.length)).toReversed().join('');
      return Response.json({ KeyId: 'k', Plaintext: Buffer.from(plain).toString('base64') });
    },
  };

  const server = startServer((heard) => {
    const [service = '', operation = ''] = (heard.headers.get('x-amz-target') ?? '').split('.');
    const refused = refusalOf(heard, service === 'TrentService' ? 'kms' : service);
    if (refused) return refused;
    if (heard.headers.get('content-type') !== 'application/x-amz-json-1.1') return failure('UnknownOperationException', 404);
    done.push(operation);
    return operations[operation]?.(jsonOf(heard.body)) ?? failure('UnknownOperationException', 404);
  });
  return { ...server, secrets, keys, done };
};

/** What `Decrypt` of the fake takes. */
export const encrypted = (text: string): string => Buffer.from(`encrypted:${[...text].toReversed().join('')}`).toString('base64');
