// The grid of a sweep: axes with their values, which of them vary together, and the cells that this makes.
import type { Axis } from '../contracts/classifier.js';
import type { Json } from '../contracts/json.js';
import type { JsonSchema } from '../contracts/json-schema.js';
import { show } from '../contracts/show.js';
import { EigenflowError, suggest } from '../errors.js';
import { log2, power } from '../kernels/elementary.js';
import { above, described, finite, isTree, object, oneOf, open, refine, text, tuple, whole } from '../schema/schema.js';

import type { AxisValues, ScaledValues, Scenario, Sweep } from './scenario.js';

export interface Grid {
  readonly axes: readonly Axis[];
  readonly seeds: number;
  readonly independent: boolean;
  /** Axis values of every cell, first axis slowest. One empty cell when nothing is swept. */
  readonly cells: readonly Readonly<Record<string, Json>>[];
}

/** Cells times seeds. A study is laid out before it begins: this many runs take seconds and some hundred megabytes. */
export const MOST_RUNS = 1e5;

const fail = (path: string, message: string) => new EigenflowError('scenario', path, message);

const ends = described(tuple('[first, last] as finite numbers', finite, finite), '[first, last]');
const endsOfOneSign = refine(
  ends,
  ([first, last]) => (first * last > 0 ? undefined : 'both ends must be positive, or both negative'),
  { anyOf: [{ items: { exclusiveMinimum: 0 } }, { items: { exclusiveMaximum: 0 } }] },
);
const count = refine(
  described(whole(1), 'how many values, both ends included'),
  (given) => (given > MOST_RUNS ? `${given} values are too many; a sweep has at most ${MOST_RUNS} runs` : undefined),
  { maximum: MOST_RUNS },
);
const GEOMETRIC = open({ geometric: endsOfOneSign, count });
const LINEAR = open({ linear: ends, count });

/** 15 digits: values of an axis are those that a person writes, 0.3 and not 0.30000000000000004. */
const DIGITS = 15;

/** The ends are those that were given. 15 digits are those of the larger end: what is left over near 0 is 0. */
function linear(first: number, last: number, count: number): number[] {
  const [, exponent] = Math.max(Math.abs(first), Math.abs(last)).toExponential().split('e');
  const decimals = DIGITS - 1 - Number(exponent);
  // Adding 0 makes a 0 of -0.
  const rounded = (value: number) => (decimals < 0 || decimals > 100 ? value : Number(value.toFixed(decimals)) + 0);
  return Array.from({ length: count }, (_, i) => {
    if (i === 0) return first;
    return i === count - 1 ? last : rounded(first + ((last - first) * i) / (count - 1));
  });
}

/** Powers of two come out exact: 0.125 ... 256 in 12 values is 2^-3 ... 2^8 without rounding. */
function geometric(first: number, last: number, count: number): number[] {
  if (count === 1) return [first];
  const exponent = log2(last / first) / (count - 1);
  const ratio = Math.abs(exponent - Math.round(exponent)) < 1e-12 ? 2 ** Math.round(exponent) : 0;
  return Array.from({ length: count }, (_, i) => {
    if (i === count - 1) return last;
    return ratio > 0
      ? first * power(ratio, i)
      : Number((first * power(last / first, i / (count - 1))).toPrecision(DIGITS));
  });
}

const SCALED = object('{ scaledWith: path, from: [its value, the value here], law: linear | square-root }', {
  scaledWith: described(text, 'path of an axis of the same group of zip'),
  from: described(
    tuple('[a value of that axis, the one that belongs to it here], both above 0', above(0), above(0)),
    '[a value of that axis, the one that belongs to it here]',
  ),
  law: described(oneOf('linear', 'square-root'), 'how the value follows'),
});

const isScaled = (values: unknown): values is ScaledValues => isTree(values) && 'scaledWith' in values;

/** Values that follow those of another axis. @param others the values of the axes of the same group */
function scaledValues(path: string, scaled: ScaledValues, others: ReadonlyMap<string, readonly Json[]>): number[] {
  SCALED.check(scaled, path);
  const { scaledWith, from, law } = scaled;
  const followed = others.get(scaledWith);
  if (!followed)
    throw fail(
      `${path}.scaledWith`,
      `there is no axis "${scaledWith}" beside it${suggest(scaledWith, [...others.keys()])}`,
    );
  return followed.map((value) => {
    if (typeof value !== 'number' || !(value > 0)) {
      throw fail(
        `${path}.scaledWith`,
        `${scaledWith} has the value ${show(value)}; only numbers above 0 can be followed`,
      );
    }
    const ratio = value / from[0];
    return Number((from[1] * (law === 'linear' ? ratio : Math.sqrt(ratio))).toPrecision(DIGITS));
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
    if ('geometric' in values) {
      GEOMETRIC.check(values, path);
      return geometric(...values.geometric, values.count);
    }
    if ('linear' in values) {
      LINEAR.check(values, path);
      return linear(...values.linear, values.count);
    }
  }
  if (isScaled(values)) {
    throw fail(path, `follows ${show(values.scaledWith)}; give both in one { path: values } of sweep.zip`);
  }
  throw fail(
    path,
    `expected a list, { geometric: [first, last], count } or { linear: [first, last], count }, found ${show(values)}`,
  );
}

/** What `axisValues` takes; values of a list look like this. */
export const axisSchema = (value: JsonSchema): JsonSchema => ({
  anyOf: [{ type: 'array', items: value, minItems: 1 }, GEOMETRIC.json, LINEAR.json, SCALED.json],
});

/** The groups of `zip`. @param axes what `{ path: values }` looks like */
export const zipSchema = (axes: JsonSchema): JsonSchema => {
  const paths = { type: 'array', items: { type: 'string' }, minItems: 2 };
  return { anyOf: [paths, { type: 'array', items: { anyOf: [paths, { ...axes, minProperties: 2 }] } }] };
};

export const SEEDS = whole(1);

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
      const given = entry as Record<string, AxisValues>;
      names = Object.keys(given);
      const own = new Map<string, readonly Json[]>();
      for (const name of [...names].sort((a, b) => Number(isScaled(given[a])) - Number(isScaled(given[b])))) {
        if (values.has(name)) throw fail(`${path}.${name}`, 'this axis is also listed under sweep.axes; keep one');
        const at = `${path}.${name}`;
        const one = given[name];
        own.set(name, isScaled(one) ? scaledValues(at, one, own) : axisValues(at, one));
      }
      for (const name of names) values.set(name, own.get(name) as readonly Json[]);
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
  SEEDS.check(seeds, 'sweep.seeds');
  const axes = groupAxes(sweep);
  const lengths = new Map(axes.map(({ group, values }) => [group, values.length]));
  const runs = [...lengths.values()].reduce((product, length) => product * length, seeds);
  if (runs > MOST_RUNS) {
    const remedy = 'take fewer values or seeds, or make several studies of it';
    throw fail('sweep', `asks for ${runs} runs; at most ${MOST_RUNS} are possible: ${remedy}`);
  }
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
