import { expect, test } from 'bun:test';
import { homePath } from './home-path.ts';

test('the home folder, on either kind of system', () => {
  expect(homePath('~/.config/x', { HOME: '/home/u/' })).toBe('/home/u/.config/x');
  expect(homePath('~/x', { USERPROFILE: String.raw`C:\Users\u` })).toBe(String.raw`C:\Users\u/x`);
  expect(homePath('~', { HOME: '/root' })).toBe('/root');
});

test('other paths stay, and none is guessed', () => {
  expect(homePath('/etc/x', {})).toBe('/etc/x');
  expect(homePath('~other/x', { HOME: '/h' })).toBe('~other/x');
  expect(homePath('~/x', {})).toBeUndefined();
});
