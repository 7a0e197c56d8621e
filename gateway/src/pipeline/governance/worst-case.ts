import type { WorstCase } from '../../limits/index.ts';
import type { CallState } from '../call-state.ts';
import type { Needs } from 'sluice/kit';

/** What is taken for the length of an answer where the client does not bound it; the model may have a smaller bound. */
const unsaidOutputTokens = 4096;

/** The most that a call may use, as far as that is known before it is made. */
export const worstCaseOf = (state: CallState, model: string, needs: Needs | undefined): WorstCase => {
  const inputTokens = Math.ceil(needs?.inputTokens ?? 0);
  const wanted = needs?.maxOutputTokens;
  let outputTokens = 0;
  let nanoPerInput = 0;
  let nanoPerOutput = 0;
  for (const { deployment, model: name } of state.live.router.match(model)) {
    const facts = state.live.factsOf(deployment.payload, name);
    const most = facts.maxOutputTokens ?? unsaidOutputTokens;
    outputTokens = Math.max(outputTokens, Math.min(wanted ?? unsaidOutputTokens, most));
    nanoPerInput = Math.max(nanoPerInput, (facts.inputUsdPerToken ?? 0) * 1e9);
    nanoPerOutput = Math.max(nanoPerOutput, (facts.outputUsdPerToken ?? 0) * 1e9);
  }
  return { inputTokens, outputTokens, costNanodollars: Math.ceil(inputTokens * nanoPerInput + outputTokens * nanoPerOutput) };
};
