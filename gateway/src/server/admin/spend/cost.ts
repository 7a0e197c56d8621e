import { estimateTokens, openaiChat, SluiceError, type JsonObject, type Usage } from 'sluice/kit';
import { z } from 'zod';
import { usdOf } from '../../../spend/reports/counts.ts';
import { adminRoute } from '../admin-route.ts';
import { count, json } from '../fields.ts';
import { costAt, knownCost, pricedModel } from './cost-query.ts';

const maxMessages = 10_000;

const calculateBody = z.strictObject({
  model: z.string().min(1).max(512).nullish(),
  messages: z.array(z.unknown()).max(maxMessages).nullish(),
  completion_response: json.nullish(),
});

/** What the answer says was used. */
const usageOfAnswer = (body: JsonObject): Usage => {
  const usage = openaiChat.response.usage(body);
  if (!usage) throw new SluiceError('invalid_request', "'completion_response' says no usage.", { param: 'completion_response' });
  return usage;
};

export const calculateSpend = adminRoute({
  method: 'POST',
  paths: ['/spend/calculate'],
  action: 'spend.calculate',
  about: () => [],
  body: calculateBody,
  summary: 'Works out what a call costs: before it of its messages (an estimate of their tokens), after it of its answer.',
  handle: async ({ body, services, now }) => {
    const { model, messages, completion_response: answer } = body;
    const name = model ?? (typeof answer?.['model'] === 'string' ? answer['model'] : undefined);
    if (name === undefined)
      throw new SluiceError('invalid_request', "'model' is missing, and 'completion_response' names none.", { param: 'model' });
    if (!answer && !messages)
      throw new SluiceError('invalid_request', "One of 'messages' and 'completion_response' is needed.", { param: 'messages' });
    const usage = answer ? usageOfAnswer(answer as JsonObject) : { inputTokens: estimateTokens(JSON.stringify(messages)), outputTokens: 0 };
    const live = services.live();
    return { cost: usdOf(knownCost(costAt(live, pricedModel(live, name), usage, now), name).total) };
  },
});

export const estimateCost = adminRoute({
  method: 'POST',
  paths: ['/cost/estimate'],
  action: 'spend.calculate',
  about: () => [],
  body: z.strictObject({
    model: z.string().min(1).max(512),
    input_tokens: count,
    output_tokens: count,
    num_requests_per_day: count.nullish(),
    num_requests_per_month: count.nullish(),
  }),
  summary: 'Works out what calls with so many tokens cost: each, each day, each month.',
  handle: async ({ body, services, now }) => {
    const {
      model: name,
      input_tokens: inputTokens,
      output_tokens: outputTokens,
      num_requests_per_day: daily,
      num_requests_per_month: monthly,
    } = body;
    const live = services.live();
    const priced = pricedModel(live, name);
    const costOf = (usage: Usage) => knownCost(costAt(live, priced, usage, now), name);
    const whole = costOf({ inputTokens, outputTokens });
    // Of a long input the output costs more, so that the parts are told apart within the whole: the rest is the output's.
    const input = inputTokens === 0 ? 0 : Math.min(whole.original, costOf({ inputTokens, outputTokens: 0 }).original);
    const perRequest = { total: whole.total, input, output: whole.original - input, margin: whole.margin };
    const times = (requests: number | null | undefined, nanodollars: number) => (requests == null ? null : usdOf(nanodollars * requests));
    const perToken = (nanodollars: number, tokens: number) => (tokens === 0 ? null : usdOf(nanodollars) / tokens);
    return {
      model: name,
      input_tokens: inputTokens,
      output_tokens: outputTokens,
      num_requests_per_day: daily ?? null,
      num_requests_per_month: monthly ?? null,
      cost_per_request: usdOf(perRequest.total),
      input_cost_per_request: usdOf(perRequest.input),
      output_cost_per_request: usdOf(perRequest.output),
      margin_cost_per_request: usdOf(perRequest.margin),
      daily_cost: times(daily, perRequest.total),
      daily_input_cost: times(daily, perRequest.input),
      daily_output_cost: times(daily, perRequest.output),
      daily_margin_cost: times(daily, perRequest.margin),
      monthly_cost: times(monthly, perRequest.total),
      monthly_input_cost: times(monthly, perRequest.input),
      monthly_output_cost: times(monthly, perRequest.output),
      monthly_margin_cost: times(monthly, perRequest.margin),
      input_cost_per_token: perToken(perRequest.input, inputTokens),
      output_cost_per_token: perToken(perRequest.output, outputTokens),
      provider: priced.provider,
    };
  },
});
