import { Secret } from '../../../types/index.ts';
import { failed, parseObject } from './http.ts';
import type { AwsCredentials } from './types.ts';

/** The answer of a metadata endpoint: `{ AccessKeyId, SecretAccessKey, Token, Expiration }`. @throws SluiceError */
export const readAccessKeys = (who: string, status: number, text: string): AwsCredentials => {
  const body = parseObject(text);
  const accessKeyId = body?.['AccessKeyId'];
  const secret = body?.['SecretAccessKey'];
  const token = body?.['Token'];
  if (status !== 200 || typeof accessKeyId !== 'string' || typeof secret !== 'string') {
    const said = body?.['message'] ?? body?.['Message'];
    throw failed(who, status, typeof said === 'string' ? said : `status ${status}`);
  }
  const expiresAt = typeof body?.['Expiration'] === 'string' ? Date.parse(body['Expiration']) : NaN;
  return {
    accessKeyId,
    secretAccessKey: new Secret(secret),
    ...(typeof token === 'string' && token !== '' && { sessionToken: new Secret(token) }),
    ...(!Number.isNaN(expiresAt) && { expiresAt }),
  };
};
