// Whether the dynamics of a comparison will be looked at at the same learning times, found out before the first step.

import type { DeclaredDynamics } from '../../core/engine/declared-dynamics.js';
import { inspect } from '../../core/engine/preflight.js';
import type { RunContext, RunManifest } from '../../core/engine/run.js';
import { EigenflowError } from '../../core/errors.js';
import type { ResolvedSweep } from '../../core/scenario/resolve.js';
import { describeOtherTime, firstOtherTime, isInWindow, isSameTime } from './learning-time.js';

/** What a dynamics will do, as far as it is known in advance. All its realisations do alike. */
export interface PlannedDynamics {
  readonly steps: number;
  /** Learning times of the frames of the levels. */
  readonly times: readonly number[];
  /** What its components declare at these frames. */
  readonly declared: readonly DeclaredDynamics[];
}

const fail = (path: string, message: string) => new EigenflowError('scenario', path, message);
const short = (value: number) => Number(value.toPrecision(6));

/**
 * @param levels the channel that is compared
 * @param name of the dynamics, as its reader knows it
 * @throws EigenflowError `scenario` when it makes no step
 */
export function planDynamics(
  { sweep, registry, memory, load }: RunContext & { readonly sweep: ResolvedSweep },
  levels: string,
  name: string,
): PlannedDynamics {
  const { steps, frameTimes, declaredAtFrames }: RunManifest = inspect(sweep.runs[0], { registry, memory, load });
  if (steps === 0) {
    throw fail(
      'time',
      `is less than half a step under ${name}: nothing would move; give a longer time or a smaller step`,
    );
  }
  const observer = levels.slice(0, levels.indexOf('.'));
  return { steps, times: frameTimes(observer), declared: declaredAtFrames(observer) };
}

/** "a step of 0.25 instead of 0.4" where steps do not divide the time between two frames. */
function betterStep({ steps, times }: PlannedDynamics, interval: number): string | undefined {
  const step = times[times.length - 1] / steps;
  const better = interval / Math.ceil(interval / step - 1e-9);
  return isSameTime(step, better) || !Number.isFinite(better)
    ? undefined
    : `a step of ${short(better)} instead of ${short(step)}`;
}

/**
 * @param levels the channel that is compared
 * @param time length of every run
 * @throws EigenflowError `scenario` when a frame of the surrogate falls at another time than that of the reference
 */
export function checkEqualTimes(
  reference: PlannedDynamics,
  surrogate: PlannedDynamics,
  { name, levels, time }: { readonly name: string; readonly levels: string; readonly time: number },
): void {
  const frame = firstOtherTime(reference.times, surrogate.times);
  if (frame < 0) return;
  // Where frames are evenly spaced, as most are. Steps that are too long leave frames out.
  const interval = time / (Math.max(reference.times.length, surrogate.times.length) - 1);
  const examples = [
    [name, betterStep(surrogate, interval)],
    ['SGD', betterStep(reference, interval)],
  ].flatMap(([of, step]) => (step === undefined ? [] : `${step} under ${of}`));
  throw fail(
    `compare.surrogates.${name}`,
    `levels are compared at equal learning times, but of ${levels} ` +
      `${describeOtherTime(frame, [reference.times, surrogate.times], name)}; give both observers the same \`when\` and ` +
      `both dynamics steps that divide the time between two frames${examples.length > 0 ? `, such as ${examples.join(' and ')}` : ''}`,
  );
}

/**
 * @param windows ends of the windows, ascending
 * @param time length of every run
 * @throws EigenflowError `scenario` for a window that reaches beyond the run, or in which nothing would be compared
 */
export function checkWindows(windows: readonly number[], time: number, { times }: PlannedDynamics): void {
  windows.forEach((to, i) => {
    const from = i === 0 ? 0 : windows[i - 1];
    const path = `compare.windows[${i}]`;
    if (!(to <= time || isSameTime(to, time))) {
      throw fail(path, `${to} is after the end of the run, which takes a learning time of ${time}`);
    }
    if (!times.some((t) => isInWindow(t, from, to))) {
      throw fail(path, `no frame of the levels lies between ${from} and ${to}; observe more often or take it away`);
    }
  });
}
