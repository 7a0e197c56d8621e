import type { ChatRequest, JsonObject, MediaSource, Message, ToWireContext, WireRequest } from '../../types/index.ts';
import { parameterName } from '../shared/parameter-name.ts';
import { writeParameters } from '../shared/prompts/parameters.ts';
import { promptOf } from '../shared/prompts/templates.ts';
import { turnsOf, type Turn } from '../shared/prompts/turns.ts';
import { asObject } from '../shared/read.ts';
import { familyOf, type Family } from './families.ts';

/** @throws SluiceError `unsupported_parameter` */
export const toWire = (request: ChatRequest, context: ToWireContext): WireRequest => {
  const family = familyOf(context.model);
  const { input, webhook, webhook_events_filter, ...unknown } = request.unknown;
  const { messages, images } = withoutImages(request.messages, family);
  const parameters = writeParameters(request, context, { names: family.names, protocol: 'replicate', thinks: family.effort !== undefined });
  for (const name of Object.values(family.names)) {
    const value = parameters[name];
    if (family.stopsJoined && Array.isArray(value)) parameters[name] = value.join(',');
  }
  const effort = request.reasoning?.effort;
  if (effort === undefined && request.reasoning?.budgetTokens !== undefined)
    context.drop(parameterName('reasoning', context.from), 'how much to think is told in words here');
  return {
    body: {
      ...(webhook !== undefined && { webhook }),
      ...(webhook_events_filter !== undefined && { webhook_events_filter }),
      input: {
        ...unknown,
        ...parameters,
        ...(family.effort !== undefined && effort !== undefined && { [family.effort]: effort }),
        ...imageMember(images, family, context),
        ...promptMembers(turnsOf(messages, context), family),
        ...asObject(input),
      },
      ...(request.stream && { stream: true }),
    },
  };
};

/**
 * One message of a user is the prompt, and instructions have a member of their own where the model has one: the vendor puts
 * the model's template around both. More than one turn is written down here.
 */
const promptMembers = (turns: readonly Turn[], { system, template }: Family): JsonObject => {
  const [first, ...rest] = turns;
  const told = system !== undefined && first?.role === 'system' ? { [system]: first.text } : undefined;
  const spoken = told ? rest : turns;
  const [only] = spoken;
  if (spoken.length === 1 && only?.role === 'user') return { prompt: only.text, ...told };
  const whole = told ? turns : spoken;
  // A template of the vendor's around one that is whole already would make another conversation of it.
  if (template === 'plain') return { prompt: promptOf(spoken, template), ...told };
  return { prompt: promptOf(whole, template), prompt_template: '{prompt}' };
};

/** The user's images, for models that take them, and the messages without those. */
const withoutImages = (messages: readonly Message[], { images: taken }: Family): { messages: Message[]; images: MediaSource[] } => {
  const images: MediaSource[] = [];
  if (!taken) return { messages: [...messages], images };
  return {
    images,
    messages: messages.map((message) => ({
      ...message,
      content: message.content.filter((part) => {
        if (part.type !== 'image') return true;
        images.push(part.source);
        return false;
      }),
    })),
  };
};

const urlOf = (source: MediaSource): string | undefined =>
  source.kind === 'url' ? source.url : source.kind === 'base64' ? `data:${source.mediaType};base64,${source.data}` : undefined;

const imageMember = (images: readonly MediaSource[], { images: taken }: Family, context: ToWireContext): JsonObject => {
  const urls = images.map(urlOf).filter((url) => url !== undefined);
  if (urls.length < images.length) context.lacks('image', 'an image is given by its address or its bytes here');
  if (!taken || urls.length === 0) return {};
  if (taken.list) return { [taken.member]: urls };
  if (urls.length > 1) context.lacks('image', 'the model takes one image');
  return { [taken.member]: urls[0] };
};
