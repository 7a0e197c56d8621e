import { targetsOfAutoRouter } from './auto-router.ts';
import { note, type Findings } from './issues.ts';
import type { Located } from './merge.ts';
import { warnOfUnknown, type ModelNames } from './model-names.ts';
import type { ModelEntry } from './schema/model-list.ts';
import type { Deployment } from './snapshot.ts';

/** Warns where a deployment names a model that there is none of, or mirrors to itself. */
export const warnOfTargets = (
  entries: readonly Located<ModelEntry>[],
  deployments: readonly Deployment[],
  names: ModelNames,
  findings: Findings,
): void => {
  for (const { value, source, path } of entries) {
    const silent = value.litellm_params.silent_model;
    if (silent !== undefined) {
      const place = [...path, 'litellm_params', 'silent_model'];
      if (silent === value.model_name)
        findings.warnings.push(note(source, place, 'other', `silent_model ${silent}`, 'is the model itself, which gets no copies'));
      else warnOfUnknown(silent, { names, findings, source, path: place, what: 'names' });
    }
    for (const [at, target] of [value.litellm_params.fallbacks ?? []].flat().entries()) {
      const name = typeof target === 'string' ? target : target.model;
      warnOfUnknown(name, { names, findings, source, path: [...path, 'litellm_params', 'fallbacks', at], what: 'names' });
    }
  }
  for (const { modelName, autoRouter } of deployments) {
    if (!autoRouter) continue;
    const entry = entries.find(({ value }) => value.model_name === modelName && value.litellm_params.model.startsWith('auto_router/'));
    if (!entry) continue;
    for (const name of new Set(targetsOfAutoRouter(autoRouter))) {
      const place = [...entry.path, 'litellm_params', 'model'];
      warnOfUnknown(name, { names, findings, source: entry.source, path: place, what: `may choose ${name},` });
    }
  }
};
