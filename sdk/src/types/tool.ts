import type { JsonObject } from './json.ts';
import type { CacheControl, Origin, ProtocolExtra } from './part.ts';

/** A function that the client will run. */
export interface FunctionTool {
  type: 'function';
  name: string;
  description?: string;
  /** JSON Schema of the arguments, as the client wrote it. Absent: no arguments declared. */
  parameters?: JsonObject;
  strict?: boolean;
  cacheControl?: CacheControl;
  extra?: ProtocolExtra;
}

/** OpenAI: a tool whose input is free text, maybe held to a grammar. */
export interface CustomTool {
  type: 'custom';
  name: string;
  description?: string;
  format?: JsonObject;
  cacheControl?: CacheControl;
  extra?: ProtocolExtra;
}

/** A tool that the provider runs itself or defines itself (web search, code execution, computer use, ...). */
export interface ProviderTool {
  type: 'provider';
  origin: Origin;
  /** What it is in the neutral vocabulary, where there is a word for it, so that another family can offer its own. */
  kind?: 'web-search' | 'code-execution' | 'url-context' | 'file-search' | 'computer-use' | 'image-generation';
  name?: string;
  /** The declaration, verbatim. */
  value: JsonObject;
  cacheControl?: CacheControl;
}

export type Tool = FunctionTool | CustomTool | ProviderTool;

export type ToolChoice =
  | { type: 'auto' }
  | { type: 'none' }
  | { type: 'required' }
  /** This tool must be called. */
  | { type: 'tool'; name: string; kind?: 'function' | 'custom' | 'provider'; value?: JsonObject }
  /** Only these may be called; `required`: one of them must be. */
  | { type: 'allowed'; names: string[]; required: boolean; value?: JsonObject };
