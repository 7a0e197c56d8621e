import { anything, secret, text, url } from './fields.ts';

/** How a deployment signs in to AWS, in LiteLLM's spelling. Absent: as the SDKs of AWS do, from the environment on. */
export const awsShape = {
  aws_region_name: text({ about: "AWS: the region. Absent: from the model's name or ARN, `AWS_REGION`, or the profile." }),
  aws_access_key_id: text({ about: 'AWS: the access key.' }),
  aws_secret_access_key: secret({ about: 'AWS: the secret of the access key.' }),
  aws_session_token: secret({ about: 'AWS: the session token of temporary keys.' }),
  aws_profile_name: text({ about: 'AWS: a profile of `~/.aws/config` and `~/.aws/credentials`.' }),
  aws_role_name: text({ about: 'AWS: the ARN of a role that is taken on with the other credentials.' }),
  aws_session_name: text({ about: 'AWS: the name of the session that the role is taken on for.' }),
  aws_external_id: text({ about: 'AWS: the external id that the role asks for.' }),
  aws_session_tags: anything({ about: 'AWS: tags of the session, a list of `{ Key, Value }`.' }),
  aws_web_identity_token: secret({ about: 'AWS: an identity token that opens the role, a file that holds it, or `oidc/...`.' }),
  aws_sts_endpoint: url({ about: "AWS: the address of STS, where it is not the region's own." }),
  aws_bedrock_runtime_endpoint: url({ about: 'Bedrock: the address of the runtime, such as a VPC endpoint.' }),
  sagemaker_base_url: url({ about: 'SageMaker: the address of the runtime, with or without the path of the call.' }),
  hf_model_name: text({
    about:
      "SageMaker: the name on Hugging Face of the model behind the endpoint, whose prompt template is used. Absent: the endpoint's name.",
  }),
  model_id: text({
    about:
      'Bedrock: the ARN or id that is called, where `model` says the model behind it. SageMaker: the inference component that is called.',
  }),
};

export const awsNames = Object.keys(awsShape) as (keyof typeof awsShape)[];
