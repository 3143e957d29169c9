// What figures draw from, and how a declaration's words are found in it: channels by the name of their observer or of
// its component, sweep axes by path, divisors by number or path.

import type { FigureAxis } from '../contracts/figure.js';
import type { Json } from '../contracts/json.js';
import type { ChannelRecord } from '../engine/run.js';
import { EigenflowError, suggest } from '../errors.js';

/** The values of a sweep axis, with the divisor of each. */
export interface AxisValuesDrawn {
  readonly values: readonly Json[];
  readonly divisors: readonly number[];
  /** Of the swept values. */
  readonly unit?: string;
}

/** What an axis draws of a swept value, if that is a number. */
export function swept({ entry }: FigureAxis, value: Json): number | undefined {
  const shown = entry === undefined ? value : Array.isArray(value) ? value[entry] : undefined;
  return typeof shown === 'number' ? shown : undefined;
}

/** Where a number of the sweep is drawn. */
export const drawnAt = ({ inverse }: FigureAxis, value: number, divisor: number) =>
  (inverse ? 1 / value : value) / divisor;

export interface GroundAxis {
  readonly name: string;
  readonly values: readonly Json[];
  readonly unit?: string;
  /** Axes of one group vary together. */
  readonly group: number;
}

/** A manifest of results has all of it. */
export interface FigureGround {
  readonly axes: readonly GroundAxis[];
  readonly channels: Readonly<Record<string, ChannelRecord>>;
  /** Frames of every channel, as far as they are known before the runs are read; where runs differ, the most. */
  readonly frameCounts?: Readonly<Record<string, number>>;
  readonly seeds: number;
  /** Labels of every classifier whose verdicts there are, by its name. */
  readonly classifiers: Readonly<Record<string, readonly string[]>>;
  /** Where divisors are looked up. */
  readonly scenario: { readonly classifier?: { readonly use: string } };
}

export type Where = Readonly<Record<string, Json>>;

export function figureError(path: string, message: string): EigenflowError {
  return new EigenflowError('scenario', path, message);
}

/** The channel of this name, or the first whose observer is the named component. */
export function findChannel(name: string, { channels }: FigureGround): string | undefined {
  if (Object.hasOwn(channels, name)) return name;
  return Object.keys(channels).find((channel) => componentName(channel, channels[channel]) === name);
}

/** @throws EigenflowError `scenario` with the nearest name and what is measured */
export function resolveChannel(name: string, path: string, ground: FigureGround): string {
  const found = findChannel(name, ground);
  if (found !== undefined) return found;
  const known = Object.keys(ground.channels);
  const measured = `The observers measure: ${known.join(', ') || 'nothing'}`;
  throw figureError(path, `no channel called "${name}"${suggest(name, known)}. ${measured}`);
}

const componentName = (channel: string, { component }: ChannelRecord) =>
  `${component}.${channel.slice(channel.indexOf('.') + 1)}`;

/** @throws EigenflowError `scenario` with the nearest name and what is swept */
export function resolveAxis(name: string, path: string, { axes }: FigureGround): GroundAxis {
  const axis = axes.find((candidate) => candidate.name === name);
  if (axis !== undefined) return axis;
  const names = axes.map((candidate) => candidate.name);
  throw figureError(
    path,
    `no sweep axis called "${name}"${suggest(name, names)}. Swept: ${names.join(', ') || 'nothing'}`,
  );
}

/** @param runs whose frames they are, such as `run X has`; those of a whole run */
export function noSuchFrame(path: string, frame: number, runs: string, frames: number): EigenflowError {
  const there =
    frames === 0 ? 'no frames' : frames === 1 ? '1 frame, number 0' : `${frames} frames, 0 to ${frames - 1}`;
  return figureError(path, `there is no frame ${frame}: ${runs} ${there}; leave \`frame\` out for the last one`);
}

/**
 * The values of an axis that `where` leaves, with the divisor of each.
 *
 * @throws EigenflowError `scenario` when the axis is not swept, a divisor is not a number, or two values coincide
 */
export function drawnValues(
  declared: FigureAxis,
  path: string,
  ground: FigureGround,
  where: Where = {},
): AxisValuesDrawn {
  const axis = resolveAxis(declared.axis, `${path}.axis`, ground);
  const divisor = divisorOf(declared.divideBy ?? 1, axis, `${path}.divideBy`, ground, where);
  // Axes that vary together have a value each at every place, and `where` may fix any of them.
  const together = ground.axes.filter(({ group, name }) => group === axis.group && name in where);
  const kept = axis.values
    .map((value, i) => ({ value, divisor: divisor(i), place: i }))
    .filter(({ place }) => together.every(({ name, values }) => sameJson(values[place], where[name])));
  const places = kept.map(({ value, divisor: by }) => {
    const number = swept(declared, value);
    return number === undefined ? value : number / by;
  });
  if (new Set(places).size < places.length) {
    throw figureError(
      path,
      `two values of ${declared.axis} are drawn at the same place; choose another axis or divisor`,
    );
  }
  return { values: kept.map(({ value }) => value), divisors: kept.map((each) => each.divisor), unit: axis.unit };
}

/** The name of a classifier whose verdicts there are; by default that of the scenario. */
export function findClassifier(
  classifier: string | undefined,
  { classifiers, scenario }: FigureGround,
): string | undefined {
  const name = classifier ?? scenario.classifier?.use;
  return name !== undefined && Object.hasOwn(classifiers, name) ? name : undefined;
}

/**
 * The name and the labels of a classifier, by default that of the scenario.
 *
 * @throws EigenflowError `scenario` when there are no verdicts of it
 */
export function resolveClassifier(
  classifier: string | undefined,
  path: string,
  ground: FigureGround,
): { readonly name: string; readonly labels: readonly string[] } {
  const name = findClassifier(classifier, ground);
  if (name !== undefined) return { name, labels: ground.classifiers[name] };
  const known = Object.keys(ground.classifiers);
  const others = `; there are verdicts of: ${known.join(', ') || 'none'}`;
  const wanted = classifier ?? ground.scenario.classifier?.use;
  if (wanted === undefined) throw figureError(path, `is missing: the scenario has no classifier of its own${others}`);
  throw figureError(path, `no verdicts of "${wanted}"${suggest(wanted, known)}${others}`);
}

function divisorOf(
  divideBy: number | string,
  axis: GroundAxis,
  path: string,
  ground: FigureGround,
  where: Where,
): (index: number) => number {
  const positive = (value: unknown): number => {
    if (typeof value === 'number' && value !== 0 && Number.isFinite(value)) return value;
    throw figureError(path, `${JSON.stringify(divideBy)} is not a number in the scenario; give the number itself`);
  };
  if (typeof divideBy === 'number') return () => positive(divideBy);
  const swept = ground.axes.find(({ name }) => name === divideBy);
  if (swept === undefined) {
    const value = positive(valueAt(ground.scenario, divideBy));
    return () => value;
  }
  if (swept.group === axis.group) return (index) => positive(swept.values[index]);
  if (divideBy in where) return () => positive(where[divideBy]);
  if (swept.values.length === 1) return () => positive(swept.values[0]);
  throw figureError(path, `${divideBy} varies on an axis of its own; fix it with \`where\``);
}

function valueAt(root: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), root);
}

export const sameJson = (a: Json | undefined, b: Json | undefined) =>
  a === b || JSON.stringify(a) === JSON.stringify(b);
