import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { launchGateway, type Gateway } from '../gateway.ts';
import { knownOfOpenAi, knownOfOpenAiBeside } from './known.ts';
import { specificationsMissing, startSpecMock, type SpecMock, type Vendor } from './spec-mock.ts';
import { compare, figures, runSuite, suitesMissing, suiteTimeoutMs, type Known, type Results } from './suite.ts';

/*
 * The suites that the vendors ship with their Python libraries, against a mock of the vendor's specification: straight,
 * and through the gateway. What passes straight passes through the gateway: all of it where the call is relayed, and of
 * what the gateway serves itself all but what is listed with its reason.
 */

/** Every call goes on as it is: no model of the configuration has a name that the suites use. */
const relaying = (openai: string, anthropic: string): string => `
model_list:
  - model_name: openai-relay
    litellm_params: { model: openai/relay, api_base: "${openai}", api_key: sk-openai, use_in_pass_through: true }
  - model_name: anthropic-relay
    litellm_params: { model: anthropic/relay, api_base: "${anthropic}", api_key: sk-anthropic, use_in_pass_through: true }
router_settings: { num_retries: 0 }
`;

/** Every model is served, so that the gateway's own routes answer. */
const serving = (openai: string, anthropic: string): string => `
model_list:
  - model_name: "claude-*"
    litellm_params: { model: "anthropic/claude-*", api_base: "${anthropic}", api_key: sk-anthropic, use_in_pass_through: true }
  - model_name: "*"
    litellm_params: { model: "openai/*", api_base: "${openai}", api_key: sk-openai, use_in_pass_through: true }
router_settings: { num_retries: 0 }
`;

const listed = (text: string): string[] => text.trim().split(/\s+/);

/** The parts of the suites whose paths the gateway serves itself. */
const served: Readonly<Record<Vendor, readonly string[]>> = {
  openai: listed(`
    audio beta/test_assistants.py beta/test_threads.py beta/threads chat containers conversations evals fine_tuning responses
    test_batches.py test_completions.py test_containers.py test_conversations.py test_embeddings.py test_evals.py test_files.py
    test_images.py test_models.py test_moderations.py test_responses.py test_uploads.py test_vector_stores.py test_videos.py
    uploads vector_stores
  `),
  anthropic: listed(`
    beta/messages beta/test_files.py beta/test_messages.py beta/test_models.py messages test_messages.py test_models.py
  `),
};

/** How many failures are told of, of what may be thousands. */
const shown = 30;

/** Fewer would mean that the suite did not run. */
const least: Readonly<Record<Vendor, number>> = { openai: 5900, anthropic: 1850 };

const absent = suitesMissing() ?? specificationsMissing();
if (absent !== undefined) {
  test.skip(`vendors' suites: ${absent}`, () => {});
} else {
  let mocks: Record<Vendor, SpecMock>;
  let relay: Gateway;
  let server: Gateway;
  let straight: Record<Vendor, Promise<Results>>;

  beforeAll(async () => {
    const [openai, anthropic] = await Promise.all([startSpecMock('openai'), startSpecMock('anthropic')]);
    mocks = { openai, anthropic };
    [relay, server] = await Promise.all([
      launchGateway(relaying(openai.url, anthropic.url)),
      launchGateway(serving(openai.url, anthropic.url)),
    ]);
    straight = { openai: runSuite('openai', openai.url), anthropic: runSuite('anthropic', anthropic.url) };
  }, suiteTimeoutMs);
  afterAll(async () => {
    await Promise.all([relay, server].map((each) => each?.stop()));
    for (const mock of Object.values(mocks ?? {})) mock.stop();
  });

  const check = (name: string, vendor: Vendor, url: () => string, only: readonly string[] | undefined, known: readonly Known[]) =>
    test.concurrent(
      name,
      async () => {
        const [alone, through] = await Promise.all([straight[vendor], runSuite(vendor, url(), only)]);
        const found = compare(alone, through, known);
        console.log(figures(name, found, through));
        if (!only) expect(found.straight).toBeGreaterThanOrEqual(least[vendor]);
        expect(found.worse.slice(0, shown)).toEqual([]);
        // One that is met no more is no difference any more.
        expect(found.unused).toEqual([]);
      },
      suiteTimeoutMs,
    );

  describe("vendors' suites", () => {
    check('openai, relayed', 'openai', () => `${relay.url}/openai_passthrough/v1`, undefined, []);
    check('anthropic, relayed', 'anthropic', () => `${relay.url}/anthropic`, undefined, []);
    check('openai, served or relayed', 'openai', () => `${server.url}/openai/v1`, undefined, knownOfOpenAiBeside);
    check('openai, served', 'openai', () => `${server.url}/v1`, served.openai, knownOfOpenAi);
    check('anthropic, served', 'anthropic', () => server.url, served.anthropic, []);
  });
}
