import { createTokenCache, firstOf, Secret } from 'sluice/kit';
import type { SecretManagerEntry } from '../config/schema/secrets.ts';
import { createAsk, odd, refusal, type Answer, type Question } from './ask.ts';
import { ManagerFailure, type SecretManager, type SecretWorld } from './manager.ts';
import { readTls } from './tls.ts';

/** A token lives eight minutes; the cache asks for another one in time. Milliseconds. */
const tokenLifeMs = 8 * 60_000;

/**
 * CyberArk Conjur (docs.cyberark.com/conjur-open-source/latest/en/content/developer/lp_rest_api.htm,
 * docs.litellm.ai/docs/secret_managers/cyberark, read 2026-11-22). Variables are deleted by policy alone.
 */
export const openConjur = async (entry: SecretManagerEntry, world: SecretWorld, timeoutMs: number): Promise<SecretManager> => {
  const { env, clock } = world;
  const of = (given: string | undefined, name: string, usual: string) => given ?? firstOf(env, [name]) ?? usual;
  const base = of(entry.address, 'CYBERARK_API_BASE', 'http://127.0.0.1:8080').replace(/\/+$/, '');
  const account = encodeURIComponent(of(entry.account, 'CYBERARK_ACCOUNT', 'default'));
  const username = encodeURIComponent(of(entry.username, 'CYBERARK_USERNAME', 'admin'));
  const apiKey = entry.api_key?.reveal() ?? firstOf(env, ['CYBERARK_API_KEY']);
  const cert = entry.client_cert ?? firstOf(env, ['CYBERARK_CLIENT_CERT']);
  const key = entry.client_key ?? firstOf(env, ['CYBERARK_CLIENT_KEY']);
  if (apiKey === undefined && cert === undefined)
    throw new ManagerFailure(
      'nothing says how to sign in: set CYBERARK_API_KEY (`api_key`), or CYBERARK_CLIENT_CERT and CYBERARK_CLIENT_KEY',
    );
  if (/^(?:false|no|off|0)$/i.test(firstOf(env, ['CYBERARK_SSL_VERIFY']) ?? ''))
    throw new ManagerFailure(
      'CYBERARK_SSL_VERIFY=false would give the API key to anybody: give `ca_file`, the authority of its certificate',
    );
  const ask = createAsk(world, { timeoutMs, tls: await readTls({ ca: entry.ca_file, cert, key }, world) });
  const cache = createTokenCache(() => clock.now());
  const prefix = entry.path_prefix === undefined ? '' : `${entry.path_prefix.replace(/^\/+|\/+$/g, '')}/`;
  const variable = (name: string) => `${base}/secrets/${account}/variable/${encodeURIComponent(prefix + name)}`;

  const signIn = async (signal: AbortSignal) => {
    const url = `${base}/authn/${account}/${username}/authenticate`;
    const headers = { 'content-type': 'text/plain', accept: 'application/json' };
    const answer = await ask({ method: 'POST', url, headers, body: apiKey ?? '' }, signal);
    if (answer.status !== 200) throw refusal(answer, '', answer.status === 401 ? 'it does not let the gateway sign in' : '');
    if (!answer.value) throw odd('token');
    return { value: Buffer.from(answer.text).toString('base64'), expiresAtMs: clock.now() + tokenLifeMs };
  };

  const call = async (question: Omit<Question, 'headers'>, signal: AbortSignal): Promise<Answer> => {
    for (let again = true; ; again = false) {
      const { value } = await cache.get('token', '', () => signIn(signal));
      const authorization = `Token token="${value}"`;
      const answer = await ask({ ...question, headers: { authorization, 'content-type': 'application/octet-stream' } }, signal);
      if (answer.status !== 401 || !again || !cache.forget('token', authorization)) return answer;
    }
  };

  const denied = (answer: Answer) => refusal(answer, '', answer.status === 403 ? 'its policy does not allow it' : '');

  return {
    async read(name, signal) {
      const answer = await call({ method: 'GET', url: variable(name) }, signal);
      // There is no such variable, it has no value, or its policy hides it.
      if (answer.status === 404) return undefined;
      if (answer.status !== 200) throw denied(answer);
      return new Secret(answer.text);
    },
    async write(name, value, signal) {
      const store = () => call({ method: 'POST', url: variable(name), body: value.reveal() }, signal);
      let answer = await store();
      if (answer.status === 404) {
        // A variable must be declared before it can have a value. POST adds to the policy and takes nothing away.
        const policy = `${base}/policies/${account}/policy/${encodeURIComponent(entry.policy ?? 'root')}`;
        const declared = await call({ method: 'POST', url: policy, body: `- !variable ${JSON.stringify(prefix + name)}\n` }, signal);
        if (declared.status !== 201 && declared.status !== 200) throw denied(declared);
        answer = await store();
      }
      if (answer.status !== 201 && answer.status !== 200) throw denied(answer);
    },
  };
};
