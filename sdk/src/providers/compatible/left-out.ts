/** Providers that LiteLLM names and that are not built here, each with the reason. Read 2026-11-22. */
export const leftOut: Readonly<Record<string, string>> = {
  a2a: 'agents of the A2A protocol, not models',
  aleph_alpha: "PhariaAI runs at each customer's own address, with OpenAI's chat: `custom_openai`; the public completions are closed",
  anyscale: 'its public endpoints were shut down; reach a private one as `custom_openai`',
  auto_router: "a strategy of LiteLLM's router and not a vendor",
  bespoke: 'decisions in an interface of their own, not chat',
  cursor: 'speaks its own protocol to its own editor',
  gdc: "needs Google Distributed Cloud's own service accounts; with a token at hand it is `custom_openai`",
  langflow: 'runs flows in an interface of its own; they may be served as `custom_openai`',
  langgraph: 'runs of agents in an interface of its own, without choices or usage',
  manus: 'its answers are tasks that go on running after the answer',
  nace: 'decisions in an interface of their own, not chat',
  palm: 'Google shut its API down in 2024; its successor is `gemini`',
  petals: 'a swarm of volunteers, whose HTTP endpoint was a demonstration without keys or a promise to answer',
  salad_cloud: 'seen only in a proposal that was not merged',
  'text-completion-codestral': "answers its own shape at a path of its own; Codestral's chat is `codestral`",
  typesafe: 'decisions in an interface of their own, not chat',
};
