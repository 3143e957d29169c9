// The grid of a sweep: axes with their values, which of them vary together, and the cells that this makes.
import { EigenflowError, suggest } from '../errors.js';
import { type Json, show } from '../parameters/check.js';
import { power } from '../power.js';
import type { AxisValues, Scenario, Sweep } from './scenario.js';

export interface Axis {
  /** Path of the value that varies. */
  readonly name: string;
  readonly values: readonly Json[];
  /** Axes of the same group vary together and have the same number of values. */
  readonly group: number;
}

export interface Grid {
  readonly axes: readonly Axis[];
  readonly seeds: number;
  readonly independent: boolean;
  /** Axis values of every cell, first axis slowest. One empty cell when nothing is swept. */
  readonly cells: readonly Readonly<Record<string, Json>>[];
}

/** Cells times seeds: far above any sweep; what its description takes in memory is some gigabytes. */
export const MOST_RUNS = 1e6;

const fail = (path: string, message: string) => new EigenflowError('scenario', path, message);

function rangeEnds(path: string, range: unknown, count: unknown): [number, number, number] {
  const ends = Array.isArray(range) ? range : [];
  if (ends.length !== 2 || !ends.every((end) => typeof end === 'number' && Number.isFinite(end))) {
    throw fail(path, `expected [first, last] as finite numbers, found ${show(range)}`);
  }
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1) {
    throw fail(path, `count must be a whole number of at least 1, found ${show(count)}`);
  }
  if (count > MOST_RUNS) throw fail(path, `${count} values are too many; a sweep has at most ${MOST_RUNS} runs`);
  return [ends[0], ends[1], count];
}

/** Powers of two come out exact: 0.125 ... 256 in 12 values is 2^-3 ... 2^8 without rounding. */
function geometric(first: number, last: number, count: number): number[] {
  if (count === 1) return [first];
  const exponent = Math.log2(last / first) / (count - 1);
  const ratio = Math.abs(exponent - Math.round(exponent)) < 1e-12 ? 2 ** Math.round(exponent) : 0;
  return Array.from({ length: count }, (_, i) => {
    if (i === count - 1) return last;
    return ratio > 0 ? first * power(ratio, i) : Number((first * power(last / first, i / (count - 1))).toPrecision(15));
  });
}

function axisValues(path: string, values: AxisValues): readonly Json[] {
  if (Array.isArray(values)) {
    if (values.length === 0) throw fail(path, 'the axis is empty; give at least one value');
    const bad = values.find((value) => typeof value === 'number' && !Number.isFinite(value));
    if (bad !== undefined) throw fail(path, `the axis holds ${show(bad)}; values must be finite`);
    return values;
  }
  if (typeof values === 'object' && values !== null) {
    const range = values as { geometric?: unknown; linear?: unknown; count?: unknown };
    if ('geometric' in range) {
      const [first, last, count] = rangeEnds(`${path}.geometric`, range.geometric, range.count);
      if (!(first * last > 0)) throw fail(`${path}.geometric`, 'both ends must be positive, or both negative');
      return geometric(first, last, count);
    }
    if ('linear' in range) {
      const [first, last, count] = rangeEnds(`${path}.linear`, range.linear, range.count);
      if (count === 1) return [first];
      return Array.from({ length: count }, (_, i) => first + ((last - first) * i) / (count - 1));
    }
  }
  throw fail(
    path,
    `expected a list, { geometric: [first, last], count } or { linear: [first, last], count }, found ${show(values)}`,
  );
}

