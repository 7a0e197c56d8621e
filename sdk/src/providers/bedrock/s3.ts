import { SluiceError, type Target, type WireCall } from '../../types/index.ts';
import { regionOf } from '../aws/place.ts';
import { dnsSuffix, isRegion, regionInHost } from '../aws/region.ts';
import { textOption } from '../credentials.ts';
import { plainId } from '../kept/file.ts';
import { checkedUrl } from '../url.ts';
import { runtimePlaceOf } from './place.ts';

/*
 * Files of Bedrock's batches lie in a bucket of the user's. Buckets are written in the path, because their names may have
 * dots, which no certificate covers (docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html, read 2026-11-22).
 */

/** Whether an address is S3's, which signs with another name, maybe in another region. */
export const isS3 = (url: string): boolean => /^https:\/\/s3[.-][^/]*\.amazonaws\.(?:com(?:\.cn)?|eu)(?:[/?]|$)/.test(url);

export const s3Region = (url: string): string | undefined => (isS3(url) ? regionInHost(new URL(url).hostname) : undefined);

const invalid = (message: string, param: string): SluiceError => new SluiceError('invalid_request', message, { param });

/** `bucket`, or with a folder: `bucket/folder`. @throws SluiceError `invalid_request` */
export const bucketOf = (target: Target): { bucket: string; folder: string } => {
  const named = textOption(target, 's3_bucket_name')
    ?.replace(/^s3:\/\//, '')
    .replace(/\/+$/, '');
  if (named === undefined)
    throw invalid('Files of Bedrock lie in a bucket: give s3_bucket_name, or set AWS_S3_BUCKET_NAME.', 's3_bucket_name');
  const [bucket = '', ...folder] = named.split('/');
  if (!isBucket(bucket)) throw invalid('s3_bucket_name is no name of a bucket.', 's3_bucket_name');
  return { bucket, folder: folder.map((each) => `${each}/`).join('') };
};

const isBucket = (name: string): boolean => /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name);

/** Where an object lies. */
export interface S3Place {
  bucket: string;
  key: string;
}

export const s3Uri = ({ bucket, key }: S3Place): string => `s3://${bucket}/${key}`;

/**
 * `s3://bucket/key` -> its parts. Keys with letters that would have to be escaped are none of those that are made here.
 * @throws SluiceError `invalid_request`
 */
const readS3Uri = (id: string): S3Place => {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(plainId(id)) ?? [];
  if (!isBucket(bucket) || !/^[\w.~/-]+$/.test(key) || key.split('/').some((each) => each === '.' || each === '..' || each === ''))
    throw invalid('This is no id of a file of Bedrock (s3://bucket/key).', 'file_id');
  return { bucket, key };
};

/** Only what lies in the configured buckets is anybody's business here. @throws SluiceError `not_found` */
export const ownS3Uri = (id: string, target: Target): S3Place => {
  const place = readS3Uri(id);
  const { bucket, folder } = bucketOf(target);
  const output = textOption(target, 's3_output_bucket_name');
  if ((place.bucket === bucket && place.key.startsWith(folder)) || (output !== undefined && place.bucket === output)) return place;
  throw new SluiceError('not_found', 'There is no such file.', { param: 'file_id' });
};

/** The address of an object, or of the bucket where there is no key. @throws SluiceError `invalid_request` */
export const s3Url = (target: Target, bucket: string, key = ''): string => {
  if (target.apiKey)
    throw invalid(
      'S3 takes no API key of Bedrock: give aws_access_key_id and aws_secret_access_key, or a profile or role.',
      'aws_access_key_id',
    );
  return `${s3Root(target)}/${bucket}${key === '' ? '' : `/${key}`}`;
};

const s3Root = (target: Target): string => {
  const endpoint = textOption(target, 's3_endpoint_url');
  if (endpoint !== undefined) {
    const { origin, pathname } = checkedUrl(endpoint, target.provider);
    return origin + pathname.replace(/\/+$/, '');
  }
  const { base, region } = runtimePlaceOf(target);
  // An address that is not AWS's serves all of it itself.
  if (regionInHost(new URL(base).hostname) === undefined) return base;
  const named = textOption(target, 's3_region_name') ?? region ?? regionOf(target) ?? '';
  if (!isRegion(named)) throw invalid('s3_region_name is no region of AWS (such as us-east-1).', 's3_region_name');
  return `https://s3.${named}.${dnsSuffix(named)}`;
};

/** Over HTTPS a body goes without its hash, so that it need not be read twice. */
export const unsigned = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } as const satisfies WireCall['headers'];
