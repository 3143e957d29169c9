// What a phase map says of one setting, what it does not, and what would change it.
import type { Banded } from '../contracts/classifier.js';
import { log } from '../elementary.js';
import type { Json } from '../parameters/check.js';
import { type Band, bandsOf, type Coordinate, type Exit, exitOf, widestOf } from './lines.js';
import { temperatureOf } from './map-data.js';
import { type NetworkDifference, type NetworkModel, networkDifferences } from './network.js';
import type { ReadableMap, Setting } from './reading.js';

export interface Question {
  readonly learningRate: number;
  readonly batchSize: number;
  readonly initialWidth: number;
  /** Parameters of the network that differ from the map's, or may. */
  readonly model: Readonly<Record<string, Json>>;
  /** Default: the first label of the legend, the phase in which a network learns. */
  readonly safe?: string;
  /** Probability from which a setting is called safe. Default 0.9. */
  readonly confidence?: number;
}

/** Why no number is given. */
export type Refusal = 'other network' | 'other batch size' | 'outside the map' | 'undecided';

/** A setting nearby that is safe. */
export interface Change {
  readonly of: Coordinate;
  /** Value at which the probability comes up to the confidence. */
  readonly to: number;
  readonly factor: number;
}

export interface Advice {
  readonly question: Question;
  readonly setting: Setting;
  readonly safe: string;
  readonly confidence: number;
  /** Undefined when the map answers. */
  readonly refusal: Refusal | undefined;
  /** For 'other network': parameter, the map's value and the asked one. */
  readonly differences: readonly NetworkDifference[];
  /** The most probable label; of an undecided setting, of what the map can say at all. */
  readonly label: string | undefined;
  readonly probabilities: Readonly<Record<string, Banded>> | undefined;
  readonly certainty: number;
  /** Labels that may be the most probable one, where the map does not decide. */
  readonly candidates: readonly string[];
  readonly exits: readonly Exit[];
  /** The widest stretch of T that is safe at this width. */
  readonly safeBand: Band | undefined;
  /** Smallest changes that make the setting safe, nearest first; empty where it is. */
  readonly changes: readonly Change[];
  /** For 'other batch size': what the map says at the same T, and at the same learning rate. */
  readonly bracket: { readonly sameTemperature: string | undefined; readonly sameRate: string | undefined } | undefined;
}

const COORDINATES: readonly Coordinate[] = ['temperature', 'initialWidth'];

function changesOf(map: ReadableMap, setting: Setting, safe: string, confidence: number): Change[] {
  return COORDINATES.flatMap((of) => {
    const bands = bandsOf(map, setting, safe, of, confidence);
    const here = setting[of];
    return bands
      .map(({ low, high }) => (here < low ? low : high))
      .map((to) => ({ of, to, factor: to / here }))
      .sort((a, b) => Math.abs(log(a.factor)) - Math.abs(log(b.factor)))
      .slice(0, 1);
  }).sort((a, b) => Math.abs(log(a.factor)) - Math.abs(log(b.factor)));
}

/** What the map says without numbers: a label where it decides, else nothing. */
function labelAt(map: ReadableMap, setting: Setting): string | undefined {
  if (!map.contains(setting)) return undefined;
  const { label, isDecided } = map.read(setting);
  return isDecided ? label : undefined;
}

/** Labels that have more than one chance in twenty to be the most probable one come into question. */
const CANDIDATE = 0.05;

/**
 * The phase of a setting by a map with its probability, how far it is to where that phase ends, and the nearest changes
 * that make it safe. `refusal` says why there is no phase: another network or batch size than that of the map, a setting
 * outside it, or one at which it does not decide.
 *
 * @param models whose parameters are known, to compare networks by what they mean
 * @throws EigenflowError `parameter` or `component` when the question names no network
 */
export function advise(map: ReadableMap, question: Question, models: readonly NetworkModel[] = []): Advice {
  const { safe = map.data.labels[0], confidence = 0.9, batchSize, learningRate, initialWidth } = question;
  const setting = { initialWidth, temperature: temperatureOf(learningRate, batchSize) };
  const nothing = {
    question,
    setting,
    safe,
    confidence,
    differences: [],
    label: undefined,
    probabilities: undefined,
    certainty: Number.NaN,
    candidates: [],
    exits: [],
    safeBand: undefined,
    changes: [],
    bracket: undefined,
  };
  const differences = networkDifferences(map.data.conditions.model, question.model, models);
  if (differences.length > 0) return { ...nothing, refusal: 'other network', differences };
  const mapBatch = map.data.conditions.batchSize;
  if (batchSize !== mapBatch) {
    const bracket = {
      sameTemperature: labelAt(map, setting),
      sameRate: labelAt(map, { initialWidth, temperature: temperatureOf(learningRate, mapBatch) }),
    };
    return { ...nothing, refusal: 'other batch size', bracket };
  }
  if (!map.contains(setting)) return { ...nothing, refusal: 'outside the map' };
  const { probabilities, label, certainty, isDecided, leading } = map.read(setting);
  const common = {
    ...nothing,
    certainty,
    safeBand: widestOf(bandsOf(map, setting, safe, 'temperature', confidence)),
    changes: probabilities[safe]?.value >= confidence ? [] : changesOf(map, setting, safe, confidence),
  };
  if (!isDecided) {
    return { ...common, refusal: 'undecided', candidates: map.labels.filter((name) => leading[name] > CANDIDATE) };
  }
  const exits = COORDINATES.flatMap((along) =>
    ([-1, 1] as const).map((direction) => exitOf(map, setting, label, along, direction)),
  );
  return { ...common, refusal: undefined, label, probabilities, candidates: [label], exits };
}
