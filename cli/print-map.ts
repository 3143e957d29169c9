// Prints the first map that a scenario declares, so that a run ends with something to look at.
import type { WriteStream } from 'node:tty';
import { openFigureData } from '../core/node/figures/figure-data.js';
import { readHeatMap } from '../core/node/figures/figure-tables.js';
import { terminalMap } from './terminal-map.js';

/** @param stream colour is used where it is a terminal with at least 24-bit colour */
export function printMap(folder: string, stream: WriteStream): void {
  const data = openFigureData(folder);
  const map = data.manifest.scenario.figures?.find((figure) => figure.kind === 'heat-map');
  if (map?.kind !== 'heat-map') return;
  const color = stream.isTTY === true && stream.getColorDepth() >= 24;
  stream.write(`\n${terminalMap(readHeatMap(data, map).table, { color })}\n`);
}
