// What optimisers and noise models promise about a run that goes on: everything they remember is in their state
// vectors, and parameters that follow a schedule are read at every step.
import { EigenflowError } from '../errors.js';
import { checkParameters } from '../plugin/check-parameters.js';
import { type Check, ensure, sameBits } from './check.js';
import { type Subject, simulate } from './stage.js';

const SWITCH = 3;
const END = 8;

/** Another value that the schema allows. */
function anotherValue({ component, options }: Subject, name: string, value: number): number | undefined {
  return [value / 2, value * 2, value + 0.25, value + 1, value - 1].find((candidate) => {
    if (candidate === value) return false;
    try {
      checkParameters(component.name, { ...options.params, [name]: candidate }, component.params);
      return true;
    } catch (error) {
      if (error instanceof EigenflowError) return false;
      throw error;
    }
  });
}

/** One check for each schedulable parameter: weights after a run in which it changes at step 3. */
export function scheduleChecks(subject: Subject): readonly Check[] {
  const { component, options } = subject;
  const names = Object.entries(component.params ?? {}).flatMap(([name, parameter]) =>
    parameter.type === 'number' && parameter.schedulable ? [name] : [],
  );
  return names.map((name) => ({
    name: `follows a schedule of ${name}`,
    run() {
      const value = checkParameters(component.name, options.params ?? {}, component.params)[name];
      if (typeof value !== 'number') return;
      const other = anotherValue(subject, name, value);
      ensure(other !== undefined, `no second value of ${name} is allowed, so it cannot follow a schedule`);
      const constant = simulate(subject, 0).simulation;
      const pieces = [
        [0, value],
        [SWITCH, other],
      ];
      const scheduled = simulate(subject, 1, { [name]: { pieces } }).simulation;
      const agree = (until: number) => {
        constant.advance(until);
        scheduled.advance(until);
        return sameBits(constant.view.theta, scheduled.view.theta);
      };
      ensure(agree(SWITCH), `a schedule of ${name} changes the run before its value changes`);
      ensure(
        !agree(END),
        `the run does not notice that ${name} changes; read params.${name} at every step, not in create`,
      );
    },
  }));
}

/** Weights after a run that was broken off and taken up again. */
export function checkpointCheck(subject: Subject): Check {
  return {
    name: 'keeps everything it remembers in its state vectors',
    run() {
      const straight = simulate(subject, 0).simulation;
      straight.advance(SWITCH);
      const checkpoint = straight.capture();
      straight.advance(END);
      const resumed = simulate(subject, 1).simulation;
      resumed.restore(checkpoint);
      resumed.advance(END);
      ensure(
        sameBits(straight.view.theta, resumed.view.theta),
        'a run that goes on from a checkpoint ends at other weights: something is remembered outside the state vectors',
      );
    },
  };
}
