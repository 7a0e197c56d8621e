import { spliceTopLevel, type JsonObject, type OperationAnswer } from 'sluice/kit';
import type { CallState } from '../../pipeline/call-state.ts';
import { sealId } from '../resource-id.ts';

/** A video's answer with an id that tells where it is made; nothing else of it changes. */
export const withVideoId = (answer: OperationAnswer, { deployment }: CallState): OperationAnswer => {
  if (answer.kind !== 'whole' || !deployment) return answer;
  const json = answer.json();
  const id = json['id'];
  if (typeof id !== 'string') return answer;
  const from = json['remixed_from_video_id'];
  const seal = (raw: string): string => sealId('video', { deployment: deployment.id, id: raw });
  const members: JsonObject = { id: seal(id), ...(typeof from === 'string' && { remixed_from_video_id: seal(from) }) };
  const text = typeof answer.body === 'string' ? answer.body : new TextDecoder().decode(answer.body);
  const texts = Object.fromEntries(Object.entries(members).map(([name, value]) => [name, JSON.stringify(value)]));
  return { ...answer, body: spliceTopLevel(text, texts), json: () => ({ ...json, ...members }) };
};
