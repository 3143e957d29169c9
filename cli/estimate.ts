// How long a study will take, measured on one of its own runs, and the refusal to start a long one by accident.
import { EigenflowError } from '../core/errors.js';
import { planAdaptive } from '../core/phases/plan.js';
import { isHeld } from '../node/files/held-files.js';
import { runPath } from '../node/results/results-folder.js';
import { stepsPerSecond } from '../node/study/run-cost.js';
import type { Study } from '../node/study/study.js';

export interface Estimate {
  readonly runs: number;
  readonly steps: number;
  /** Wall time of what is left; NaN when nothing had to be measured. */
  readonly hours: number;
}

/** Longer studies start with --yes only. */
const LONG_HOURS = 1;
/** Steps below which no machine takes long; measuring would cost more than it tells. */
const SHORT_STEPS = 2e9;

export async function estimateStudy(study: Study, out: string, workers: number): Promise<Estimate> {
  const { sweep, preflight } = study;
  const open = sweep.runs.filter((config) => !isHeld(out, runPath(out, config.id)));
  const { adaptive } = study.scenario.sweep ?? {};
  // Which runs an adaptive map will ask for is not known yet: those that are stored count as if it will.
  const wanted = adaptive ? planAdaptive(adaptive, sweep.grid).runs : sweep.runs.length;
  const left = Math.max(0, wanted - (sweep.runs.length - open.length));
  const steps = (left * preflight.totalSteps) / sweep.runs.length;
  const small = steps * Math.max(1, preflight.weights) < SHORT_STEPS * 512;
  const hours = small ? Number.NaN : steps / (await stepsPerSecond(study)) / Math.max(1, workers) / 3600;
  return { runs: left, steps, hours };
}

/** @throws EigenflowError `scenario` with the estimate, unless `asked` */
export function refuseUnlessAsked({ runs, steps, hours }: Estimate, asked: boolean): void {
  if (asked || !(hours > LONG_HOURS)) return;
  const time = hours < 48 ? `${hours.toFixed(1)} hours` : `${(hours / 24).toFixed(1)} days`;
  throw new EigenflowError(
    'scenario',
    '',
    `${runs} runs with ${steps.toExponential(2)} steps in all take about ${time} here. ` +
      'Start them with --yes; a stopped study goes on where it was when the same command is given again',
  );
}
