import type { JsonObject } from '../../../types/index.ts';
import { askText, parseObject } from './ask.ts';
import { authFailure } from './failure.ts';
import { sourceUrl } from './safe-url.ts';
import type { AuthTools } from './tools.ts';

/** How a token lies in what is read: alone, or as a member of a JSON object. */
interface Format {
  field?: string;
}

/** Where the token of another provider of identities comes from (google.aip.dev/auth/4117, read 2026-11-22). */
export type SubjectSource =
  | { kind: 'file'; path: string; format: Format }
  | { kind: 'url'; url: string; headers: Readonly<Record<string, string>>; format: Format }
  | { kind: 'aws'; regionUrl?: string; credentialsUrl?: string; sessionTokenUrl?: string; verificationUrl: string };

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws SluiceError `authentication` for a kind that is not known, or is not used here (programs, certificates) */
export const readSource = (value: unknown, where: string): SubjectSource => {
  if (!isObject(value)) throw authFailure(`${where} lacks 'credential_source'.`);
  const { file, url, environment_id: environment } = value;
  if (typeof environment === 'string') return readAws(value, environment, where);
  if (typeof file === 'string' && file !== '') return { kind: 'file', path: file, format: readFormat(value['format'], where) };
  if (typeof url === 'string' && url !== '') {
    const headers: Record<string, string> = {};
    for (const [name, each] of Object.entries(isObject(value['headers']) ? value['headers'] : {})) headers[name] = String(each);
    return { kind: 'url', url: sourceUrl(url, 'credential_source.url'), headers, format: readFormat(value['format'], where) };
  }
  const kinds = Object.keys(value).filter((each) => /^\w{1,40}$/.test(each));
  throw authFailure(
    `${where} takes its token from '${kinds.join(', ')}', which is not done here: a file, a URL and AWS are. Programs are never run.`,
  );
};

const readFormat = (value: unknown, where: string): Format => {
  const type = isObject(value) ? (value['type'] ?? 'text') : 'text';
  if (type === 'text') return {};
  const field = isObject(value) ? value['subject_token_field_name'] : undefined;
  if (type === 'json' && typeof field === 'string' && field !== '') return { field };
  throw authFailure(`${where} has a 'credential_source.format' that is neither text nor JSON with 'subject_token_field_name'.`);
};

const readAws = (value: JsonObject, environment: string, where: string): SubjectSource => {
  if (environment !== 'aws1') throw authFailure(`${where} has a 'credential_source.environment_id' that is not 'aws1'.`);
  const text = (name: string): string | undefined => (typeof value[name] === 'string' ? value[name] : undefined);
  const verificationUrl = text('regional_cred_verification_url');
  if (verificationUrl === undefined) throw authFailure(`${where} lacks 'credential_source.regional_cred_verification_url'.`);
  const [regionUrl, credentialsUrl, sessionTokenUrl] = [text('region_url'), text('url'), text('imdsv2_session_token_url')];
  return {
    kind: 'aws',
    verificationUrl,
    ...(regionUrl !== undefined && { regionUrl }),
    ...(credentialsUrl !== undefined && { credentialsUrl }),
    ...(sessionTokenUrl !== undefined && { sessionTokenUrl }),
  };
};

const pick = (text: string, { field }: Format, what: string): string => {
  const found = field === undefined ? text.trim() : parseObject(text)?.[field];
  if (typeof found === 'string' && found !== '') return found;
  throw authFailure(`${what} holds no token${field === undefined ? '' : ` under '${field}'`}.`);
};

/** The token itself, read anew each time: whoever writes it replaces it before it ends. @throws SluiceError */
export const subjectToken = async (source: Exclude<SubjectSource, { kind: 'aws' }>, tools: AuthTools): Promise<string> => {
  if (source.kind === 'file') {
    const what = 'The file of credential_source of the Google credentials';
    const text = await tools.readText(source.path).catch((cause: unknown) => {
      throw authFailure(`${what} cannot be read.`, 'authentication', cause, source.path);
    });
    return pick(text, source.format, what);
  }
  const who = `the source of identity at ${new URL(source.url).host}`;
  const { text } = await askText({ url: source.url, who, headers: source.headers }, tools);
  return pick(text, source.format, `The answer of ${who}`);
};
