// Model: the Laguerre (Wishart) process, the levels of W W^T when every entry of a rectangular matrix W diffuses.
import { choice, defineModel, EigenflowError, type Environment, integer, number } from 'eigenflow';
import { givenLevels, initialLevelsParameter, spacedLevels, wishartEnsemble } from './initial-levels.js';
import { createLevelModel } from './level-model.js';
import { noiseStrength, temperature } from './parameters.js';

interface InitialParameters {
  readonly rows: number;
  readonly cols: number;
  readonly initial: 'wishart' | 'spaced' | 'given';
  readonly initialWidth: number;
  readonly initialLevels: readonly number[] | undefined;
}

function createInitial(params: InitialParameters, environment: Environment): number[] {
  const { rows, cols, initial, initialWidth, initialLevels } = params;
  if ((initial === 'given') !== (initialLevels !== undefined)) {
    const message = initial === 'given' ? 'needed, because initial is "given"' : 'needs initial to be "given"';
    throw new EigenflowError('parameter', 'model.initialLevels', message);
  }
  if (initialLevels) return givenLevels(initialLevels, rows, 0);
  const square = initialWidth * initialWidth;
  if (initial === 'spaced') return spacedLevels(rows, (2 * square) / (rows + 1), (2 * square * rows) / (rows + 1));
  return wishartEnsemble(rows, cols, environment).map((level) => square * level);
}

/**
 * Levels of W W^T, W of shape K x L (rows x cols, K <= L), with
 *
 *     dW = -Omega W dtau + sqrt(T) s dB    entry by entry,
 *
 * Omega being the stiffness and s the noise strength, so that the levels obey, exactly (Bru 1991; derived),
 *
 *     dx_i = { -2 Omega x_i + T s^2 [ L + sum_{j != i} (x_i + x_j) / (x_i - x_j) ] } dtau + 2 s sqrt(T x_i) dB_i:
 *
 * K_i = -2 Omega x_i, V_ij = s^2 (x_i + x_j), Q_ii = 4 s^2 x_i, D_i = L s^2. In the stationary state the entries of W
 * are independent with variance T s^2 / (2 Omega), and the mean of sum_i x_i is K L T s^2 / (2 Omega). `matrix-step` has
 * the law of this process at any step size; the others step the roots of the levels, see `createRootEquation`.
 *
 * Throws EigenflowError `parameter` for more rows than columns, or when the initial levels do not fit.
 */
export const laguerreProcess = defineModel({
  name: 'laguerre-process',
  summary: 'Levels of W W^T when every entry of W diffuses and decays',
  params: {
    rows: integer({ doc: 'rows K of the matrix, the number of levels', unit: '1', min: 1 }),
    cols: integer({ doc: 'columns L of the matrix, at least as many', unit: '1', min: 1 }),
    stiffness: number({ doc: 'Omega: rate at which the entries of W decay', unit: '1', default: 1, min: 0 }),
    temperature,
    noiseStrength: {
      ...noiseStrength,
      doc: 's: standard deviation of an entry of W per root of learning time, at T = 1',
    },
    initial: choice({
      doc:
        'wishart: drawn, entries of W with variance initialWidth^2 / cols; spaced: evenly, with the same mean level; ' +
        'given: initialLevels',
      values: ['wishart', 'spaced', 'given'],
      default: 'wishart',
    }),
    initialWidth: number({
      doc: 'root of the mean level at the start',
      unit: '1',
      default: 1,
      min: 0,
    }),
    initialLevels: initialLevelsParameter,
  },
  cite: ['doi:10.1007/BF01259552', 'arXiv:2407.16427', 'arXiv:2509.01349'],
  create(params, environment) {
    const { rows: levels, cols, stiffness, noiseStrength: strength } = params;
    if (levels > cols) {
      throw new EigenflowError(
        'parameter',
        'model.rows',
        `${levels} rows and ${cols} columns leave ${levels - cols} levels at 0 for ever; exchange rows and cols`,
      );
    }
    const variance = strength * strength;
    return createLevelModel({
      process: {
        levels,
        get temperature() {
          return params.temperature;
        },
        beta: 1,
        floor: 0,
        constantNoise: false,
        drift(x, out) {
          for (let i = 0; i < levels; i++) out[i] = -2 * stiffness * x[i];
        },
        traceDrift(_x, out) {
          for (let i = 0; i < levels; i++) out[i] = cols * variance;
        },
        offDiagonalVariance(x, out) {
          for (let i = 0; i < levels; i++) {
            for (let j = 0; j < levels; j++) out[i * levels + j] = variance * (x[i] + x[j]);
            out[i * levels + i] = 0;
          }
        },
        diagonalVariance(x, out) {
          for (let i = 0; i < levels; i++) out[i] = 4 * variance * x[i];
        },
        entries: { cols, decay: stiffness, noiseStrength: strength },
      },
      initial: Float64Array.from(createInitial(params, environment)),
      energy(x, out, position) {
        let sum = 0;
        for (let i = 0; i < levels; i++) sum += x[i] * x[i];
        out[position] = stiffness * sum;
      },
      slope(x, out) {
        for (let i = 0; i < levels; i++) out[i] = 2 * stiffness * x[i];
      },
    });
  },
});
