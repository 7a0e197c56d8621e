import type { Deployment } from '../config/snapshot.ts';
import type { Live } from './live.ts';

/** A deployment that nobody has configured: `provider/model`, with the environment's key and no settings. */
export const bareDeployment = (live: Live, name: string, id: string, givenProvider?: string): Deployment => {
  const slash = name.indexOf('/');
  const prefix = slash > 0 && live.providers.find(name.slice(0, slash)) ? name.slice(0, slash) : undefined;
  const provider = givenProvider ?? prefix;
  return {
    id,
    modelName: name,
    provider,
    model: prefix !== undefined && prefix === provider ? name.slice(slash + 1) : name,
    headers: {},
    extraBody: {},
    defaults: {},
    tags: [],
    tagPatterns: [],
    accessGroups: [],
    deadlines: {},
    dropParams: true,
    additionalDropParams: [],
    allowedOpenaiParams: [],
    modelInfo: {},
    usedInPassThrough: false,
    clientside: {},
    unsetVariables: [],
  };
};
