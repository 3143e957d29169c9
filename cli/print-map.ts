// Prints the first map that a scenario declares, so that a run ends with something to look at.
import { openFigureData } from '../analysis/figures/figure-data.js';
import { readHeatMap } from '../analysis/figures/figure-tables.js';
import { printPicture } from './print.js';
import { colorDepth } from './terminal-color.js';
import { terminalMap } from './terminal-map.js';

/**
 * In colour where the terminal has it.
 *
 * @param left figures that could not be drawn, so that they cannot be printed either
 */
export function printMap(folder: string, left: readonly { readonly name: string }[]): void {
  const data = openFigureData(folder);
  const map = data.manifest.scenario.figures?.find(
    ({ kind, name }) => kind === 'heat-map' && !left.some((figure) => figure.name === name),
  );
  if (map?.kind !== 'heat-map') return;
  printPicture(`\n${terminalMap(readHeatMap(data, map).table, { depth: colorDepth(process.stdout) })}\n`);
}
