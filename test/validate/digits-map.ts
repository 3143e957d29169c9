// What the phase map of the digits says of settings that it has not seen, on images and first weights that it has not
// seen, against what these do.
import { readMap } from '../../analysis/advice/read-map.js';
import { openMap, type ReadableMap } from '../../analysis/advice/reading.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import digitsPhaseMap from '../../scenarios/digits-phase-map.js';
import {
  binCheck,
  binsOf,
  calibrationError,
  drawReliability,
  errorBySampling,
  type Tested,
  testedBy,
} from './advice.js';
import { about, below, FRACTION, mean, type Validation } from './check.js';
import { compute } from './study.js';

const SETTINGS = 200;
/** In octaves: a little inside the ends of the axes, where the map has something to say. */
const WIDTHS = { from: -5, octaves: 11 };
const RATES = { from: -8, octaves: 13 };

/** Spread evenly over the area, whatever their number (Roberts' sequence of the plastic number), to four digits. */
function settings(): { readonly widths: number[]; readonly rates: number[] } {
  const PLASTIC = 1.324717957244746;
  const along = (k: number, step: number) => (0.5 + k * step) % 1;
  const value = ({ from, octaves }: typeof WIDTHS, u: number) => Number((2 ** (from + octaves * u)).toPrecision(4));
  const numbers = Array.from({ length: SETTINGS }, (_, k) => k + 1);
  return {
    widths: numbers.map((k) => value(WIDTHS, along(k, 1 / PLASTIC))),
    rates: numbers.map((k) => value(RATES, along(k, 1 / PLASTIC ** 2))),
  };
}

function unseen(): Scenario {
  const { widths, rates } = settings();
  return {
    ...digitsPhaseMap,
    title: 'Digits at settings that the map has not seen',
    // Not that of the map: other images to train on, other first weights.
    seed: 20261129,
    sweep: {
      zip: [{ 'model.initialWidth': widths, 'optimiser.learningRate': rates }],
      seeds: 1,
      independent: true,
    },
    figures: undefined,
  };
}

let result: { readonly map: ReadableMap; readonly tested: readonly Tested[] } | undefined;

export const digitsMap: Validation = {
  title: 'The phase map of the digits on settings that it has not seen',
  source:
    'the probabilities themselves: the map is that of scenarios/digits-phase-map.ts, read as `eigenflow advise` reads ' +
    'it; every setting is one run with images, division and first weights of its own',
  async run() {
    const { out } = await compute(digitsPhaseMap);
    const map = openMap(readMap(out));
    const runs = readMap((await compute(unseen())).out).runs.filter(({ label }) => label !== '');
    const tested = runs.map((run) => testedBy(map, run));
    result = { map, tested };
    const expected = errorBySampling(tested);
    const decided = tested.filter(({ reading }) => reading.isDecided);
    const right = mean(decided.map(({ reading, label }) => (reading.label === label ? 1 : 0)));
    const hoped = decided.map(({ stated, reading }) => stated[reading.label]);
    const ofMap = map.errorOfSum(
      decided.map(({ setting, reading }) => ({ setting, label: reading.label, weight: 1 / decided.length })),
    );
    const rightError = Math.hypot(Math.sqrt(mean(hoped.map((p) => p * (1 - p))) / decided.length), ofMap);
    return [
      ...binsOf(map, tested).map(binCheck),
      {
        what: 'expected calibration error of the most probable label',
        expected: expected.value,
        measured: calibrationError(tested),
        error: expected.spread,
        n: tested.length,
        tolerance: '3 standard errors above what sampling alone gives',
        possible: FRACTION,
        accepted: below(expected.value + 3 * expected.spread),
      },
      {
        what: `share of right labels at the ${decided.length} settings where the map decides`,
        expected: mean(hoped),
        measured: right,
        error: rightError,
        n: decided.length,
        tolerance: '3 errors: of label scatter at the stated probabilities, and of the map, which all settings share',
        possible: FRACTION,
        accepted: about(mean(hoped), 3 * rightError),
      },
    ];
  },
  async illustrate() {
    return result ? drawReliability('digits-map-reliability', 'digits-map', result.map, result.tested) : '';
  },
};
