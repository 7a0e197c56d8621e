import type { Experiment, Ladder } from 'sluice/kit';
import { defined } from './defined.ts';
import { note, type Findings } from './issues.ts';
import type { Merged } from './merge.ts';
import { holderOf, warnOfUnknown, type ModelNames } from './model-names.ts';
import { pathText, type Path } from './problem.ts';
import type { ExperimentEntry, LadderEntry } from './schema/routing-settings.ts';

/** How calls of some names are shaped before a deployment is picked. */
interface Shaping {
  experiments: readonly Experiment[];
  ladders: readonly Ladder[];
}

/** `sluice_settings.routing.experiments` and `.ladders`, with warnings for names that nothing serves. */
export const shapingOf = ({ settings, files }: Pick<Merged, 'settings' | 'files'>, names: ModelNames, findings: Findings): Shaping => {
  const { experiments = [], ladders = [] } = settings.sluice_settings?.routing ?? {};

  /** Its names are served, and no entry above is of the same model. */
  const check = (entries: readonly { model: string }[], at: number, base: Path, others: readonly { model: string; path: Path }[]) => {
    const source = holderOf(files, base);
    const { model } = entries[at]!;
    const path = [...base, at, 'model'];
    warnOfUnknown(model, { names, findings, source, path, what: 'shapes' });
    for (const other of others) warnOfUnknown(other.model, { names, findings, source, path: other.path, what: 'sends calls to' });
    if (!source || isFirst(entries, at)) return;
    findings.warnings.push(note(source, path, 'other', pathText(path), 'is the model of an entry above, which holds'));
  };

  experiments.forEach(({ arms }, at) => {
    const base = ['sluice_settings', 'routing', 'experiments'];
    check(
      experiments,
      at,
      base,
      arms.map(({ model }, index) => ({ model, path: [...base, at, 'arms', index, 'model'] })),
    );
  });
  ladders.forEach(({ steps }, at) => {
    const base = ['sluice_settings', 'routing', 'ladders'];
    check(
      ladders,
      at,
      base,
      steps.map(({ model }, index) => ({ model, path: [...base, at, 'steps', index, 'model'] })),
    );
  });
  return {
    experiments: experiments.filter((_, at) => isFirst(experiments, at)).map(experimentOf),
    ladders: ladders.filter((_, at) => isFirst(ladders, at)).map(ladderOf),
  };
};

const isFirst = (entries: readonly { model: string }[], at: number): boolean =>
  entries.findIndex(({ model }) => model === entries[at]!.model) === at;

const experimentOf = ({ name, model, sticky_by: stickyBy = 'session', arms }: ExperimentEntry): Experiment => ({
  name,
  model,
  stickyBy,
  // An arm of 0 % is one that waits for its turn.
  arms: arms.filter(({ percent }) => percent > 0).map((arm) => ({ name: arm.name ?? arm.model, model: arm.model, percent: arm.percent })),
});

const ladderOf = ({ model, steps }: LadderEntry): Ladder => ({
  model,
  steps: steps.map(({ model: name, when }) => ({
    model: name,
    when: defined({
      openCalls: when.open_calls,
      failureShare: when.failure_share,
      firstOutputP95Ms: when.first_output_p95_ms,
      queueLength: when.queue_length,
      budgetShare: when.budget_share,
    }),
  })),
});
