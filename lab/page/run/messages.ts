// What is said of a run that has ended, in a sentence.
import type { RunState } from '../state.js';
import { grouped } from './speed.js';

const at = (step: number) => `at step ${grouped(step)}`;

/** @returns undefined while it goes on */
export function sayEnd(state: RunState, step: number, message: string): { name: string; text: string } | undefined {
  switch (state) {
    case 'completed':
      return { name: 'Completed', text: `${at(step)}` };
    case 'diverged':
      return {
        name: 'Diverged',
        text: `${at(step)}: the weights grew beyond every bound, so that there is no later state.`,
      };
    case 'saturated':
      return {
        name: 'Saturated',
        text: `${at(step)}: every activation is flat, the gradient is exactly zero at a loss above zero, and nothing can move.`,
      };
    case 'failed':
      return { name: 'Failed', text: message };
    default:
      return undefined;
  }
}
