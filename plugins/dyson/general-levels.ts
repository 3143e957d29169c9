// Model: levels under the general Dyson equation with given coefficients, frozen or linear in the levels.
import { defineModel } from '../../core/contracts/component.js';
import { levelWorkspace } from '../../core/contracts/level-process.js';
import { EigenflowError } from '../../core/errors.js';
import { symmetricEigenvaluesWork } from '../../core/kernels/kernels.js';
import { arrays, number, numbers } from '../../core/parameters/schema.js';
import { checkSymmetric, findNumbers, readCoefficient } from './given-coefficients.js';
import { givenLevels, initialLevelsParameter } from './initial-levels.js';
import { createLevelModel } from './level-model.js';
import { betaParameter, checkBeta, temperature } from './parameters.js';

const optionalNumbers = (doc: string) => numbers({ doc, unit: '1', optional: true });

/**
 * The equation of `LevelProcess` with K_i = K0_i + sum_j k_ij (x_j - r_j) about reference levels r, and V, Q, D
 * constant: the level surrogate with coefficients frozen (k = 0) or linearised at a reference state. Frozen
 * coefficients lose the force that restores the levels; they are of use for short times only (derived).
 *
 * The energy, of which the loss is the mean, belongs to the symmetric part of k; the antisymmetric part has none.
 * Integrators of levels use the whole of k.
 *
 * Throws EigenflowError `parameter` or `arrays` for coefficients of the wrong number, for V or Q that is not symmetric,
 * for V below 0, and for Q that is not a covariance.
 */
export const generalLevels = defineModel({
  name: 'general-levels',
  summary: 'Levels under the Dyson equation with given coefficients, frozen or linear in the levels',
  params: {
    reference: optionalNumbers('reference levels r, K numbers; they fix the number of levels'),
    drift: optionalNumbers('K0: drift at the reference; K numbers or one for all; 0 when left out'),
    driftSlope: optionalNumbers(
      'k: derivative of the drift; K x K numbers, its diagonal, or one for the diagonal; 0 when left out',
    ),
    offDiagonalVariance: optionalNumbers('V; K x K numbers, or one for all pairs; 0 when left out'),
    diagonalCovariance: optionalNumbers('Q; K x K numbers, its diagonal, or one for the diagonal; 0 when left out'),
    traceDrift: optionalNumbers('D; K numbers or one for all; 0 when left out'),
    arrays: arrays({
      doc: 'npz file with any of reference, K, k, V, Q, D in place of the numbers',
      unit: '1',
      optional: true,
    }),
    temperature,
    beta: betaParameter,
    floor: number({ doc: 'lowest value of a level, where it is reflected', unit: '1', optional: true }),
    initialLevels: {
      ...initialLevelsParameter,
      doc: 'levels at the start, in any order; the reference when left out',
    },
  },
  cite: ['arXiv:2407.16427'],
  create(params, { arena, kernels }) {
    const { arrays: file } = params;
    const given = findNumbers({ parameter: 'reference', array: 'reference', numbers: params.reference }, file);
    if (!given)
      throw new EigenflowError('parameter', 'model.reference', 'is required, here or as an array of the file');
    const reference = Float64Array.from(given.numbers);
    const levels = reference.length;
    const matrix = levels * levels;

    const drift = arena.vector(levels);
    const driftSlope = arena.vector(matrix);
    const variance = arena.vector(matrix);
    const covariance = arena.vector(matrix);
    const trace = arena.vector(levels);
    readCoefficient({ parameter: 'drift', array: 'K', numbers: params.drift }, file, levels, 'vector', drift);
    readCoefficient(
      { parameter: 'driftSlope', array: 'k', numbers: params.driftSlope },
      file,
      levels,
      'matrix',
      driftSlope,
    );
    const offDiagonal = { parameter: 'offDiagonalVariance', array: 'V', numbers: params.offDiagonalVariance };
    readCoefficient(offDiagonal, file, levels, 'off-diagonal', variance);
    const diagonal = { parameter: 'diagonalCovariance', array: 'Q', numbers: params.diagonalCovariance };
    readCoefficient(diagonal, file, levels, 'matrix', covariance);
    readCoefficient({ parameter: 'traceDrift', array: 'D', numbers: params.traceDrift }, file, levels, 'vector', trace);

    checkSymmetric('model.offDiagonalVariance', variance, levels);
    for (let i = 0; i < levels; i++) variance[i * levels + i] = 0;
    if (variance.some((v) => v < 0)) {
      throw new EigenflowError('parameter', 'model.offDiagonalVariance', 'a variance is negative');
    }
    checkSymmetric('model.diagonalCovariance', covariance, levels);
    const spectrum = arena.vector(levels);
    kernels.symmetricEigenvalues(covariance, levels, arena.vector(symmetricEigenvaluesWork(levels)), spectrum);
    if (spectrum[0] < -1e-12 * Math.abs(spectrum[levels - 1])) {
      throw new EigenflowError(
        'parameter',
        'model.diagonalCovariance',
        `no covariance: it has the eigenvalue ${spectrum[0]}`,
      );
    }
    const correlated = covariance.some((q, place) => q !== 0 && place % (levels + 1) !== 0);

    const floor = params.floor ?? Number.NEGATIVE_INFINITY;
    const initial = givenLevels(params.initialLevels ?? [...reference], levels, floor);

    return createLevelModel({
      process: {
        levels,
        get temperature() {
          return params.temperature;
        },
        beta: checkBeta(params.beta),
        floor,
        constantNoise: true,
        drift(x, out) {
          for (let i = 0; i < levels; i++) {
            let sum = drift[i];
            for (let j = 0; j < levels; j++) sum += driftSlope[i * levels + j] * (x[j] - reference[j]);
            out[i] = sum;
          }
        },
        traceDrift(_x, out) {
          for (let i = 0; i < levels; i++) out[i] = trace[i];
        },
        offDiagonalVariance(_x, out) {
          for (let i = 0; i < matrix; i++) out[i] = variance[i];
        },
        diagonalVariance(_x, out) {
          for (let i = 0; i < levels; i++) out[i] = covariance[i * levels + i];
        },
        diagonalCovariance: correlated
          ? (_x, out) => {
              for (let i = 0; i < matrix; i++) out[i] = covariance[i];
            }
          : undefined,
        workspace: arena.vector(levelWorkspace(levels)),
      },
      initial: Float64Array.from(initial),
      energy(x, out, position) {
        let sum = 0;
        for (let i = 0; i < levels; i++) {
          let force = drift[i];
          for (let j = 0; j < levels; j++) force += (driftSlope[i * levels + j] * (x[j] - reference[j])) / 2;
          sum -= force * (x[i] - reference[i]);
        }
        out[position] = sum;
      },
      slope(x, out) {
        for (let i = 0; i < levels; i++) {
          let sum = drift[i];
          for (let j = 0; j < levels; j++) {
            const k = (driftSlope[i * levels + j] + driftSlope[j * levels + i]) / 2;
            sum += k * (x[j] - reference[j]);
          }
          out[i] = -sum;
        }
      },
    });
  },
});
