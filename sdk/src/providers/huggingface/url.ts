import { SluiceError, type Speaks, type Target } from '../../types/index.ts';
import { checkedUrl, pathSegments, templateUrl } from '../url.ts';

const inference = 'https://router.huggingface.co/hf-inference/models';

/** Chat has one address for all; the tasks of hf-inference have one for each model. @throws SluiceError `invalid_request` */
export const routerUrl = (target: Target, speaks: Speaks, stream: boolean): string => {
  if (speaks.protocol === 'openai-chat') return templateUrl(target, speaks, stream);
  if (speaks.protocol === 'tei-rerank') {
    throw new SluiceError('invalid_request', 'Hugging Face reranks on servers of one’s own: give its address (api_base).', {
      param: 'api_base',
      provider: target.provider.id,
    });
  }
  return `${inference}/${pathSegments(target.model)}${speaks.path.replace(/\/$/, '')}`;
};

/** OpenAI's paths stand behind `/v1`, the servers' own at the root. People paste any of them. */
export const endpointUrl = (target: Target, speaks: Speaks): string => {
  const given = checkedUrl(target.baseUrl ?? '', target.provider);
  const path = given.pathname.replace(/\/+$/, '').replace(/\/(?:chat\/completions|embeddings|embed|rerank|generate|generate_stream)$/, '');
  const versioned = /\/v\d+(?:\/openai)?$/.test(path);
  const query = given.search;
  if (speaks.protocol.startsWith('openai-')) return `${given.origin}${path}${versioned ? '' : '/v1'}${speaks.path}${query}`;
  return `${given.origin}${path.replace(/\/v\d+$/, '')}${speaks.path}${query}`;
};
