import { isObject, type JsonObject, type Needs } from 'sluice/kit';
import { estimateInput, mediaTokens } from './estimate-input.ts';
import { eachMediaPart } from './media-parts.ts';
import { unseenTokens } from './unseen-text.ts';

/**
 * What a request needs of a model, read from its body, whichever client format that is in: the members that say it do not
 * collide. Each part is found out when it is first asked for, since most calls are never asked.
 */
export class BodyNeeds implements Needs {
  readonly #body: JsonObject;
  readonly #length: number;
  #abilities: readonly string[] | undefined;
  #media = 0;
  #inputTokens: number | undefined;

  /** @param length of the body's text; 0: not known */
  constructor(body: JsonObject, length: number) {
    this.#body = body;
    this.#length = length;
  }

  get abilities(): readonly string[] {
    if (this.#abilities) return this.#abilities;
    const found = new Set<string>();
    this.#media = 0;
    eachMediaPart(this.#body, (need) => {
      this.#media++;
      if (need !== 'file') found.add(need);
    });
    readTools(this.#body, found);
    if (wantsSchema(this.#body)) found.add('response_schema');
    return (this.#abilities = found.size === 0 ? none : [...found]);
  }

  get inputTokens(): number {
    return (this.#inputTokens ??= estimateInput(this.#body, this.#mediaCount) + unseenTokens(this.#body));
  }

  /** No character is more than a token, and what stands around the texts is far more than formats add. */
  get inputTokensAtMost(): number {
    return this.#length === 0 ? this.inputTokens : this.#length + this.#mediaCount * mediaTokens;
  }

  get maxOutputTokens(): number | undefined {
    const { max_completion_tokens, max_tokens, max_output_tokens, generationConfig, generation_config, inferenceConfig, options } =
      this.#body;
    const gemini = asObject(generationConfig ?? generation_config);
    const wanted =
      max_completion_tokens ??
      max_tokens ??
      max_output_tokens ??
      gemini['maxOutputTokens'] ??
      gemini['max_output_tokens'] ??
      asObject(inferenceConfig)['maxTokens'] ??
      asObject(options)['num_predict'];
    return typeof wanted === 'number' && wanted > 0 && Number.isFinite(wanted) ? wanted : undefined;
  }

  get #mediaCount(): number {
    // They are counted on the way.
    void this.abilities;
    return this.#media;
  }
}

const none: readonly string[] = [];

const asObject = (value: unknown): JsonObject => (isObject(value) ? value : {});

/** Tools that the vendor itself runs: whether a model has them is not whether it calls functions. */
const hosted = /^(web_|code_|file_search|image_generation|mcp|tool_search|url_)/;

const readTools = (body: JsonObject, found: Set<string>): void => {
  const { tools, toolConfig, functions, web_search_options } = body;
  if (isObject(web_search_options)) found.add('web_search');
  if (Array.isArray(functions) && functions.length > 0) found.add('function_calling');
  if (Array.isArray(tools)) for (const tool of tools) readTool(tool, found);
  if (!isObject(toolConfig)) return;
  const { tools: bedrock } = toolConfig;
  if (Array.isArray(bedrock)) for (const tool of bedrock) readTool(tool, found);
};

const readTool = (tool: unknown, found: Set<string>): void => {
  if (!isObject(tool)) return;
  const { type } = tool;
  if (type === 'function') found.add('function_calling');
  else if (typeof type === 'string' && hosted.test(type)) {
    if (type.startsWith('web_search')) found.add('web_search');
  } else if ('googleSearch' in tool || 'google_search' in tool || 'googleSearchRetrieval' in tool) found.add('web_search');
  else if ('urlContext' in tool || 'url_context' in tool) found.add('url_context');
  else if (!('codeExecution' in tool || 'code_execution' in tool || 'cachePoint' in tool || 'systemTool' in tool))
    found.add('function_calling');
};

const schemaMembers = ['responseSchema', 'responseJsonSchema', '_responseJsonSchema', 'response_schema', 'response_json_schema'] as const;

/** OpenAI's chat and those like it, Responses, Anthropic, Bedrock, Gemini, Ollama, Cohere. */
const wantsSchema = (body: JsonObject): boolean => {
  const { response_format, text, output_format, output_config, outputConfig, format } = body;
  if (isSchema(response_format) || isSchema(output_format) || isObject(format)) return true;
  if (isObject(text) && isSchema(text['format'])) return true;
  if (isObject(output_config) && isSchema(output_config['format'])) return true;
  if (isObject(outputConfig) && isSchema(outputConfig['textFormat'])) return true;
  const gemini = body['generationConfig'] ?? body['generation_config'];
  return isObject(gemini) && schemaMembers.some((name) => isObject(gemini[name]));
};

const isSchema = (format: unknown): boolean =>
  isObject(format) && (format['type'] === 'json_schema' || ['schema', 'json_schema', 'structure'].some((name) => isObject(format[name])));
