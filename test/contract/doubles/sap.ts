import { protocolOf, type JsonObject, type SluiceError, type WireEvent } from 'sluice/kit';
import type { Double } from '../doubles.ts';

const chat = protocolOf('openai-chat');

interface Body extends JsonObject {
  config: {
    modules: {
      prompt_templating: {
        prompt: { template: JsonObject[]; tools?: unknown; response_format?: unknown };
        model: { name: string; params: JsonObject };
      };
    };
    stream?: { enabled: boolean };
  };
}

export const sapOrchestration: Double = {
  framing: 'sse',
  request: {
    fromWire(body, path) {
      const { config, ...rest } = body as Body;
      if (Object.keys(rest).length > 0) throw new Error(`SAP does not know ${Object.keys(rest).join()}`);
      const { prompt, model } = config.modules.prompt_templating;
      const { template, ...more } = prompt;
      return chat.request.fromWire(
        { ...model.params, ...more, model: model.name, messages: template, ...(config.stream?.enabled && { stream: true }) },
        path,
      );
    },
  },
  response: {
    toWire: (result, context) => {
      const answer = chat.response.toWire(result, context);
      return { request_id: 'r-1', intermediate_results: { llm: answer }, final_result: answer };
    },
  },
  stream: {
    encoder(context) {
      const inner = chat.stream.encoder(context);
      let first = true;
      return {
        push: (part) =>
          inner.push(part).flatMap(({ data }): WireEvent[] => {
            // The first chunk tells of the other modules alone; nothing marks the end.
            const before = first ? [{ data: JSON.stringify({ request_id: 'r-1', intermediate_results: { templating: [] } }) }] : [];
            first = false;
            if (data === '[DONE]') return [];
            return [...before, { data: JSON.stringify({ request_id: 'r-1', final_result: JSON.parse(data) as object }) }];
          }),
      };
    },
  },
  errors: {
    toWire: ({ status, message }: SluiceError) => ({
      status,
      body: { error: { request_id: 'r-1', code: status, message, location: 'LLM Module' } },
    }),
  },
};
