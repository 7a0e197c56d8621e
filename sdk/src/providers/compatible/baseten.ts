import type { Provider } from '../../types/index.ts';
import { fromLitellm, maxTokens, plain, providerOf, type Row } from './row.ts';

/** More dedicated deployments than this in one program are a mistake. */
const maxKept = 1000;

const dedicated = new Map<string, Provider>();

/** Shared models, and deployments of one's own: those are named by eight letters and digits, and have a host of their own. */
export const baseten: Row = {
  label: 'Baseten',
  baseUrl: 'https://inference.baseten.co/v1',
  keyEnv: ['BASETEN_API_KEY'],
  quirks: { ...plain, ...maxTokens },
  variant({ model, baseUrl }) {
    if (baseUrl !== undefined || !/^[a-z0-9]{8}$/i.test(model)) return shared;
    const id = model.toLowerCase();
    let provider = dedicated.get(id);
    if (!provider) {
      provider = { ...shared, baseUrl: `https://model-${id}.api.baseten.co/environments/production/sync/v1` };
      if (dedicated.size >= maxKept) dedicated.clear();
      dedicated.set(id, provider);
    }
    return provider;
  },
  source: fromLitellm('baseten'),
};

const shared = providerOf('baseten', baseten);