/** The groups that `zip` names, each a list of axis paths; adds axes that are given inside `zip`. */
function zipGroups(zip: NonNullable<Sweep['zip']>, values: Map<string, readonly Json[]>): string[][] {
  if (!Array.isArray(zip)) throw fail('sweep.zip', 'expected a list of axis paths, or a list of such lists');
  const entries: readonly unknown[] = zip.every((entry) => typeof entry === 'string') && zip.length > 0 ? [zip] : zip;
  return entries.map((entry, i) => {
    const path = `sweep.zip[${i}]`;
    let names: string[];
    if (Array.isArray(entry) && entry.every((name) => typeof name === 'string')) {
      names = [...entry];
    } else if (typeof entry === 'object' && entry !== null && !Array.isArray(entry)) {
      names = Object.keys(entry);
      for (const name of names) {
        if (values.has(name)) throw fail(`${path}.${name}`, 'this axis is also listed under sweep.axes; keep one');
        values.set(name, axisValues(`${path}.${name}`, (entry as Record<string, AxisValues>)[name]));
      }
    } else {
      throw fail(path, `expected axis paths, or { path: values }, found ${show(entry)}`);
    }
    if (names.length < 2) throw fail(path, 'needs at least two axes that vary together');
    for (const name of names) {
      const known = [...values.keys()];
      if (!values.has(name)) throw fail(path, `there is no axis "${name}"${suggest(name, known)}`);
    }
    return names;
  });
}

function groupAxes(sweep: Sweep): Axis[] {
  const values = new Map<string, readonly Json[]>();
  for (const [name, axis] of Object.entries(sweep.axes ?? {})) values.set(name, axisValues(`sweep.axes.${name}`, axis));
  const groups = sweep.zip ? zipGroups(sweep.zip, values) : [];
  const groupOf = new Map<string, number>();
  groups.forEach((names, group) => {
    for (const name of names) {
      if (groupOf.has(name)) throw fail(`sweep.zip[${group}]`, `the axis ${name} is in two groups`);
      groupOf.set(name, group);
      const [first] = names;
      const expected = values.get(first)?.length;
      const found = values.get(name)?.length;
      if (found !== expected) {
        throw fail(
          `sweep.zip[${group}]`,
          `zipped axes need the same number of values: ${first} has ${expected}, ${name} has ${found}`,
        );
      }
    }
  });
  // Groups are numbered in the order in which their first axis appears, so that the dataset keeps the user's order.
  const numbers = new Map<string, number>();
  return [...values].map(([name, list]) => {
    const key = groupOf.has(name) ? `zip ${groupOf.get(name)}` : `axis ${name}`;
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return { name, values: list, group: numbers.get(key) as number };
  });
}

/** A grid before its cells are laid out. @throws EigenflowError `scenario` naming the axis. */
export function readSweep(sweep: Sweep = {}): Omit<Grid, 'cells'> {
  const { seeds = 1 } = sweep;
  if (!Number.isSafeInteger(seeds) || seeds < 1) {
    throw fail('sweep.seeds', `expected a whole number of at least 1, found ${show(seeds)}`);
  }
  const axes = groupAxes(sweep);
  const lengths = new Map(axes.map(({ group, values }) => [group, values.length]));
  const runs = [...lengths.values()].reduce((product, length) => product * length, seeds);
  if (runs > MOST_RUNS) throw fail('sweep', `asks for ${runs} runs; at most ${MOST_RUNS} are possible`);
  return { axes, seeds, independent: sweep.independent ?? false };
}

/** @throws EigenflowError `scenario` naming the axis. */
export function expandSweep({ sweep }: Pick<Scenario, 'sweep'>): Grid {
  const { axes, ...rest } = readSweep(sweep);
  let cells: Record<string, Json>[] = [{}];
  const groups = Math.max(-1, ...axes.map((axis) => axis.group)) + 1;
  for (let group = 0; group < groups; group++) {
    const members = axes.filter((axis) => axis.group === group);
    const tuples = members[0].values.map((_, i) => JSON.stringify(members.map((axis) => axis.values[i])));
    const seen = new Set<string>();
    const twice = tuples.find((tuple) => seen.size === seen.add(tuple).size);
    if (twice !== undefined) {
      throw fail(`sweep.axes.${members.map((axis) => axis.name).join(', ')}`, `the value ${twice} is listed twice`);
    }
    cells = cells.flatMap((cell) =>
      members[0].values.map((_, i) => ({
        ...cell,
        ...Object.fromEntries(members.map((axis) => [axis.name, axis.values[i]])),
      })),
    );
  }
  return { axes, ...rest, cells };
}
