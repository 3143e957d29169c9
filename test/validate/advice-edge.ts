// Probabilities that a map states near its edges, against runs on instances that it has not seen: where it matters most,
// and where few instances mislead.
import type { MapRun } from '../../core/advice/map-data.js';
import { type ReadableMap, type Setting, settingOf } from '../../core/advice/reading.js';

/** One setting with the runs on as many instances, none of which any other setting has. */
export interface EdgeSetting {
  readonly setting: Setting;
  /** The label that the map calls the most probable one. */
  readonly label: string;
  readonly stated: number;
  /** Half of the band of 68 % that the map gives. */
  readonly band: number;
  readonly count: number;
  readonly n: number;
}

export interface EdgeTest {
  readonly settings: readonly EdgeSetting[];
  readonly n: number;
  /** Mean over runs of the probability that was stated for the label that the map prefers. */
  readonly stated: number;
  /** Share of the runs that have it. */
  readonly measured: number;
  /**
   * Of `measured - stated`, if the map is right: scatter of labels that come with the stated probabilities, and the
   * bands of the map, taken as one error that all settings share, which is the largest that they can add up to.
   */
  readonly error: number;
}

const keyOf = ({ initialWidth, temperature, batchSize, length }: Setting) =>
  [initialWidth, temperature, batchSize, length].join(' ');

/**
 * @param runs each on an instance of its own
 * @param from least probability of the preferred label for a setting to count
 * @param to largest one
 */
export function edgeTest(map: ReadableMap, runs: readonly MapRun[], from: number, to: number): EdgeTest {
  const bySetting = new Map<string, MapRun[]>();
  for (const run of runs) {
    const key = keyOf(settingOf(run));
    bySetting.set(key, [...(bySetting.get(key) ?? []), run]);
  }
  const all = [...bySetting.values()].map((members): EdgeSetting => {
    const setting = settingOf(members[0]);
    const { label, probabilities } = map.read(setting);
    const { value, low, high } = probabilities[label];
    const count = members.filter((run) => run.label === label).length;
    return { setting, label, stated: value, band: (high - low) / 2, count, n: members.length };
  });
  const settings = all.filter(({ stated }) => stated >= from && stated <= to);
  const n = settings.reduce((sum, one) => sum + one.n, 0);
  const overRuns = (value: (one: EdgeSetting) => number) =>
    settings.reduce((sum, one) => sum + one.n * value(one), 0) / n;
  const sampling = Math.sqrt(overRuns(({ stated }) => stated * (1 - stated)) / n);
  return {
    settings,
    n,
    stated: overRuns(({ stated }) => stated),
    measured: settings.reduce((sum, { count }) => sum + count, 0) / n,
    error: Math.hypot(
      sampling,
      overRuns(({ band }) => band),
    ),
  };
}

/** Errors beyond which a map is called wrong. */
export const TOLERANCE = 2.5;

/** Shift of the share that would be found in nine of ten tests: 1.28 errors beyond the tolerance. */
export const powerOf = ({ error }: EdgeTest) => (TOLERANCE + 1.28) * error;
