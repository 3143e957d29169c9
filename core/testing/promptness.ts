// What every part of a step promises: its work is done when it returns.
import type { Check } from './check.js';
import { type Subject, simulate } from './stage.js';

export function promptCheck(subject: Subject): Check {
  return {
    name: 'has done its work when it returns',
    run() {
      // The engine refuses whatever returns a promise.
      simulate(subject).simulation.advance(2);
    },
  };
}
