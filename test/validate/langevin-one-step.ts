// One step of SGD enumerated over all samples, against the level equation: five instances at four widths.
import { oneStepErrors, openInstance } from '../physics/langevin/enumeration.js';
import { type Check, type Interval, median, NOT_NEGATIVE, type Validation } from './check.js';

const INSTANCES = [1, 2, 3, 4, 5];
const STEP = 1 / 256;

/** Limits for the median instance; the first is rounding, the others are the next order in the learning rate. */
const LIMITS = [
  { width: 0.125, sumRule: 1e-10, shift: 0.12, variance: 0.2 },
  { width: 0.5, sumRule: 2e-10, shift: 0.025, variance: 0.04 },
  { width: 1, sumRule: 1e-9, shift: 0.012, variance: 0.02 },
  { width: 4, sumRule: 2e-8, shift: 0.002, variance: 0.004 },
];

export const langevinOneStep: Validation = {
  title: 'One step of SGD against the level equation',
  source:
    'exact enumeration over 4000 samples, batch size 1, learning rate 1/256; two independent implementations had median ' +
    'instances with errors of 5 to 8, 1 to 2, 0.7 to 1 and 0.1 to 0.2 % in the mean shift. Medians over instances; an ' +
    'enumeration has no statistical error',
  async run() {
    return LIMITS.flatMap(({ width, sumRule, shift, variance }): Check[] => {
      const pairs = INSTANCES.map((seed) => {
        const instance = openInstance(seed, width);
        return { whole: oneStepErrors(instance, STEP), half: oneStepErrors(instance, STEP / 2) };
      });
      const check = (
        what: string,
        expected: number,
        values: readonly number[],
        tolerance: string,
        [accepted, precise]: readonly [Interval, boolean],
      ): Check => ({
        what: `${what}, width ${width}`,
        expected,
        measured: median(values),
        error: Number.NaN,
        n: values.length,
        tolerance,
        possible: NOT_NEGATIVE,
        accepted,
        precise,
        // Where 0 is expected, what is measured is an error relative to what is predicted.
        unit: expected || 1,
      });
      const below = (what: string, values: readonly number[], limit: number) =>
        check(what, 0, values, `below ${limit}`, [[0, limit], true]);
      const halves = (what: string, values: readonly number[]) =>
        check(what, 0.5, values, 'all within 0.4 to 0.6', [
          [0.4, 0.6],
          values.every((ratio) => ratio > 0.4 && ratio < 0.6),
        ]);
      return [
        below(
          'sum of mean shifts / (learning rate^2 tr C) - 1',
          pairs.map(({ whole }) => Math.abs(whole.sumRule)),
          sumRule,
        ),
        below(
          'error of the mean shift',
          pairs.map(({ whole }) => whole.shift),
          shift,
        ),
        below(
          'error of the variance',
          pairs.map(({ whole }) => whole.variance),
          variance,
        ),
        halves(
          'error of the mean shift at half the learning rate, ratio',
          pairs.map(({ whole, half }) => half.shift / whole.shift),
        ),
        halves(
          'error of the variance at half the learning rate, ratio',
          pairs.map(({ whole, half }) => half.variance / whole.variance),
        ),
      ];
    });
  },
};
