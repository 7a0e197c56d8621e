/*
 * Regions and hosts of AWS. Sources, read 2026-11-22: docs.aws.amazon.com/general/latest/gr/bedrock.html,
 * docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html, and the partitions of the SDKs of AWS.
 */

const region = /^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/;
export const isRegion = (text: string): boolean => region.test(text);

const partitions: readonly { regions: RegExp; suffix: string; dualStack: string }[] = [
  { regions: /^cn-/, suffix: 'amazonaws.com.cn', dualStack: 'api.amazonwebservices.com.cn' },
  { regions: /^eusc-/, suffix: 'amazonaws.eu', dualStack: 'api.amazonwebservices.eu' },
  { regions: /^us-iso-/, suffix: 'c2s.ic.gov', dualStack: 'api.aws.ic.gov' },
  { regions: /^us-isob-/, suffix: 'sc2s.sgov.gov', dualStack: 'api.aws.scloud' },
  { regions: /^eu-isoe-/, suffix: 'cloud.adc-e.uk', dualStack: 'api.cloud-aws.adc-e.uk' },
  { regions: /^us-isof-/, suffix: 'csp.hci.ic.gov', dualStack: 'api.aws.hci.ic.gov' },
];
const usual = { suffix: 'amazonaws.com', dualStack: 'api.aws' };

const partitionOf = (name: string): { suffix: string; dualStack: string } => partitions.find(({ regions }) => regions.test(name)) ?? usual;

/** What follows the region in a service's host. */
export const dnsSuffix = (name: string): string => partitionOf(name).suffix;

/** The host of a service that has no kinds of its own: `runtime.sagemaker`, `eu-west-1` -> `runtime.sagemaker.eu-west-1.amazonaws.com`. */
export const serviceHost = (service: string, name: string): string => `${service}.${name}.${dnsSuffix(name)}`;

/** The host of Bedrock's runtime. */
export const runtimeHost = (name: string, { fips, dualStack }: { fips: boolean; dualStack: boolean }): string => {
  const partition = partitionOf(name);
  return `bedrock-runtime${fips ? '-fips' : ''}.${name}.${dualStack ? partition.dualStack : partition.suffix}`;
};

/** `bedrock-runtime.eu-west-1.amazonaws.com`, also behind a VPC endpoint (`vpce-1.sts.eu-west-1.vpce.amazonaws.com`) -> `eu-west-1`. */
export const regionInHost = (host: string): string | undefined =>
  /(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|amazonwebservices\.(?:com\.cn|eu)|\.api\.aws|ic\.gov|sgov\.gov|adc-e\.uk|scloud)$/.test(host)
    ? host.split('.').find(isRegion)
    : undefined;

/** `arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc` -> `us-east-1` */
export const regionInArn = (arn: string): string | undefined => {
  const name = /^arn:[a-z-]+:[a-z-]+:([a-z0-9-]*):/.exec(arn)?.[1];
  return name !== undefined && isRegion(name) ? name : undefined;
};
