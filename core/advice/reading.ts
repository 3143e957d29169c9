// A phase map made continuous: what it says of any initial width and temperature inside its range.
import type { Banded } from '../contracts/classifier.js';
import { log2 } from '../elementary.js';
import { EigenflowError } from '../errors.js';
import { calibrate, usualSmoothness } from '../phase-surface/calibrate.js';
import type { Smoothness } from '../phase-surface/kernel.js';
import { sortObservations } from '../phase-surface/observations.js';
import { posteriorOf } from '../phase-surface/posterior.js';
import { createSurface } from '../phase-surface/surface.js';
import { type MapData, temperatureOf } from './map-data.js';

export interface Setting {
  readonly initialWidth: number;
  /** T = learning rate / batch size. */
  readonly temperature: number;
}

export interface Reading {
  /** Of every label, in the order of the map; a label that no run has is left out. */
  readonly probabilities: Readonly<Record<string, Banded>>;
  readonly label: string;
  /** Probability of every label to be the most probable one. */
  readonly leading: Readonly<Record<string, number>>;
  /** That of `label`. */
  readonly certainty: number;
  /** Whether the map decides which label is the most probable one: certainty of at least 84 %, one standard error. */
  readonly isDecided: boolean;
}

export interface ReadableMap {
  readonly data: MapData;
  /** Labels that occur, in the order of the legend. */
  readonly labels: readonly string[];
  readonly widths: readonly [number, number];
  readonly temperatures: readonly [number, number];
  /** Runs that have a label, settings that they are of, instances. */
  readonly runs: number;
  readonly settings: number;
  readonly instances: number;
  readonly smoothness: Smoothness;
  contains(setting: Setting): boolean;
  read(setting: Setting): Reading;
}

export const CERTAIN = 0.841344746068543;

const octaves = ({ initialWidth, temperature }: Setting) => [log2(initialWidth), log2(temperature)];

/** Rounding of a value that was typed must not put it outside. */
const EDGE = 1e-9;

const rangeOf = (values: readonly number[]): [number, number] => [
  values.reduce((a, b) => Math.min(a, b)),
  values.reduce((a, b) => Math.max(a, b)),
];

const within = (value: number, [low, high]: readonly [number, number]) =>
  value >= low * (1 - EDGE) && value <= high * (1 + EDGE);

/** @throws EigenflowError `results` when there are not two settings with labelled runs */
export function openMap(data: MapData): ReadableMap {
  const { batchSize } = data.conditions;
  const labelled = data.runs.filter(({ label }) => label !== '');
  const labels = data.labels.filter((name) => labelled.some(({ label }) => label === name));
  // With one label alone the surface needs something for the others to be.
  const modelled = labels.length === 1 ? [...labels, ''] : labels;
  const instances = new Map<string, number>();
  for (const { instance } of labelled) if (!instances.has(instance)) instances.set(instance, instances.size);
  const observed = sortObservations(
    labelled.map(({ initialWidth, learningRate, instance, label }) => ({
      at: octaves({ initialWidth, temperature: temperatureOf(learningRate, batchSize) }),
      instance: data.paired ? (instances.get(instance) as number) : 0,
      labels: modelled.map((name) => (name === label ? 1 : 0)),
    })),
    modelled.length,
  );
  if (observed.cells.length < 2) {
    throw new EigenflowError('results', data.source, 'holds labelled runs of one setting at most: no map');
  }
  const usual = usualSmoothness(2);
  const start = data.paired ? usual : { ...usual, instanceSpread: 0 };
  const posterior = data.smoothness ? posteriorOf(observed, data.smoothness) : calibrate(observed, start).posterior;
  const surface = createSurface(posterior);
  const widths = rangeOf(labelled.map(({ initialWidth }) => initialWidth));
  const temperatures = rangeOf(labelled.map(({ learningRate }) => temperatureOf(learningRate, batchSize)));
  return {
    data,
    labels,
    widths,
    temperatures,
    runs: labelled.length,
    settings: observed.cells.length,
    instances: instances.size,
    smoothness: posterior.smoothness,
    contains: ({ initialWidth, temperature }) => within(initialWidth, widths) && within(temperature, temperatures),
    read(setting) {
      const { probabilities, leading } = surface.predict(octaves(setting));
      const first = labels.reduce((best, _, k) => (probabilities[k].value > probabilities[best].value ? k : best), 0);
      return {
        probabilities: Object.fromEntries(labels.map((name, k) => [name, probabilities[k]])),
        label: labels[first],
        leading: Object.fromEntries(labels.map((name, k) => [name, leading[k]])),
        certainty: leading[first],
        isDecided: leading[first] >= CERTAIN,
      };
    },
  };
}
