// A phase map for the terminal, read between its cells, with the setting that is asked about.

import { coordinateOf, INITIAL_WIDTH, ratioName, type Setting } from '../analysis/advice/map-data.js';
import type { ReadableMap } from '../analysis/advice/reading.js';
import { formatNumber } from '../analysis/figures/draw/format.js';
import { labelColors, probableColor } from '../analysis/figures/draw/palette.js';
import { log, power } from '../core/kernels/elementary.js';
import { type ColorDepth, onColor } from './terminal-color.js';

const COLUMNS = 45;
const ROWS = 23;
const POINT = '@';
const UNDECIDED = '.';

/** Evenly spaced in the logarithm, both ends included. */
const spaced = ([low, high]: readonly [number, number], count: number) =>
  Array.from({ length: count }, (_, i) => low * power(high / low, i / (count - 1)));

/** Letters that tell the labels apart. */
function lettersOf(labels: readonly string[]): string[] {
  const taken = new Set<string>();
  return labels.map((label) => {
    const letter = [...label].find((one) => /[a-z]/.test(one) && !taken.has(one)) ?? '?';
    taken.add(letter);
    return letter;
  });
}

/**
 * Initial width falls to the right, as 1 / width rises in the published maps; another coordinate rises, and so does T
 * upwards.
 *
 * @param at the setting; its batch size and length of training are those of the picture
 * @param depth labels have the colours of phase maps, paler where they are less probable; with 1, letters alone
 * @returns lines that end with a newline; nothing at a batch size that the map does not span
 */
export function terminalPhases(map: ReadableMap, at: Setting, depth: ColorDepth): string {
  const slice = map.at(at.batchSize);
  if (!slice) return '';
  const { batchSize } = at;
  const length = Math.min(slice.lengths[1], Math.max(slice.lengths[0], at.length));
  const coordinate = coordinateOf(map.data);
  const isWidth = coordinate?.path === INITIAL_WIDTH.path;
  const rising = spaced(slice.widths, COLUMNS);
  const widths = isWidth ? rising.reverse() : rising;
  const temperatures = spaced(slice.temperatures, ROWS).reverse();
  const letters = lettersOf(map.labels);
  const colors = labelColors(map.data.labels);
  const colored = (text: string, label: string, probability = 1) =>
    onColor(text, probableColor(colors.get(label) ?? '#ffffff', probability, map.data.labels.length), depth);
  const nearest = (values: readonly number[], value: number) =>
    values.reduce(
      (best, other, i) => (Math.abs(log(other / value)) < Math.abs(log(values[best] / value)) ? i : best),
      0,
    );
  const shown = map.contains(at) ? at : undefined;
  const point = shown && { row: nearest(temperatures, shown.temperature), column: nearest(widths, shown.initialWidth) };
  const lines = temperatures.map((temperature, row) => {
    const cells = widths.map((initialWidth, column) => {
      const { label, isDecided, probabilities } = map.glance({ initialWidth, temperature, batchSize, length });
      const k = map.labels.indexOf(label);
      const letter = probabilities[label].value >= 0.9 ? letters[k].toUpperCase() : letters[k];
      const mark = point?.row === row && point.column === column ? POINT : isDecided ? letter : UNDECIDED;
      return isDecided ? colored(mark, label, probabilities[label].value) : mark;
    });
    const label = row % 4 === 0 || row === ROWS - 1 ? formatNumber(Number(temperature.toPrecision(2))) : '';
    return `${label.padStart(7)} ${cells.join('')}`;
  });
  const [left, right] = coordinate
    ? [widths[0], widths[COLUMNS - 1]].map((width) => formatNumber(Number(width.toPrecision(6))))
    : ['', ''];
  const ratio = ratioName(map.data) === 'T' ? 'T = learning rate / batch size' : ratioName(map.data);
  const name = coordinate?.name ?? '';
  const middle = Math.floor((COLUMNS + name.length) / 2);
  const legend = map.labels.map((label, k) => `${colored(letters[k], label)} ${label}`).join(', ');
  return `${[
    `${ratio}, at batch size ${batchSize} after ${formatNumber(length)} ${map.data.conditions.lengthUnit}`,
    ...lines,
    `${' '.repeat(8)}${left}${name.padStart(middle - left.length).padEnd(COLUMNS - left.length - right.length)}${right}`,
    `${' '.repeat(8)}${legend}; capital: 0.9 or more, ${UNDECIDED} undecided${point ? `, ${POINT} this setting` : ''}`,
  ].join('\n')}\n`;
}
