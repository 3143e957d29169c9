// Validation: what `eigenflow advise` says of 200 settings that the map has never seen, against what they did.

import type { MapRun, Setting } from '../../analysis/advice/map-data.js';
import { readMap } from '../../analysis/advice/read-map.js';
import { openMap, type ReadableMap, type Reading, settingOf } from '../../analysis/advice/reading.js';
import { seriesColors } from '../../analysis/figures/draw/palette.js';
import { plotPanel } from '../../analysis/figures/draw/plot-panel.js';
import { INK } from '../../analysis/figures/draw/style.js';
import { labelProbability } from '../../core/phases/cells.js';
import { CHI_SQUARE_99, edgeTest, formerMap, powerOf, TOLERANCE } from './advice-edge.js';
import { about, above, below, type Check, FRACTION, mean, NOT_NEGATIVE, type Validation } from './check.js';
import { draw } from './draw.js';
import { CALIBRATION, EDGE_CALIBRATIONS, SHIPPED_MAP } from './map-data.js';

/** A setting that the map has not seen, what the map says of it, and what it did. */
export interface Tested {
  readonly setting: Setting;
  readonly reading: Reading;
  /** What the map says, also where it does not decide and advice gives no number. */
  readonly stated: Readonly<Record<string, number>>;
  readonly label: string;
}

const BINS = 10;
/** The confidence from which advice calls a setting safe. */
const SAFE = 0.9;

function test(): { map: ReadableMap; tested: Tested[] } {
  const data = readMap(SHIPPED_MAP);
  const map = openMap(data);
  const { classifier } = data.conditions;
  const runs = readMap(CALIBRATION, classifier).runs.filter(({ label }) => label !== '');
  return { map, tested: runs.map((run) => testedBy(map, run)) };
}

export function testedBy(map: ReadableMap, run: MapRun): Tested {
  const setting = settingOf(run);
  const reading = map.read(setting);
  const stated = Object.fromEntries(map.labels.map((name) => [name, reading.probabilities[name].value]));
  return { setting, reading, stated, label: run.label };
}

export interface Bin {
  readonly stated: number;
  readonly count: number;
  readonly n: number;
}

/** Every statement about every label, sorted by the probability that was stated. */
export function binsOf(map: ReadableMap, tested: readonly Tested[]): Bin[] {
  const statements = tested.flatMap(({ stated, label }) =>
    map.labels.map((name) => ({ p: stated[name], happened: name === label })),
  );
  return Array.from({ length: BINS }, (_, bin) => {
    const inside = statements.filter(({ p }) => Math.min(BINS - 1, Math.floor(p * BINS)) === bin);
    return {
      stated: mean(inside.map(({ p }) => p)),
      count: inside.filter(({ happened }) => happened).length,
      n: inside.length,
    };
  }).filter(({ n }) => n > 0);
}

export function binCheck({ stated, count, n }: Bin): Check {
  // Under the stated probability; a bin that is empty of surprises still has this error.
  const error = Math.sqrt((stated * (1 - stated)) / n);
  return {
    what: `share of labels that came true, stated ${stated.toFixed(3)}`,
    expected: stated,
    measured: count / n,
    error,
    n,
    tolerance: '3 standard errors or 0.02',
    possible: FRACTION,
    accepted: about(stated, Math.max(3 * error, 0.02)),
  };
}

/** Expected calibration error of the most probable label (Guo et al. 2017, arXiv:1706.04599). */
export function calibrationError(tested: readonly Tested[]): number {
  const confident = tested.map(({ stated, label }) => {
    const [name, p] = Object.entries(stated).reduce((best, other) => (other[1] > best[1] ? other : best));
    return { p, right: name === label ? 1 : 0 };
  });
  let error = 0;
  for (let bin = 0; bin < BINS; bin++) {
    const inside = confident.filter(({ p }) => Math.min(BINS - 1, Math.floor(p * BINS)) === bin);
    if (inside.length === 0) continue;
    const gap = Math.abs(mean(inside.map(({ p }) => p)) - mean(inside.map(({ right }) => right)));
    error += (gap * inside.length) / confident.length;
  }
  return error;
}

