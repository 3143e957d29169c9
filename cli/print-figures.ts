// Says which figures were written and which were not; the scenario's own, when they are missing, make the command fail.
import type { DrawnFigures } from '../analysis/figures/figures.js';
import { print } from './print.js';

/** @param word before every path */
export function printFigures({ paths, left }: DrawnFigures, word = ''): void {
  for (const path of paths) print(`${word}${path}\n`);
  for (const { name, reason } of left) print(`not drawn: ${name}: ${reason}\n`);
  if (left.some(({ required }) => required)) process.exitCode = 1;
}
