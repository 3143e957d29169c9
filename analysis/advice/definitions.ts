// The same setting by other definitions of the phases: other classifiers of the same runs, and the same one with other
// values of its conventions. A phase that only one of them sees is no property of the network.

import type { Banded } from '../../core/contracts/classifier.js';
import { log, log2, power } from '../../core/kernels/elementary.js';
import { type Band, exitOf } from './lines.js';
import { coordinateOf, type Setting } from './map-data.js';
import type { ReadableMap } from './reading.js';

/** A map of the same network under the same conditions, with labels that mean the same in another way. */
export interface Definition {
  /** `lyapunov`; of a convention `jammedFraction 0.3`, or `as it is`. */
  readonly name: string;
  /** Whether it is the classifier of the answer, with another convention. */
  readonly isConvention: boolean;
  /** What the classifier asks, in its own words; undefined of one that is not known here. */
  readonly meaning?: string;
  readonly map: ReadableMap;
}

/** The name of a definition that is that of the answer itself, of the runs by which the others are judged. */
export const AS_IT_IS = 'as it is';

/** What one of them says. */
export interface OtherAnswer {
  readonly name: string;
  readonly isConvention: boolean;
  readonly meaning: string | undefined;
  /** The nearest batch size and length of training of which it has labels; undefined where its map ends before. */
  readonly at: Setting | undefined;
  readonly label: string | undefined;
  /** Of `label`. */
  readonly probability: Banded | undefined;
  /** Of the label that is called safe, by what the name stands for. */
  readonly safe: Banded | undefined;
  /** Width at which `safe` ends upwards, at this T; undefined where it does not, or is not the label here. */
  readonly widest: number | undefined;
}

const nearest = (values: readonly number[], value: number) =>
  values.reduce((best, other) => (Math.abs(log(other / value)) < Math.abs(log(best / value)) ? other : best));

/** The setting as this map can know it. */
function seenBy(map: ReadableMap, setting: Setting): Setting | undefined {
  const batchSize = nearest(map.batchSizes, setting.batchSize);
  const lengths = map.at(batchSize)?.lengths ?? [setting.length, setting.length];
  const length = Math.min(lengths[1], Math.max(lengths[0], setting.length));
  const here = { ...setting, batchSize, length };
  return map.contains(here) ? here : undefined;
}

export function otherAnswers(definitions: readonly Definition[], setting: Setting, safe: string): OtherAnswer[] {
  return definitions.map(({ name, isConvention, meaning, map }) => {
    const at = seenBy(map, setting);
    if (!at) {
      const unknown = { label: undefined, probability: undefined, safe: undefined, widest: undefined };
      return { name, isConvention, meaning, at, ...unknown };
    }
    const { label, probabilities } = map.read(at);
    const hasWidths = coordinateOf(map.data) !== undefined;
    const exit = label === safe && hasWidths ? exitOf(map, at, safe, 'initialWidth', 1) : undefined;
    return {
      name,
      isConvention,
      meaning,
      at,
      label,
      probability: probabilities[label],
      safe: probabilities[safe],
      widest: exit?.to === undefined ? undefined : exit.value,
    };
  });
}

/** A definition that calls a proposed setting otherwise. */
export interface Objection {
  readonly name: string;
  readonly label: string;
  /** Values of T between which it does; undefined for a single setting. */
  readonly between?: readonly [number, number];
}

/** The most probable label where it is not the safe one. */
function objectionAt({ map }: Definition, setting: Setting, safe: string): string | undefined {
  const at = seenBy(map, setting);
  const label = at && map.read(at).label;
  return label === safe ? undefined : label;
}

/** Who calls a proposed setting otherwise. */
export function objections(definitions: readonly Definition[], setting: Setting, safe: string): Objection[] {
  return definitions.flatMap((definition) => {
    const label = objectionAt(definition, setting, safe);
    return label === undefined ? [] : [{ name: definition.name, label }];
  });
}

/** Steps along a band, in octaves. */
const STEP = 1 / 2;

/** Who calls a part of a band of T otherwise, and which part. */
export function objectionsAlong(
  definitions: readonly Definition[],
  setting: Setting,
  { low, high }: Band,
  safe: string,
): Objection[] {
  const count = Math.max(2, Math.ceil(log2(high / low) / STEP) + 1);
  const temperatures = Array.from({ length: count }, (_, i) => low * power(high / low, i / (count - 1)));
  return definitions.flatMap((definition) => {
    const found = temperatures.flatMap((temperature) => {
      const label = objectionAt(definition, { ...setting, temperature }, safe);
      return label === undefined ? [] : [{ temperature, label }];
    });
    const labels = [...new Set(found.map(({ label }) => label))];
    return labels.map((label): Objection => {
      const where = found.filter((one) => one.label === label).map(({ temperature }) => temperature);
      return { name: definition.name, label, between: [where[0], where[where.length - 1]] };
    });
  });
}
