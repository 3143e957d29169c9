// Prints the first map that a scenario declares, so that a run ends with something to look at.
import type { WriteStream } from 'node:tty';
import { openFigureData } from '../core/node/figures/figure-data.js';
import { readHeatMap } from '../core/node/figures/figure-tables.js';
import { terminalMap } from './terminal-map.js';

/**
 * @param stream colour is used where it is a terminal with at least 24-bit colour
 * @param left figures that could not be drawn, so that they cannot be printed either
 */
export function printMap(folder: string, stream: WriteStream, left: readonly { readonly name: string }[]): void {
  const data = openFigureData(folder);
  const map = data.manifest.scenario.figures?.find(
    ({ kind, name }) => kind === 'heat-map' && !left.some((figure) => figure.name === name),
  );
  if (map?.kind !== 'heat-map') return;
  const color = stream.isTTY === true && stream.getColorDepth() >= 24;
  stream.write(`\n${terminalMap(readHeatMap(data, map).table, { color })}\n`);
}
