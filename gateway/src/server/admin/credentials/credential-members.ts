import { schemaSecrets } from '../../../config/stored/schema-secrets.ts';

type Json = Readonly<Record<string, unknown>>;

/** Members of a model's parameters that say how its provider is reached, besides its secrets. */
const reaches =
  /^(?:api_base|base_url|api_version|organization|region_name|tenant_id|client_id|account_id|project_id|space_id)$|^(?:aws|vertex|watsonx|oci|sap|databricks|gigachat)_/;

/** What of a model's parameters is a credential. */
export const ofCredential = (params: Json): Json =>
  Object.fromEntries(Object.entries(params).filter(([name]) => schemaSecrets.has(name) || reaches.test(name)));
