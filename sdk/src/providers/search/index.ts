import type { Provider } from '../../types/index.ts';
import { createAgentcore } from './agentcore.ts';
import { createBingGrounding } from './bing-grounding.ts';
import { dataforseo } from './dataforseo.ts';
import {
  apiserpent,
  brave,
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
} from './vendors.ts';

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
