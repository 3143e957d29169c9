// Probabilities that a map states near its edges, against runs on instances that it has not seen: where it matters most,
// and where few instances mislead.
import type { MapData, MapRun, Setting } from '../../analysis/advice/map-data.js';
import { type ReadableMap, settingOf } from '../../analysis/advice/reading.js';
import phaseMap from '../../scenarios/phase-map.js';

/** One setting with its runs, each on an instance that no other run has. */
export interface EdgeSetting {
  readonly setting: Setting;
  /** Probability of the safe label, and half of its band of 68 %. */
  readonly stated: number;
  readonly band: number;
  readonly count: number;
  readonly n: number;
  /** (count - n stated) / its standard error: that of sampling, and the band. */
  readonly deviation: number;
}

export interface EdgeTest {
  readonly settings: readonly EdgeSetting[];
  readonly n: number;
  /** Means over runs: of the probability that was stated for the safe label, and of how often it came. */
  readonly stated: number;
  readonly measured: number;
  /** Of `measured - stated` if the map is right: scatter of labels at the stated probabilities, and that of the map. */
  readonly error: number;
  /** Sum of the squared deviations of the settings, as many degrees of freedom as there are settings. */
  readonly chiSquare: number;
}

const keyOf = ({ initialWidth, temperature, batchSize, length }: Setting) =>
  [initialWidth, temperature, batchSize, length].join(' ');

/** @param runs each on an instance of its own */
export function edgeTest(map: ReadableMap, runs: readonly MapRun[]): EdgeTest {
  const [safe] = map.data.labels;
  const bySetting = new Map<string, MapRun[]>();
  for (const run of runs) {
    const key = keyOf(settingOf(run));
    bySetting.set(key, [...(bySetting.get(key) ?? []), run]);
  }
  const settings = [...bySetting.values()].map((members): EdgeSetting => {
    const setting = settingOf(members[0]);
    const { value, low, high } = map.read(setting).probabilities[safe];
    const n = members.length;
    const count = members.filter(({ label }) => label === safe).length;
    const band = (high - low) / 2;
    const error = Math.sqrt(n * value * (1 - value) + (n * band) ** 2);
    return { setting, stated: value, band, count, n, deviation: (count - n * value) / error };
  });
  const n = runs.length;
  const overRuns = (value: (one: EdgeSetting) => number) =>
    settings.reduce((sum, one) => sum + one.n * value(one), 0) / n;
  const sampling = Math.sqrt(overRuns(({ stated }) => stated * (1 - stated)) / n);
  const terms = settings.map((one) => ({ setting: one.setting, label: safe, weight: one.n / n }));
  return {
    settings,
    n,
    stated: overRuns(({ stated }) => stated),
    measured: settings.reduce((sum, { count }) => sum + count, 0) / n,
    error: Math.hypot(sampling, map.errorOfSum(terms)),
    chiSquare: settings.reduce((sum, { deviation }) => sum + deviation ** 2, 0),
  };
}

/** Errors beyond which a map is called wrong. */
export const TOLERANCE = 2.5;

/** Shift of a share that would be found in nine of ten tests: 1.28 errors beyond the tolerance. */
export const powerOf = (error: number) => (TOLERANCE + 1.28) * error;

/** Upper 1 % points of chi-square. Source: tables, such as Abramowitz and Stegun 1964, table 26.8. */
export const CHI_SQUARE_99: readonly number[] = [0, 6.635, 9.21, 11.345, 13.277, 15.086, 16.812, 18.475, 20.09];

const FORMER_INSTANCES = new Set([0, 1, 2, 3, 4].map((seed) => `${phaseMap.seed} ${seed}`));

/**
 * The map that shipped first: the grid of five instances at 10 000 epochs, read with one spread of instances. It knew
 * nothing of the length of training, and answered for any.
 */
export const formerMap = (data: MapData): MapData => ({
  ...data,
  runs: data.runs.filter(({ length, instance }) => length === 10_000 && FORMER_INSTANCES.has(instance)),
  smoothness: { lengths: [11.313708499, 11.313708499], amplitude: 11.313708499, instanceSpread: 1 },
});
