// The stationary state of the Laguerre process against the Wishart ensemble, matrices drawn directly.

import { openWorkspace } from '../../core/kernels/arena.js';
import { singularValuesWork } from '../../core/kernels/kernels.js';
import { meanEstimate } from '../../core/statistics/estimate.js';
import { createRandomSource } from '../../core/statistics/random-source.js';
import { laguerreProcess } from '../../plugins/dyson/laguerre-process.js';
import { matrixStep } from '../../plugins/dyson/matrix-step.js';
import { openProcess } from '../plugins/dyson/process.js';
import { about, type Check, NOT_NEGATIVE, type Validation } from './check.js';

const [ROWS, COLS, STIFFNESS, TEMPERATURE, STRENGTH] = [16, 32, 1, 0.25, 0.3];
const STEP = 2 ** -11;
/** Eight times the decay time of a level, 1 / (2 stiffness): e^-8 of the start is left. */
const TIME = 4;
const REPLICAS = 3000;
const DRAWS = 20_000;

/** Sum, largest and smallest level. */
const summary = (levels: ArrayLike<number>) => {
  let sum = 0;
  for (let i = 0; i < levels.length; i++) sum += levels[i];
  return [sum, levels[levels.length - 1], levels[0]];
};

/** Levels of W W^T with entries of the stationary variance T s^2 / (2 stiffness). */
function drawnSummaries(): number[][] {
  const random = createRandomSource(16032, 'wishart');
  const { arena, kernels } = openWorkspace();
  const weights = arena.vector(ROWS * COLS);
  const work = arena.vector(singularValuesWork(ROWS, COLS));
  const singular = arena.vector(ROWS);
  const deviation = STRENGTH * Math.sqrt(TEMPERATURE / (2 * STIFFNESS));
  return Array.from({ length: DRAWS }, () => {
    for (let k = 0; k < weights.length; k++) weights[k] = deviation * random.normal();
    kernels.singularValues(weights, ROWS, COLS, work, singular);
    return summary(Array.from(singular, (value) => value * value).reverse());
  });
}

function steppedSummaries(): number[][] {
  const params = {
    rows: ROWS,
    cols: COLS,
    stiffness: STIFFNESS,
    temperature: TEMPERATURE,
    noiseStrength: STRENGTH,
    initial: 'spaced',
    initialWidth: 0.8,
  };
  const opened = openProcess([laguerreProcess, params], [matrixStep, { stepSize: STEP }]);
  return Array.from({ length: REPLICAS }, () => {
    opened.restart();
    opened.step(TIME / STEP);
    return summary(opened.levels);
  });
}

export const dysonLaguerre: Validation = {
  title: 'Stationary state of the Laguerre process, 16 x 32',
  source:
    'the sum of the levels in closed form, rows cols T s^2 / (2 stiffness); largest and smallest level of 20000 ' +
    'Wishart matrices drawn directly. Independent replicas start from evenly spaced levels; step size 2^-11, time 4',
  async run() {
    const column = (rows: readonly (readonly number[])[], i: number) => meanEstimate(rows.map((row) => row[i]));
    const [drawn, stepped] = [drawnSummaries(), steppedSummaries()];
    const closedForm = (ROWS * COLS * TEMPERATURE * STRENGTH ** 2) / (2 * STIFFNESS);
    const compare = (what: string, i: number, expected: number, percent: number): Check => {
      const { value, error } = column(stepped, i);
      return {
        what,
        expected,
        measured: value,
        error,
        n: REPLICAS,
        tolerance: `${percent} %, error below ${percent / 2} %`,
        possible: NOT_NEGATIVE,
        accepted: about(expected, (expected * percent) / 100),
        precise: error / expected < percent / 200,
      };
    };
    return [
      compare('sum of levels', 0, closedForm, 1),
      compare('largest level', 1, column(drawn, 1).value, 2),
      compare('smallest level', 2, column(drawn, 2).value, 2),
    ];
  },
};