/** The same error of labels that really come with the stated probabilities: what sampling alone makes of it. */
export function errorBySampling(tested: readonly Tested[]): { value: number; spread: number } {
  let state = 20251125;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  const errors = Array.from({ length: 400 }, () =>
    calibrationError(
      tested.map((one) => {
        let left = uniform();
        const drawn = Object.entries(one.stated).find(([, p]) => {
          left -= p;
          return left < 0;
        });
        return { ...one, label: drawn?.[0] ?? one.label };
      }),
    ),
  );
  const value = mean(errors);
  return { value, spread: Math.sqrt(mean(errors.map((error) => (error - value) ** 2))) };
}

/** Where it matters: settings near the edges, every run on an instance that nothing else has. */
function edgeChecks(map: ReadableMap, calibration: string): Check[] {
  const { classifier } = map.data.conditions;
  const runs = readMap(calibration, classifier).runs.filter(({ label }) => label !== '');
  const [safe] = map.data.labels;
  const lengths = `${runs[0].length} epochs`;
  const result = edgeTest(map, runs);
  const rows = result.settings.map(({ setting, stated, band, count, n }): Check => {
    const { initialWidth, temperature, batchSize, length } = setting;
    const error = Math.hypot(Math.sqrt((stated * (1 - stated)) / n), band);
    return {
      what: `share ${safe} at width ${initialWidth}, learning rate ${temperature * batchSize}, batch size ${batchSize}, ${length} epochs, on unseen instances`,
      expected: stated,
      measured: count / n,
      error,
      n,
      tolerance: `${TOLERANCE} errors of label scatter and of the map; a shift of ${powerOf(error).toFixed(2)} would be found in 9 of 10`,
      possible: FRACTION,
      accepted: about(stated, TOLERANCE * error),
      finds: powerOf(error),
    };
  });
  const least = CHI_SQUARE_99[result.settings.length];
  const former = edgeTest(
    openMap(formerMap(map.data), true),
    runs.filter(({ batchSize }) => batchSize === 4),
  );
  const formerLeast = CHI_SQUARE_99[former.settings.length];
  return [
    ...rows,
    {
      what: `share ${safe} over all settings near the edges, ${lengths}, on ${result.n} unseen instances`,
      expected: result.stated,
      measured: result.measured,
      error: result.error,
      n: result.n,
      tolerance: `${TOLERANCE} errors; a shift of ${powerOf(result.error).toFixed(2)} would be found in 9 of 10`,
      possible: FRACTION,
      accepted: about(result.stated, TOLERANCE * result.error),
      finds: powerOf(result.error),
    },
    {
      what: `chi-square of the ${result.settings.length} settings near the edges, ${lengths}`,
      expected: result.settings.length,
      measured: result.chiSquare,
      error: Math.sqrt(2 * result.settings.length),
      n: result.n,
      tolerance: `below ${least} (1 %)`,
      possible: NOT_NEGATIVE,
      accepted: below(least),
    },
    {
      what: `chi-square of the map that shipped first (five instances), ${former.settings.length} settings of batch size 4, ${lengths}: must be found wrong`,
      expected: Number.NaN,
      measured: former.chiSquare,
      error: Math.sqrt(2 * former.settings.length),
      n: former.n,
      tolerance: `above ${formerLeast} (1 %): the test has the power to find it`,
      possible: NOT_NEGATIVE,
      accepted: above(formerLeast),
    },
  ];
}

