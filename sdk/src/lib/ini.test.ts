import { expect, test } from 'bun:test';
import { parseIni } from './ini.ts';

test('sections and settings as AWS writes them', () => {
  const text = `# a comment
[default]
region = us-east-1 ; said behind a space
AWS_Access_Key_Id=AKIA#1
[ profile   dev ]
role_arn = arn:aws:iam::1:role/x=y
s3 =
  max_concurrent_requests = 20
; another
[profile dev]
region=eu-west-1\r
[broken
nothing
= no name
`;
  expect(parseIni(text)).toEqual({
    default: { region: 'us-east-1', aws_access_key_id: 'AKIA#1' },
    'profile dev': { role_arn: 'arn:aws:iam::1:role/x=y', s3: '', region: 'eu-west-1' },
  });
});

test('what stands before the first section, and names of objects, are nothing', () => {
  expect(parseIni('a = 1')).toEqual({});
  expect(parseIni('[__proto__]\nconstructor = x')).toEqual({ ['__proto__']: { constructor: 'x' } } as never);
  expect(({} as Record<string, unknown>)['x']).toBeUndefined();
});
