import { secret, secretJson, text } from './fields.ts';

const project = 'Vertex AI: the project. Absent: `VERTEXAI_PROJECT`, else the one that the credentials or `GOOGLE_CLOUD_PROJECT` name.';
const location = 'Vertex AI: the location, such as `us-central1`, `eu` or `global`. Absent: `VERTEXAI_LOCATION`, else where the model is.';
const credentials =
  "Google's credentials: the path of their file, its JSON as a text, or as a mapping. Absent: as Google's own clients find them, from `GOOGLE_APPLICATION_CREDENTIALS` on.";

/** How a deployment signs in to Google Cloud, in LiteLLM's spelling. */
export const vertexShape = {
  vertex_project: text({ about: project }),
  vertex_location: text({ about: location }),
  vertex_credentials: secretJson({ about: credentials }),
  vertex_access_token: secret({ about: 'Vertex AI: an access token that is ready to use.' }),
  vertex_ai_project: text({ about: 'The same as `vertex_project`.' }),
  vertex_ai_location: text({ about: 'The same as `vertex_location`.' }),
  vertex_ai_credentials: secretJson({ about: 'The same as `vertex_credentials`.' }),
};

type Params = Partial<Record<keyof typeof vertexShape, unknown>>;

/** The provider's names of what is given. */
export const vertexOptions = (params: Params): Record<string, unknown> => ({
  vertex_project: params.vertex_project ?? params.vertex_ai_project,
  vertex_location: params.vertex_location ?? params.vertex_ai_location,
  vertex_credentials: params.vertex_credentials ?? params.vertex_ai_credentials,
  vertex_access_token: params.vertex_access_token,
});
