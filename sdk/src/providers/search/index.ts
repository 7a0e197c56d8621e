import type { Provider } from '../../types/index.ts';
import { createAgentcore } from './agentcore.ts';
import { createBingGrounding } from './bing-grounding.ts';
import { brave } from './brave.ts';
import { dataforseo } from './dataforseo.ts';
import { duckduckgo } from './duckduckgo.ts';
import { exa } from './exa.ts';
import { fastcrw, firecrawl } from './firecrawl.ts';
import { googlePse } from './google-pse.ts';
import { apiserpent, searchapi, serper } from './google-results.ts';
import { linkup } from './linkup.ts';
import { nimble } from './nimble.ts';
import { parallel } from './parallel.ts';
import { searxng } from './searxng.ts';
import { tavily } from './tavily.ts';
import { tinyfish } from './tinyfish.ts';
import { youCom } from './you-com.ts';

/** Providers that do searches and nothing else. Those of chat vendors are their own files here, in their providers' `operations`. */
export const searchProviders = (): readonly Provider[] => [
  createAgentcore(),
  apiserpent,
  createBingGrounding(),
  brave,
  dataforseo,
  duckduckgo,
  exa,
  fastcrw,
  firecrawl,
  googlePse,
  linkup,
  nimble,
  parallel,
  searchapi,
  searxng,
  serper,
  tavily,
  tinyfish,
  youCom,
];
