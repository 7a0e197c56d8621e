import { describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeDatabases } from '../kit/describe-databases.ts';
import { startGatewayProcess, type GatewayProcess } from '../kit/gateway-process.ts';
import { postgresMissing, startPostgres } from '../kit/postgres.ts';

const masterKey = 'sk-database-start-5d1f2f5f6c0e4c8e9a7b';
const config = `
general_settings: { master_key: ${masterKey} }
model_list: [{ model_name: hello, litellm_params: { model: mock/hello } }]
`;

const call = (gateway: GatewayProcess, path: string, body?: unknown, key = masterKey): Promise<Response> =>
  fetch(gateway.url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const chat = (gateway: GatewayProcess, key: string): Promise<Response> =>
  call(gateway, '/v1/chat/completions', { model: 'hello', messages: [{ role: 'user', content: 'hi' }] }, key);

describeDatabases('gateways that start on an empty database', (open) => {
  test('two at once both come up, and what one makes the other knows', async () => {
    const env = { DATABASE_URL: await open.empty(), SLUICE_SALT_KEY: 'salt' };
    const gateways = await Promise.all([startGatewayProcess(config, env), startGatewayProcess(config, env)]);
    try {
      const made = await Promise.all(
        gateways.map(async (gateway, at) => (await call(gateway, '/key/generate', { key_alias: `k${at}` })).json()),
      );
      for (const { key } of made as { key: string }[]) for (const gateway of gateways) expect((await chat(gateway, key)).status).toBe(200);
    } finally {
      await Promise.all(gateways.map((gateway) => gateway.stop()));
    }
  }, 60_000);
});

test('two at once in one data directory agree on the salt key', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-data-'));
  const env = { SLUICE_DATA_DIR: join(folder, 'data') };
  const gateways = await Promise.all([startGatewayProcess(config, env), startGatewayProcess(config, env)]);
  try {
    const credential = { credential_name: 'c', credential_values: { api_key: 'sk-long-enough-1234' }, credential_info: {} };
    expect((await call(gateways[0], '/credentials', credential)).status).toBe(200);
    // The other one opens what the first one has sealed, with the same key.
    const checked = await (await call(gateways[1], '/credentials/migrate-encryption/check')).json();
    expect(checked).toMatchObject({ status: 'success', up_to_date: 1, to_migrate: 0, decryption_failed: 0 });
  } finally {
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);

describe.skipIf(postgresMissing() !== undefined)('PostgreSQL that is away when the gateway starts', () => {
  test('the master key works, other keys get 503 and never 401, and it goes on when it is back', async () => {
    const server = await startPostgres();
    try {
      const url = await server.newDatabase();
      const env = { DATABASE_URL: url, SLUICE_SALT_KEY: 'salt' };
      const before = await startGatewayProcess(config, env);
      const { key } = (await (await call(before, '/key/generate', {})).json()) as { key: string };
      await before.stop();
      await server.kill();
      const gateway = await startGatewayProcess(config, env);
      try {
        expect((await chat(gateway, masterKey)).status).toBe(200);
        for (const each of [key, 'sk-nobody-knows-this-one']) expect((await chat(gateway, each)).status).toBe(503);
        expect((await call(gateway, '/key/generate', {})).status).toBe(503);
        await server.restart();
        const deadline = Date.now() + 20_000;
        while ((await chat(gateway, key)).status !== 200) {
          if (Date.now() > deadline) throw new Error('The key is not known again.');
          await Bun.sleep(100);
        }
        expect((await chat(gateway, 'sk-nobody-knows-this-one')).status).toBe(401);
      } finally {
        await gateway.stop();
      }
    } finally {
      await server.stop();
    }
  }, 90_000);

  test('with no tables yet, they are made when it comes', async () => {
    const server = await startPostgres();
    try {
      const url = await server.newDatabase();
      await server.kill();
      const gateway = await startGatewayProcess(config, { DATABASE_URL: url, SLUICE_SALT_KEY: 'salt' });
      try {
        expect((await chat(gateway, masterKey)).status).toBe(200);
        await server.restart();
        const deadline = Date.now() + 20_000;
        let status = 0;
        while ((status = (await call(gateway, '/key/generate', {})).status) !== 200) {
          expect(status).toBeOneOf([500, 503]);
          if (Date.now() > deadline) throw new Error('The tables are not there.');
          await Bun.sleep(100);
        }
      } finally {
        await gateway.stop();
      }
    } finally {
      await server.stop();
    }
  }, 90_000);
});
