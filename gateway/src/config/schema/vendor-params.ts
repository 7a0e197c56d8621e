import { choice, secret, text, url } from './fields.ts';

/** What vendors whose credentials are their own must know besides a key, in LiteLLM's spelling where it has one. */
export const vendorShape = {
  project_id: text({ about: 'watsonx.ai: the project whose quota is used. Absent: `WATSONX_PROJECT_ID`.' }),
  space_id: text({ about: 'watsonx.ai: the deployment space, where there is no project. Absent: `WATSONX_SPACE_ID`.' }),
  token: secret({ about: 'watsonx.ai: a token of IAM that is ready to use. Absent: `WATSONX_TOKEN`.' }),
  zen_api_key: secret({ about: 'watsonx.ai: a Zen API key of Cloud Pak for Data. Absent: `WATSONX_ZENAPIKEY`.' }),
  watsonx_region_name: text({ about: 'watsonx.ai: the region, where there is no `api_base`. Absent: `WATSONX_REGION`.' }),
  watsonx_iam_url: url({ about: "watsonx.ai: the address of IAM, where it is not IBM Cloud's own." }),

  oci_region: text({ about: 'Oracle: the region. Absent: `OCI_REGION`, else `us-ashburn-1`.' }),
  oci_tenancy: text({ about: 'Oracle: the OCID of the tenancy. Absent: `OCI_TENANCY`.' }),
  oci_user: text({ about: 'Oracle: the OCID of the user. Absent: `OCI_USER`.' }),
  oci_fingerprint: text({ about: "Oracle: the fingerprint of the user's key. Absent: `OCI_FINGERPRINT`." }),
  oci_key: secret({ about: "Oracle: the user's private key, as PEM. Absent: `OCI_KEY`." }),
  oci_key_file: text({ about: 'Oracle: the file of the private key. Absent: `OCI_KEY_FILE`.' }),
  oci_compartment_id: text({ about: 'Oracle: the OCID of the compartment whose quota is used. Absent: `OCI_COMPARTMENT_ID`.' }),
  oci_serving_mode: choice(['ON_DEMAND', 'DEDICATED'], { about: 'Oracle: a model that all share, or an endpoint of your own.' }),
  oci_endpoint_id: text({ about: "Oracle: the OCID of the dedicated endpoint, where `model` is the model's name." }),

  sap_client_id: text({ about: 'SAP AI Core: the client id, where `api_key` is not a whole service key. Absent: `AICORE_CLIENT_ID`.' }),
  sap_client_secret: secret({ about: "SAP AI Core: the client's secret. Absent: `AICORE_CLIENT_SECRET`." }),
  sap_auth_url: url({ about: 'SAP AI Core: where the client gets its tokens. Absent: `AICORE_AUTH_URL`.' }),
  sap_base_url: url({ about: 'SAP AI Core: the address of its API. Absent: `AICORE_BASE_URL`.' }),
  sap_resource_group: text({ about: 'SAP AI Core: the resource group. Absent: `AICORE_RESOURCE_GROUP`, else `default`.' }),
  sap_deployment_id: text({ about: 'SAP AI Core: the deployment of the orchestration service. Absent: the newest that runs.' }),

  databricks_client_id: text({ about: 'Databricks: the service principal that signs in, where there is no token.' }),
  databricks_client_secret: secret({ about: "Databricks: the service principal's secret." }),

  gigachat_access_token: secret({ about: 'GigaChat: an access token that is ready to use.' }),
  gigachat_scope: text({ about: 'GigaChat: what the token is for. Absent: `GIGACHAT_SCOPE`, else `GIGACHAT_API_PERS`.' }),
  gigachat_auth_url: url({ about: 'GigaChat: where tokens are had, where that is not the usual place.' }),

  github_copilot_token_dir: text({ about: "GitHub Copilot: the folder of the sign-in's files. Absent: `GITHUB_COPILOT_TOKEN_DIR`." }),
  github_copilot_access_token_file: text({ about: "GitHub Copilot: the file of the user's token. Absent: `access-token`." }),
  github_copilot_api_key_file: text({ about: "GitHub Copilot: the file of Copilot's own token. Absent: `api-key.json`." }),

  chatgpt_token_dir: text({ about: "ChatGPT: the folder of the sign-in's file. Absent: `CHATGPT_TOKEN_DIR`." }),
  chatgpt_auth_file: text({ about: 'ChatGPT: the file of the sign-in. Absent: `auth.json`.' }),
  chatgpt_account_id: text({ about: 'ChatGPT: the account, where the sign-in does not say it.' }),
};

export const vendorNames = Object.keys(vendorShape) as (keyof typeof vendorShape)[];
