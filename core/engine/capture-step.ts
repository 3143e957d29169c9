// A step as the kernel calls that it makes, with those of their numbers that are scheduled parameters.
import type { KernelCall, Kernels } from '../kernels/kernels.js';
import type { ScheduledParameter } from '../plugin/bind-parameters.js';

/** A number of a kernel call that follows a schedule. */
export interface ScheduledNumber {
  readonly parameter: ScheduledParameter;
  /** Which call of the step. */
  readonly call: number;
  /** Which of its numbers. */
  readonly place: number;
}

export interface CapturedStep {
  readonly calls: readonly KernelCall[];
  readonly scheduled: readonly ScheduledNumber[];
}

/** Values to try: both ends of the range, where a component may take another way, and one between. */
function trials({ range: [least, most], slot }: ScheduledParameter): number[] {
  return [least, most, least + (most - least) / 3].filter((value) => value !== slot[0]);
}

/** @returns the numbers that are `value` in `changed` and something else in `calls`; undefined where the calls differ in any other way */
function differences(
  calls: readonly KernelCall[],
  changed: readonly KernelCall[],
  value: number,
): Omit<ScheduledNumber, 'parameter'>[] | undefined {
  const found: Omit<ScheduledNumber, 'parameter'>[] = [];
  const sameKernels =
    calls.length === changed.length &&
    calls.every(({ name, numbers }, i) => name === changed[i].name && numbers.length === changed[i].numbers.length);
  if (!sameKernels) return undefined;
  for (const [call, { numbers }] of calls.entries()) {
    for (const [place, number] of numbers.entries()) {
      const now = changed[call].numbers[place];
      if (Object.is(now, number)) continue;
      if (now !== value) return undefined;
      found.push({ call, place });
    }
  }
  return found;
}

/**
 * Captures `step` as it is, and again with other values of each scheduled parameter: a number that takes just those values
 * is the parameter. Leaves the parameters as they were.
 *
 * @param step what a step calls; no kernel does anything meanwhile
 * @returns undefined where a parameter decides what is called, or is not handed to a kernel as it is
 */
export function captureStep(
  kernels: Kernels,
  step: () => void,
  parameters: readonly ScheduledParameter[],
): CapturedStep | undefined {
  const calls = kernels.record(step);
  const scheduled: ScheduledNumber[] = [];
  for (const parameter of parameters) {
    const { slot } = parameter;
    const [current] = slot;
    const seen = trials(parameter).map((value) => {
      slot[0] = value;
      return differences(calls, kernels.record(step), value);
    });
    slot[0] = current;
    const [first, ...others] = seen;
    const same = (other: typeof first) => JSON.stringify(other) === JSON.stringify(first);
    if (seen.includes(undefined) || !others.every(same)) return undefined;
    for (const number of first ?? []) scheduled.push({ parameter, ...number });
  }
  return { calls, scheduled };
}
