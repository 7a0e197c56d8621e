import type { Adapter } from '../../types/index.ts';
import { mistralOcr } from '../ocr/mistral.ts';
import { documentIntelligence, intelligenceModel } from './document-intelligence.ts';
import { placeOf } from './place.ts';

const mistral = mistralOcr((target) => placeOf(target, '/providers/mistral/azure/ocr'));

export const ocr: Adapter<'ocr'> = async (request, wire) => {
  const model = intelligenceModel(wire.model);
  return model === undefined ? mistral(request, wire) : documentIntelligence(model)(request, wire);
};
