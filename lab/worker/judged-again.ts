// The label of a run that has just been computed again, by the classifier of its scenario.
import type { RunRecord } from '../../core/contracts/classifier.js';
import { createClassifier } from '../../core/engine/classifier.js';
import type { RunResult } from '../../core/engine/gather.js';
import type { Memory } from '../../core/kernels/arena.js';
import { parameterOf, type RunConfig } from '../../core/scenario/resolve.js';
import type { OpenStudy } from './study.js';

function recordOf(config: RunConfig, { status, steps, channels, series }: RunResult): RunRecord {
  const names = new Map<string, string>();
  for (const [name, { component }] of Object.entries(channels)) {
    const need = `${component}.${name.slice(name.indexOf('.') + 1)}`;
    if (!names.has(need)) names.set(need, name);
  }
  return {
    id: config.id,
    axes: config.axes,
    seed: config.seed,
    status,
    steps,
    parameter: (path) => parameterOf(config, path),
    series(need) {
      const found = series.get(names.get(need) ?? '');
      return found && found.step.length > 0 ? found : undefined;
    },
  };
}

/**
 * @returns '' where the classifier says nothing; undefined where the scenario has none, or one that needs all runs of the
 *   sweep to judge one
 */
export function judgeAgain(
  config: RunConfig,
  result: RunResult,
  { registry, load }: Pick<OpenStudy, 'registry' | 'load'>,
  memory: Memory,
): string | undefined {
  const classifier = createClassifier(config, registry, memory, load);
  if (classifier?.scope !== 'run') return undefined;
  return classifier.classify(recordOf(config, result)).label ?? '';
}
