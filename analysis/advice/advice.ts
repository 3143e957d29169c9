// What a phase map says of one setting, what it does not, and what would change it.
import type { Banded } from '../../core/contracts/classifier.js';
import type { Json } from '../../core/contracts/json.js';
import { log } from '../../core/kernels/elementary.js';
import {
  AS_IT_IS,
  type Definition,
  type Objection,
  type OtherAnswer,
  objections,
  objectionsAlong,
  otherAnswers,
} from './definitions.js';
import { type Band, bandsOf, type Coordinate, type Exit, exitOf, widestOf } from './lines.js';
import type { Setting } from './map-data.js';
import { coordinateOf, temperatureOf } from './map-data.js';
import { type NetworkDifference, type NetworkModel, networkDifferences } from './network.js';
import type { ReadableMap } from './reading.js';

export interface Question {
  readonly learningRate: number;
  readonly batchSize: number;
  /** The value on the coordinate of the map, see `Setting`. */
  readonly initialWidth: number;
  /** Length of training in the unit of the map. Default: the longest that the map has at this batch size. */
  readonly length?: number;
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
  /** Other definitions of the phases that do not call it safe. */
  readonly objections: readonly Objection[];
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
  /** Other definitions of the phases that do not call all of it safe. */
  readonly bandObjections: readonly Objection[];
  /** Smallest changes that make the setting safe, nearest first; empty where it is. */
  readonly changes: readonly Change[];
  /** For 'other batch size': what the nearest batch size of the map has at the same T, and at the same learning rate. */
  readonly bracket:
    | {
        readonly batchSize: number;
        readonly sameTemperature: string | undefined;
        readonly sameRate: string | undefined;
      }
    | undefined;
  /** What other definitions of the phases say of the setting. */
  readonly others: readonly OtherAnswer[];
  /** Runs of exactly this setting by label, as far as there are any. */
  readonly counts: Readonly<Record<string, number>>;
}

const coordinatesOf = ({ data }: ReadableMap): readonly Coordinate[] =>
  coordinateOf(data) ? ['temperature', 'initialWidth'] : ['temperature'];

function changesOf(
  map: ReadableMap,
  setting: Setting,
  safe: string,
  confidence: number,
  definitions: readonly Definition[],
): Change[] {
  return coordinatesOf(map)
    .flatMap((of) => {
      const bands = bandsOf(map, setting, safe, of, confidence);
      const here = setting[of];
      return bands
        .map(({ low, high }) => (here < low ? low : high))
        .map((to) => ({
          of,
          to,
          factor: to / here,
          objections: objections(definitions, { ...setting, [of]: to }, safe),
        }))
        .sort((a, b) => Math.abs(log(a.factor)) - Math.abs(log(b.factor)))
        .slice(0, 1);
    })
    .sort((a, b) => Math.abs(log(a.factor)) - Math.abs(log(b.factor)));
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
 * @param definitions of the same phases otherwise: they answer beside the map, and object to what it proposes
 * @param models whose parameters are known, to compare networks by what they mean
 * @throws EigenflowError `parameter` or `component` when the question names no network
 */
export function advise(
  map: ReadableMap,
  question: Question,
  models: readonly NetworkModel[] = [],
  definitions: readonly Definition[] = [],
): Advice {
  const { safe = map.data.labels[0], confidence = 0.9, batchSize, learningRate, initialWidth } = question;
  const critics = definitions.filter(({ name }) => name !== AS_IT_IS);
  const slice = map.at(batchSize);
  const longest = slice?.lengths[1] ?? map.lengths[map.lengths.length - 1];
  const length = question.length ?? longest;
  const setting = { initialWidth, temperature: temperatureOf(learningRate, batchSize), batchSize, length };
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
    bandObjections: [],
    changes: [],
    bracket: undefined,
    others: [],
    counts: {},
  };
  const differences = networkDifferences(map.data.conditions.model, question.model, models, coordinateOf(map.data));
  if (differences.length > 0) return { ...nothing, refusal: 'other network', differences };
  if (!slice) {
    const { batchSizes } = map;
    const nearest = batchSize < batchSizes[0] ? batchSizes[0] : batchSizes[batchSizes.length - 1];
    const near = { ...setting, batchSize: nearest, length: question.length ?? map.at(nearest)?.lengths[1] ?? length };
    const bracket = {
      batchSize: nearest,
      sameTemperature: labelAt(map, near),
      sameRate: labelAt(map, { ...near, temperature: temperatureOf(learningRate, nearest) }),
    };
    return { ...nothing, refusal: 'other batch size', bracket };
  }
  if (!map.contains(setting)) return { ...nothing, refusal: 'outside the map' };
  const { probabilities, label, certainty, isDecided, leading } = map.read(setting);
  const safeBand = widestOf(bandsOf(map, setting, safe, 'temperature', confidence));
  const common = {
    ...nothing,
    certainty,
    safeBand,
    bandObjections: safeBand ? objectionsAlong(critics, setting, safeBand, safe) : [],
    changes: probabilities[safe]?.value >= confidence ? [] : changesOf(map, setting, safe, confidence, critics),
    others: otherAnswers(definitions, setting, safe),
    counts: map.counts(setting),
  };
  if (!isDecided) {
    return { ...common, refusal: 'undecided', candidates: map.labels.filter((name) => leading[name] > CANDIDATE) };
  }
  const exits = coordinatesOf(map).flatMap((along) =>
    ([-1, 1] as const).map((direction) => exitOf(map, setting, label, along, direction)),
  );
  return { ...common, refusal: undefined, label, probabilities, candidates: [label], exits };
}