export const adviceCalibration: Validation = {
  title: 'Advice on settings that the map has not seen',
  source:
    'the probabilities themselves: scenarios/advice-calibration.ts computes the settings, each with a network, data and ' +
    'initial weights of its own',
  async run() {
    const { map, tested } = test();
    const bins = binsOf(map, tested).map(binCheck);
    const expected = errorBySampling(tested);
    const measured = calibrationError(tested);
    const [safe] = map.data.labels;
    const declared = tested.filter(({ stated }) => stated[safe] >= SAFE);
    const failed = declared.filter(({ label }) => label !== safe).length;
    const allowed = declared.reduce((sum, { stated }) => sum + 1 - stated[safe], 0);
    const decided = tested.filter(({ reading }) => reading.isDecided);
    const right = decided.map(({ reading, label }) => (reading.label === label ? 1 : 0));
    const hoped = decided.map(({ stated, reading }) => stated[reading.label]);
    const scatter = Math.sqrt(mean(hoped.map((p) => p * (1 - p))) / decided.length);
    const weight = 1 / decided.length;
    const ofMap = map.errorOfSum(decided.map(({ setting, reading }) => ({ setting, label: reading.label, weight })));
    const rightError = Math.hypot(scatter, ofMap);
    return [
      ...EDGE_CALIBRATIONS.flatMap((calibration) => edgeChecks(map, calibration)),
      ...bins,
      {
        what: 'expected calibration error of the most probable label',
        expected: expected.value,
        measured,
        error: expected.spread,
        n: tested.length,
        tolerance: '3 standard errors above what sampling alone gives',
        possible: FRACTION,
        accepted: below(expected.value + 3 * expected.spread),
      },
      {
        what: `settings called safe (${safe} with probability 0.9 or more) that were not ${safe}`,
        expected: allowed,
        measured: failed,
        error: Math.sqrt(allowed),
        n: declared.length,
        tolerance: '3 standard errors',
        possible: [0, declared.length],
        accepted: about(allowed, 3 * Math.sqrt(Math.max(allowed, 1))),
      },
      {
        what: 'share of right labels where a number was given',
        expected: mean(hoped),
        measured: mean(right),
        error: rightError,
        n: decided.length,
        tolerance: '3 errors: of label scatter at the stated probabilities, and of the map, which all settings share',
        possible: FRACTION,
        accepted: about(mean(hoped), 3 * rightError),
      },
      {
        what: 'share of settings for which no number was given (undecided)',
        expected: Number.NaN,
        measured: 1 - decided.length / tested.length,
        error: Math.sqrt((decided.length * (tested.length - decided.length)) / tested.length ** 3),
        n: tested.length,
        tolerance: 'below 0.2',
        possible: FRACTION,
        accepted: below(0.2),
      },
    ];
  },
  async illustrate() {
    const { map, tested } = test();
    return drawReliability('advice-reliability', 'advice', map, tested);
  },
};

/** @param validation the name of the one that draws it */
export function drawReliability(
  name: string,
  validation: string,
  map: ReadableMap,
  tested: readonly Tested[],
): Promise<string> {
  const [color] = seriesColors(1);
  const points = binsOf(map, tested).map(({ stated, count, n }) => {
    const { low, high } = labelProbability(count, n, 2);
    return { x: stated, y: count / n, low, high };
  });
  const diagonal = [0, 1].map((x) => ({ x, y: x }));
  const table = {
    title: 'Stated probabilities, and how often they came true',
    sample: `${tested.length} settings, ${map.labels.length} labels each; bands: 68 %`,
    notes: [],
    x: { label: 'stated probability', scale: 'linear' as const, domain: [0, 1] as const },
    y: { label: 'share that came true', scale: 'linear' as const, domain: [0, 1] as const },
    curves: [
      { label: 'as stated', color: INK, dash: [4, 3], style: 'line' as const, points: diagonal },
      { label: 'settings the map has not seen', color, style: 'points' as const, points },
    ],
    guides: [],
    regions: [],
  };
  const panels = [(width: number) => plotPanel(table, width)];
  return draw(name, { title: table.title, panels, columns: 1, width: 'column' }, validation);
}
