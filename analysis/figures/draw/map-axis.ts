// The axis of a map or of a line: swept values in drawing order, where they are drawn, and their ticks.

import type { FigureAxis, ScaleKind } from '../../../core/contracts/figure.js';
import type { Json } from '../../../core/contracts/json.js';
import { type AxisValuesDrawn, drawnAt, swept } from '../../../core/figures/sources.js';
import { cellEdges } from './edges.js';
import { formatNumber } from './format.js';
import { gridTicks } from './grid-ticks.js';
import type { Tick } from './ticks.js';
import { inWords, withUnit } from './words.js';

/** An axis in drawing order, ascending. */
export interface MapAxis {
  readonly label: string;
  readonly scale: ScaleKind;
  /** Values as in the scenario. */
  readonly values: readonly Json[];
  /** Where they are drawn: after `inverse` and `divideBy`; 0, 1, 2 ... for values that are not numbers. */
  readonly positions: readonly number[];
  /** Ends of the cells, one more than there are positions. */
  readonly edges: readonly number[];
  readonly ticks: readonly Tick[];
}

/** What an axis says of itself: `1 / initial width`, `learning rate / batch size`. */
export function axisLabel(declared: FigureAxis, unit?: string): string {
  const { label, axis, inverse, divideBy } = declared;
  if (label !== undefined) return label;
  const name = inverse ? `1 / ${inWords(axis)}` : inWords(axis);
  if (divideBy === undefined) return inverse ? name : withUnit(name, unit);
  return `${name} / ${typeof divideBy === 'number' ? formatNumber(divideBy) : inWords(divideBy)}`;
}

export function mapAxis(declared: FigureAxis, { values, divisors, unit }: AxisValuesDrawn): MapAxis {
  const label = axisLabel(declared, unit);
  const numbers = values.map((value) => swept(declared, value));
  if (!numbers.every((number) => number !== undefined)) {
    const positions = values.map((_, i) => i);
    const ticks = values.map((value, i) => ({
      value: i,
      label: typeof value === 'string' ? value : JSON.stringify(value),
    }));
    return { label, scale: 'linear', values, positions, edges: cellEdges(positions, 'linear'), ticks };
  }
  const placed = values
    .map((value, i) => ({ value, position: drawnAt(declared, numbers[i], divisors[i]) }))
    .sort((a, b) => a.position - b.position);
  const positions = placed.map(({ position }) => position);
  const scale = declared.scale ?? (positions[0] > 0 ? 'log' : 'linear');
  const edges = cellEdges(positions, scale);
  return {
    label,
    scale,
    values: placed.map(({ value }) => value),
    positions,
    edges,
    ticks: gridTicks(positions, scale),
  };
}
