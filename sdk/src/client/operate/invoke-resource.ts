import type { FormField, JsonObject, ResourceKind } from '../../types/index.ts';
import { invoke } from '../invoke.ts';
import type { CallOptions } from '../options.ts';
import type { OperationAnswer } from './call.ts';
import { encodeForm } from './form.ts';
import { toFields } from './form-fields.ts';
import { fileOf } from './file-input.ts';
import { callResource } from './resource.ts';

/** A call about things that a provider keeps, as the public functions say it. */
export interface ResourceAsked {
  /** Whose they are: a provider's id. */
  provider: string;
  kind: ResourceKind;
  method: 'GET' | 'POST' | 'DELETE';
  rest: string;
  ids?: readonly string[];
  /** Members of the body, or parameters of the query. */
  members: JsonObject;
}

/** Makes it with the SDK's options, keys and retries. @throws SluiceError */
export const callKept = (
  { provider, kind, method, rest, ids = [], members }: ResourceAsked,
  options: CallOptions,
): Promise<OperationAnswer> => {
  const file = members['file'] === undefined ? undefined : fileOf(members['file'], 'file');
  const body: JsonObject = file ? { ...members, file } : members;
  const fields = (): FormField[] => toFields(body);
  const query =
    method === 'POST'
      ? {}
      : Object.fromEntries(Object.entries(members).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));
  const hasBody = method === 'POST' && Object.keys(members).length > 0;
  const { file: _file, ...texts } = members;
  return invoke(`${provider}/-`, options, (target, context) =>
    callResource(
      {
        kind,
        method,
        rest,
        ids,
        query,
        target,
        request: () => ({ body: texts, ...(file && { file }) }),
        relay: () => (file ? encodeForm(fields()) : hasBody ? { contentType: 'application/json', body: JSON.stringify(body) } : {}),
      },
      context,
    ),
  );
};
