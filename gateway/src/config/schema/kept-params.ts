import { text, texts, url } from './fields.ts';

/** Where a provider keeps things for clients, in LiteLLM's spelling where it has one. */
export const keptShape = {
  s3_bucket_name: text({ about: 'Bedrock: the bucket of files and batches, or `bucket/folder`. Absent: `AWS_S3_BUCKET_NAME`.' }),
  s3_region_name: text({ about: "Bedrock: the bucket's region, where it is not the models'." }),
  s3_endpoint_url: url({ about: "Bedrock: the address of S3, where it is not AWS's own." }),
  s3_output_bucket_name: text({
    about: 'Bedrock: the bucket of batches’ results. Absent: `AWS_S3_OUTPUT_BUCKET_NAME`, else `s3_bucket_name`.',
  }),
  s3_encryption_key_id: text({ about: 'Bedrock: the key of KMS that results are encrypted with. Absent: `AWS_S3_ENCRYPTION_KEY_ID`.' }),
  aws_batch_role_arn: text({ about: 'Bedrock: the ARN of the role that batches run as. Absent: `AWS_BATCH_ROLE_ARN`.' }),
  gcs_bucket_name: text({ about: 'Vertex AI: the bucket of files and batches, or `bucket/folder`. Absent: `GCS_BUCKET_NAME`.' }),
  vertex_app_id: text({ about: 'Vertex AI Search: the app that is searched, in place of the data store of the id.' }),
  vertex_engine_id: text({ about: 'The same as `vertex_app_id`.' }),
  vertex_collection_id: text({ about: 'Vertex AI Search: the collection. Absent: `default_collection`.' }),
  vertex_serving_config: text({ about: 'Vertex AI Search: the serving config. Absent: `default_config`, of an app `default_search`.' }),
  vertex_datastores: texts({ about: "Vertex AI Search: those of an app's data stores that are searched. Absent: all." }),
  azure_search_service_name: text({ about: 'Azure AI Search: the service, where there is no `api_base`.' }),
  azure_search_vector_field: text({
    about: "Azure AI Search: the field whose vectors are compared, by the index's own vectorizer. Absent: words alone are searched for.",
  }),
};

export const keptNames = Object.keys(keptShape) as (keyof typeof keptShape)[];
