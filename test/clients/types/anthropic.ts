/* The same for the `@anthropic-ai/sdk` package and `messages`. Compiled, never run. */
import type Anthropic from '@anthropic-ai/sdk';
import { messages, type AnthropicMessage } from 'sluice';

export const asks = async (whole: Anthropic.MessageCreateParamsNonStreaming): Promise<AnthropicMessage> => messages(whole);

export const literal = (): Promise<AnthropicMessage> =>
  messages({
    model: 'anthropic/claude-sonnet-4-5',
    max_tokens: 100,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello', cache_control: { type: 'ephemeral' } }] }],
    novelty: true,
  });
