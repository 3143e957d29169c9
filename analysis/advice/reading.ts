// A phase map made continuous: what it says of any initial width, temperature, batch size and length of training inside
// its range.
import type { Banded } from '../../core/contracts/classifier.js';
import { EigenflowError } from '../../core/errors.js';
import { log2 } from '../../core/kernels/elementary.js';
import { calibrate, overInstanceSpreads, USUAL_LENGTH, usualSmoothness } from '../../core/phases/calibrate.js';
import type { Smoothness } from '../../core/phases/covariance.js';
import { sortObservations } from '../../core/phases/observations.js';
import { posteriorOf } from '../../core/phases/posterior.js';
import { createSurface, type Surface } from '../../core/phases/prediction.js';
import { variance } from '../../core/statistics/estimate.js';
import { coversOf, type Range, type Slice, within } from './covers.js';
import { type MapData, type MapRun, type Setting, temperatureOf } from './map-data.js';

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
  /** Ascending. */
  readonly batchSizes: readonly number[];
  readonly lengths: readonly number[];
  /** Runs that have a label, settings that they are of, instances. */
  readonly runs: number;
  readonly settings: number;
  readonly instances: number;
  readonly smoothness: Smoothness;
  /** What the map spans at a batch size: between two of its own, what both span; undefined beyond them. */
  at(batchSize: number): Slice | undefined;
  contains(setting: Setting): boolean;
  read(setting: Setting): Reading;
  /** The same for a picture, which needs many: under the most probable spread of instances alone. */
  glance(setting: Setting): Reading;
  /**
   * Standard error of a sum of weighted probabilities, one of a label at each setting: what more runs of the map would
   * narrow, which neighbouring settings share.
   */
  errorOfSum(terms: readonly { readonly setting: Setting; readonly label: string; readonly weight: number }[]): number;
  /** Labels of the runs at exactly this setting, with their numbers. */
  counts(setting: Setting): Readonly<Record<string, number>>;
}

export const CERTAIN = 0.841344746068543;

const ascending = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);

export const settingOf = ({ initialWidth, learningRate, batchSize, length }: MapRun): Setting => ({
  initialWidth,
  temperature: temperatureOf(learningRate, batchSize),
  batchSize,
  length,
});

/** What varies in every map, then what does in this one; coordinates are in octaves. */
type Name = keyof Setting;
const ALWAYS: readonly Name[] = ['initialWidth', 'temperature'];

/**
 * A smoothness that was found on fewer coordinates, for a map that has another one since: its length is the usual one.
 */
function withLengths(smoothness: Smoothness, coordinates: number): Smoothness {
  const missing = Math.max(0, coordinates - smoothness.lengths.length);
  return {
    ...smoothness,
    lengths: [...smoothness.lengths, ...new Array<number>(missing).fill(USUAL_LENGTH)].slice(0, coordinates),
  };
}

/**
 * @param from where the search for the smoothness begins, if there is none yet
 * @param isQuick under one spread of instances alone: for what is told beside an answer
 * @throws EigenflowError `results` when there are not two settings with labelled runs
 */
export function openMap(data: MapData, isQuick = false, from?: Smoothness): ReadableMap {
  const labelled = data.runs.filter(({ label }) => label !== '');
  const labels = data.labels.filter((name) => labelled.some(({ label }) => label === name));
  // With one label alone the surface needs something for the others to be.
  const modelled = labels.length === 1 ? [...labels, ''] : labels;
  const instances = new Map<string, number>();
  for (const { instance } of labelled) if (!instances.has(instance)) instances.set(instance, instances.size);
  const batchSizes = ascending(labelled.map(({ batchSize }) => batchSize));
  const lengths = ascending(labelled.map(({ length }) => length));
  const names: readonly Name[] = [
    ...ALWAYS,
    ...(batchSizes.length > 1 ? (['batchSize'] as const) : []),
    ...(lengths.length > 1 ? (['length'] as const) : []),
  ];
  const octaves = (setting: Setting) => names.map((name) => log2(setting[name]));
  const observed = sortObservations(
    labelled.map((run) => ({
      at: octaves(settingOf(run)),
      instance: data.paired ? (instances.get(run.instance) as number) : 0,
      labels: modelled.map((name) => (name === run.label ? 1 : 0)),
    })),
    modelled.length,
  );
  if (observed.cells.length < 2) {
    throw new EigenflowError('results', data.source, 'holds labelled runs of one setting at most: no map');
  }
  const usual = usualSmoothness(names.length);
  const start = data.paired ? usual : { ...usual, instanceSpread: 0 };
  const posterior = data.smoothness
    ? posteriorOf(observed, withLengths(data.smoothness, names.length))
    : calibrate(observed, from ? withLengths(from, names.length) : start).posterior;
  const spreads = isQuick ? [{ posterior, weight: 1 }] : overInstanceSpreads(posterior);
  const surface = createSurface(spreads);
  const likely = spreads.reduce((best, other) => (other.weight > best.weight ? other : best));
  const quick = createSurface([{ ...likely, weight: 1 }]);
  const readFrom = ({ predict }: Surface, setting: Setting): Reading => {
    const { probabilities, leading } = predict(octaves(setting));
    const first = labels.reduce((best, _, k) => (probabilities[k].value > probabilities[best].value ? k : best), 0);
    return {
      probabilities: Object.fromEntries(labels.map((name, k) => [name, probabilities[k]])),
      label: labels[first],
      leading: Object.fromEntries(labels.map((name, k) => [name, leading[k]])),
      certainty: leading[first],
      isDecided: leading[first] >= CERTAIN,
    };
  };
  const covers = coversOf(labelled.map(settingOf));
  const contains = (setting: Setting) => {
    const slice = covers(setting.batchSize);
    return (
      slice !== undefined &&
      within(setting.initialWidth, slice.widths) &&
      within(setting.temperature, slice.temperatures) &&
      within(setting.length, slice.lengths)
    );
  };
  return {
    data,
    labels,
    batchSizes,
    lengths,
    runs: labelled.length,
    settings: observed.cells.length,
    instances: instances.size,
    smoothness: posterior.smoothness,
    at: covers,
    contains,
    read: (setting) => readFrom(surface, setting),
    glance: (setting) => readFrom(quick, setting),
    errorOfSum(terms) {
      const draws = surface.together(terms.map(({ setting }) => octaves(setting)));
      const sums = draws.map((shares) =>
        terms.reduce(
          (sum, { label, weight }, i) => sum + weight * (shares[i * modelled.length + modelled.indexOf(label)] ?? 0),
          0,
        ),
      );
      return Math.sqrt(variance(sums));
    },
    counts(setting) {
      const here = labelled.filter((run) => {
        const other = settingOf(run);
        return (Object.keys(setting) as Name[]).every((name) => within(setting[name], [other[name], other[name]]));
      });
      const pairs = labels.map((name) => [name, here.filter(({ label }) => label === name).length] as const);
      return Object.fromEntries(pairs.filter(([, n]) => n > 0));
    },
  };
}

export type { Range, Slice };
