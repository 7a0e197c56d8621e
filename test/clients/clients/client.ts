import * as z from 'zod';
import type { WireId } from '../upstream/server.ts';
import type { Json } from '../upstream/wire.ts';

/** A tool that the test runs for the model. */
export interface Tool {
  name: string;
  description: string;
  parameters: z.ZodObject;
  run(args: Json): string;
}

export interface Ask {
  model: string;
  prompt: string;
  stream: boolean;
  system?: string;
  /** Thinking is asked for in the client's own way. */
  think?: boolean;
  signal?: AbortSignal;
  /** Each piece of text as it comes. */
  onText?(text: string): void;
}

/** What a program sees of an answer. */
export interface Said {
  text: string;
  thinking: string;
  /** Names and arguments, in order. */
  calls: { name: string; args: unknown }[];
  input: number | undefined;
  output: number | undefined;
}

/** What a program sees of a failure. */
export interface Problem {
  /** The class of the SDK's error. */
  kind: string;
  status?: number;
  type?: string;
  message: string;
  requestId?: string;
}

/** The format that a client speaks: those that providers are faked in, and those that some clients alone speak here. */
export type ClientWire = WireId | 'ollama-chat' | 'cohere-chat';

/** One real client library, used as its users use it. */
export interface Client {
  name: string;
  /** The format it speaks. */
  wire: ClientWire;
  /** Shows what the model thought. */
  showsThinking: boolean;
  /** Gives thoughts back with what proves them. Otherwise only what a client cannot drop comes back: ids of calls. */
  keepsThoughts: boolean;
  /** Why it cannot be told to leave a call. */
  cannotLeave?: string;
  /** Why its counts of a stream are not the provider's. */
  miscounts?: string;
  /** Why it does not show the provider's id of a request. */
  hidesRequestId?: string;
  /** Why a tool's result does not leave it as the tool gave it. */
  manglesResults?: string;
  /** The class of its errors for a status. Absent: a class each, with OpenAI's names. */
  kindOf?(status: number): string;
  ask(ask: Ask): Promise<Said>;
  /** Runs the tools that the model calls, until it calls no more. `calls` are those of all turns. Absent: it has no part in tools. */
  converse?(ask: Ask, tools: Tool[]): Promise<Said>;
  /** An answer that has this shape. */
  structured(ask: Ask, shape: z.ZodObject): Promise<unknown>;
  problem(error: unknown): Problem;
}

/** Runs the tool of that name. */
export const runTool = (tools: readonly Tool[], name: string, args: Json): string => {
  const tool = tools.find((each) => each.name === name);
  if (!tool) throw new Error(`the model called ${name}, which is not there`);
  return tool.run(args);
};

export const schemaOf = (shape: z.ZodObject): Json => {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(shape) as Json;
  return schema;
};
