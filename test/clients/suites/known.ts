import type { Known } from './suite.ts';

/* Where the gateway's own routes answer otherwise than the vendor, and why. */

const madeUpStream: Known = {
  tests: /test_responses\.py::\w+::test_\w+_with_all_params_overload_2\[/,
  problem: /closed the stream before the answer was complete/,
  why: 'the mock’s streams end without the event that ends a response, which the gateway reports as a broken answer',
};

const strictNumbers: Known = {
  tests: /test_embeddings\.py::\w+::test_\w*create\[(?:strict|aiohttp)\]/,
  problem: /Data returned by API invalid/,
  why: 'the client asks for base64 and, where it is strict, refuses it; the mock gives numbers whatever it is asked for, the gateway base64',
};

export const knownOfOpenAiBeside: readonly Known[] = [madeUpStream, strictNumbers];

export const knownOfOpenAi: readonly Known[] = [
  madeUpStream,
  strictNumbers,
  {
    tests: /test_responses\.py::\w+::test_\w*create|test_input_tokens\.py::/,
    problem: /'model' is missing/,
    why: 'a response without a model has a prompt that is kept at one provider, and nothing says which',
  },
  {
    tests: /test_images\.py::\w+::test_\w*generate/,
    problem: /'model' is missing/,
    why: 'OpenAI chooses the model of a picture by what else is asked for',
  },
  {
    tests: /test_videos\.py::/,
    problem: /ids are those that the gateway gave/,
    why: 'an id of a video says which deployment made it; under /openai/v1 others are asked of the provider',
  },
  // These paths are asked of the provider under /openai/v1.
  {
    tests: /test_videos\.py::\w+::test_\w*(?:list|character|edit|extend)/,
    problem: /takes (?:POST|GET or DELETE), not|There is no GET/,
    why: 'lists, characters, edits and extensions of videos are not served',
  },
  {
    tests: /chat\/test_completions\.py::|chat\/completions\/test_messages\.py::/,
    problem: /takes POST, not GET|There is no (?:GET|POST|DELETE) /,
    why: 'chats that OpenAI keeps are not served',
  },
  {
    tests: /fine_tuning\/checkpoints\/|fine_tuning\/alpha\//,
    problem: /There is no (?:GET|POST|DELETE) /,
    why: 'permissions of checkpoints, and graders, are not served',
  },
  {
    tests: /test_models\.py::\w+::test_\w*delete/,
    problem: /takes GET, not DELETE/,
    why: 'the gateway’s models are those of its configuration',
  },
];
