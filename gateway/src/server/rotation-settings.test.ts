import { expect, test } from 'bun:test';
import { rotationSettings } from './rotation-settings.ts';

const read = (env: Record<string, string>) => {
  const told: string[] = [];
  return {
    ...rotationSettings(
      (name) => env[name],
      (sentence) => void told.push(sentence),
    ),
    told,
  };
};

test('on unless it is turned off, each hour unless it says otherwise', () => {
  expect(read({})).toEqual({ isOn: true, intervalMs: undefined, graceMs: undefined, told: [] });
  expect(
    read({
      LITELLM_KEY_ROTATION_ENABLED: 'False',
      LITELLM_KEY_ROTATION_CHECK_INTERVAL_SECONDS: '90',
      LITELLM_KEY_ROTATION_GRACE_PERIOD: '2d',
    }),
  ).toEqual({ isOn: false, intervalMs: 90_000, graceMs: 172_800_000, told: [] });
});

test.each([
  ['LITELLM_KEY_ROTATION_ENABLED', 'perhaps'],
  ['LITELLM_KEY_ROTATION_CHECK_INTERVAL_SECONDS', 'soon'],
  ['LITELLM_KEY_ROTATION_CHECK_INTERVAL_SECONDS', '0'],
  ['LITELLM_KEY_ROTATION_CHECK_INTERVAL_SECONDS', '99999999'],
  ['LITELLM_KEY_ROTATION_GRACE_PERIOD', 'long'],
])('%s=%s is told, and counts as not set', (name, value) => {
  const { told, ...settings } = read({ [name]: value });
  expect(settings).toEqual({ isOn: true, intervalMs: undefined, graceMs: undefined });
  expect(told).toEqual([expect.stringContaining(name)]);
});
