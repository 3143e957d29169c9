// Ticks of an axis of measured values: powers of ten, or round numbers. Those of swept values are in grid-ticks.ts.

import type { ScaleKind } from '../../../core/contracts/figure.js';
import { log10, power } from '../../../core/kernels/elementary.js';
import { formatAlike, superscript } from './format.js';

export interface Tick {
  readonly value: number;
  readonly label: string;
}

/**
 * None where an end is not finite, or not positive on a log scale.
 *
 * @param high above `low`
 * @param most ticks wanted
 */
export function chooseTicks(low: number, high: number, scale: ScaleKind, most = 7): Tick[] {
  // Counting up to such an end would never stop.
  if (!Number.isFinite(low) || !Number.isFinite(high) || (scale === 'log' && !(low > 0))) return [];
  if (scale === 'linear') return linearTicks(low, high, most);
  const powers = powerTicks(low, high, most);
  // Less than about two decades: powers of ten alone would leave the axis bare.
  return powers.length >= 3 ? powers : decadeTicks(low, high);
}

function powerTicks(low: number, high: number, most: number): Tick[] {
  // Edges are computed: an exponent that misses a power by rounding still counts as reached.
  const first = Math.ceil(log10(low) - 1e-9);
  const last = Math.floor(log10(high) + 1e-9);
  const stride = Math.max(1, Math.ceil((last - first + 1) / most));
  const ticks: Tick[] = [];
  for (let exponent = Math.ceil(first / stride) * stride; exponent <= last; exponent += stride) {
    ticks.push({ value: power(10, exponent), label: `10${superscript(exponent)}` });
  }
  return ticks;
}

/** 1, 2 and 5 times powers of ten. */
function decadeTicks(low: number, high: number): Tick[] {
  const values: number[] = [];
  for (let exponent = Math.floor(log10(low)); exponent <= log10(high); exponent++) {
    for (const digit of [1, 2, 5]) {
      // Read back from decimal notation: 2 * 10 ** -5 is not the double closest to 2e-5.
      const value = Number(`${digit}e${exponent}`);
      if (value >= low && value <= high) values.push(value);
    }
  }
  return values.length >= 2 ? labelled(values) : linearTicks(low, high, 4);
}

function linearTicks(low: number, high: number, most: number): Tick[] {
  const span = high - low;
  if (!(span > 0)) return labelled([low]);
  const magnitude = Math.floor(log10(span / most));
  const step = [1, 2, 5, 10].map((digit) => digit * power(10, magnitude)).find((size) => span / size <= most) ?? span;
  const first = Math.ceil(low / step - 1e-9);
  const values = new Set<number>();
  // Counted: next to large numbers a step may be lost in rounding, and no sum of steps would reach the end.
  for (let i = 0; i <= most && (first + i) * step <= high + step * 1e-9; i++) {
    values.add(Number(((first + i) * step).toPrecision(12)));
  }
  return labelled([...values], step);
}

function labelled(values: readonly number[], step?: number): Tick[] {
  const labels = formatAlike(values, step);
  return values.map((value, i) => ({ value, label: labels[i] }));
}
