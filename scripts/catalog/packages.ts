import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A package whose data are read: exact, so that the same script writes the same catalog. */
export interface DataPackage {
  name: string;
  version: string;
  /** Of the tarball. */
  sha512: string;
  licence: string;
  /** What a row says of where it comes from. */
  source: string;
}

export const genaiPrices: DataPackage = {
  name: '@pydantic/genai-prices',
  version: '0.1.8',
  sha512: 'h7CYw6qTyflG2zUndO8tXyL8Xopf+tX9JZu13h0ZFgeyYj+J2gm1edR4+R+mbQ2vPdkFjtTmmmu1cYQPM5/KTA==',
  licence: 'MIT',
  source: '@pydantic/genai-prices 0.1.8, 2026-11-22',
};

export const piAi: DataPackage = {
  name: '@earendil-works/pi-ai',
  version: '1.5.2',
  sha512: '2tWPSnV3qzfiDIY3aWluBag3vC++Vs+VsXt/UquSU5onPMohPih72FUhIhaqmDdMYubOgB3Byl9uF4Vk40JLvQ==',
  licence: 'MIT',
  source: '@earendil-works/pi-ai 1.5.2, generated 2026-11-10',
};

/** Downloads and unpacks a package by npm, without installing it or its dependencies. @returns its folder */
export const unpack = ({ name, version, sha512 }: DataPackage): string => {
  const folder = join(tmpdir(), 'sluice-catalog', `${name.replaceAll(/[@/]/g, '-').slice(1)}-${version}`);
  const file = join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(file))
    execFileSync('npm', ['pack', `${name}@${version}`, '--silent', '--pack-destination', folder], { timeout: 120_000 });
  const found = createHash('sha512').update(readFileSync(file)).digest('base64');
  if (found !== sha512) throw new Error(`${name}@${version} has another content than expected: sha512-${found}`);
  execFileSync('tar', ['-xzf', file, '-C', folder]);
  return join(folder, 'package');
};
