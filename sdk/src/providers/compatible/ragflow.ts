import { SluiceError } from '../../types/index.ts';
import { fromLitellm, local, type Row } from './row.ts';

/** Assistants and agents of a RAGFlow server, each at an address of its own: `ragflow/chat/<id>/<model>`, `ragflow/agent/<id>/<model>`. */
export const ragflow: Row = {
  label: 'RAGFlow',
  baseUrl: 'http://127.0.0.1:9380',
  baseUrlRules: { strip: ['/api/v1', '/v1', '/api'] },
  ...local,
  keyEnv: ['RAGFLOW_API_KEY'],
  speaks: { chat: { protocol: 'openai-chat', path: '/api/v1/{ragflow_kind}_openai/{ragflow_id}/chat/completions' } },
  resolveModel(name) {
    const [kind, id, ...model] = name.split('/');
    if ((kind !== 'chat' && kind !== 'agent') || !id || model.length === 0) {
      throw new SluiceError('invalid_request', 'A model of RAGFlow is written ragflow/chat/<id>/<model> or ragflow/agent/<id>/<model>.', {
        param: 'model',
        provider: 'ragflow',
      });
    }
    return { model: model.join('/'), options: { ragflow_kind: `${kind}s`, ragflow_id: id } };
  },
  source: fromLitellm('ragflow'),
};
