// Model: levels under the general Dyson equation with given coefficients, frozen or linear in the levels, constant or
// along a path in time.
import {
  arrays,
  defineModel,
  EigenflowError,
  type Environment,
  number,
  numbers,
  type ParameterValues,
  symmetricEigenvaluesWork,
  type Vector,
} from 'eigenflow';
import { createPathFollower, pathTimes } from './coefficient-path.js';
import { checkSymmetric, findNumbers, readCoefficient } from './given-coefficients.js';
import { givenLevels, initialLevelsParameter } from './initial-levels.js';
import { createLevelModel } from './level-model.js';
import { betaParameter, checkBeta, temperature } from './parameters.js';

const optionalNumbers = (doc: string) => numbers({ doc, unit: '1', optional: true });

const coefficientParameters = {
  reference: optionalNumbers('reference levels r, K numbers; they fix the number of levels'),
  drift: optionalNumbers('K0: drift at the reference; K numbers or one for all; 0 when left out'),
  driftSlope: optionalNumbers(
    'k: derivative of the drift; K x K numbers, its diagonal, or one for the diagonal; 0 when left out',
  ),
  offDiagonalVariance: optionalNumbers('V; K x K numbers, or one for all pairs; 0 when left out'),
  diagonalCovariance: optionalNumbers('Q; K x K numbers, its diagonal, or one for the diagonal; 0 when left out'),
  traceDrift: optionalNumbers('D; K numbers or one for all; 0 when left out'),
  arrays: arrays({
    doc:
      'npz file with any of reference, K, k, V, Q, D in place of the numbers; with an array time they may hold a state ' +
      'for each time, along the first axis',
    optional: true,
  }),
} as const;

/** A coefficient: its states along the path, and its value at the present time. */
interface Coefficient {
  readonly states: readonly Vector[];
  readonly now: Vector;
}

/** @throws EigenflowError `parameter` or `arrays` */
function openCoefficients(params: ParameterValues<typeof coefficientParameters>, { arena, kernels }: Environment) {
  const { arrays: file } = params;
  const time = pathTimes(file);
  const given = findNumbers({ parameter: 'reference', array: 'reference', numbers: params.reference }, file);
  if (!given) throw new EigenflowError('parameter', 'model.reference', 'is required, here or as an array of the file');
  const along = given.inFile && file?.get('reference').shape.length === 2;
  const levels = along ? given.numbers.length / time.length : given.numbers.length;
  if (!Number.isInteger(levels)) {
    const message = `${given.numbers.length} reference levels for ${time.length} times`;
    throw new EigenflowError('arrays', 'model.reference', message);
  }
  const read = (
    parameter: keyof typeof coefficientParameters,
    array: string,
    shape: 'vector' | 'matrix' | 'off-diagonal',
  ) => {
    const values = params[parameter] as readonly number[] | undefined;
    const extent = { levels, states: time.length };
    const states = readCoefficient({ parameter, array, numbers: values }, file, extent, shape, arena);
    return { states, now: arena.vector(states[0].length) };
  };
  const coefficients = {
    reference: read('reference', 'reference', 'vector'),
    drift: read('drift', 'K', 'vector'),
    driftSlope: read('driftSlope', 'k', 'matrix'),
    offDiagonalVariance: read('offDiagonalVariance', 'V', 'off-diagonal'),
    diagonalCovariance: read('diagonalCovariance', 'Q', 'matrix'),
    traceDrift: read('traceDrift', 'D', 'vector'),
  };
  for (const variance of coefficients.offDiagonalVariance.states) checkVariance(variance, levels);
  const spectrum = arena.vector(levels);
  const work = arena.vector(symmetricEigenvaluesWork(levels));
  for (const covariance of coefficients.diagonalCovariance.states) {
    checkSymmetric('model.diagonalCovariance', covariance, levels);
    kernels.symmetricEigenvalues(covariance, levels, work, spectrum);
    if (spectrum[0] < -1e-12 * Math.abs(spectrum[levels - 1])) {
      const message = `no covariance: it has the eigenvalue ${spectrum[0]}`;
      throw new EigenflowError('parameter', 'model.diagonalCovariance', message);
    }
  }
  const all: readonly Coefficient[] = Object.values(coefficients);
  for (const { states, now } of all) now.set(states[0]);
  const changes = all.some(({ states }) => states.length > 1);
  return { levels, ...coefficients, follow: changes ? createPathFollower(time, all) : undefined };
}

function checkVariance(variance: Vector, levels: number): void {
  checkSymmetric('model.offDiagonalVariance', variance, levels);
  for (let i = 0; i < levels; i++) variance[i * levels + i] = 0;
  if (variance.some((v) => v < 0)) {
    throw new EigenflowError('parameter', 'model.offDiagonalVariance', 'a variance is negative');
  }
}

/**
 * The equation of `LevelProcess` with K_i = K0_i + sum_j k_ij (x_j - r_j) about reference levels r, and V, Q, D that do
 * not depend on the levels: the level surrogate with coefficients frozen (k = 0) or linearised about a reference state,
 * or along a path of such states, linear in time between them. Frozen coefficients lose the force that restores the
 * levels; they are of use for short times only (derived; docs/comparing.md has numbers).
 *
 * The energy, of which the loss is the mean, belongs to the symmetric part of k; the antisymmetric part has none. Along a
 * path it is that of the first state, because a loss does not know the time. Integrators of levels use the whole of k, at
 * its time.
 *
 * Throws EigenflowError `parameter` or `arrays` for coefficients of the wrong number, for V or Q that is not symmetric,
 * for V below 0, for Q that is not a covariance, and for times that do not ascend.
 */
export const generalLevels = defineModel({
  name: 'general-levels',
  summary: 'Levels under the Dyson equation with given coefficients, frozen or linear in the levels',
  params: {
    ...coefficientParameters,
    temperature,
    beta: betaParameter,
    floor: number({ doc: 'lowest value of a level, where it is reflected', unit: '1', optional: true }),
    initialLevels: {
      ...initialLevelsParameter,
      doc: 'levels at the start, in any order; the first reference when left out',
    },
  },
  cite: ['arXiv:2407.16427'],
  create(params, environment) {
    const { levels, reference, drift, driftSlope, offDiagonalVariance, diagonalCovariance, traceDrift, follow } =
      openCoefficients(params, environment);
    const correlated = diagonalCovariance.states.some((q) =>
      q.some((value, place) => value !== 0 && place % (levels + 1) !== 0),
    );
    const floor = params.floor ?? Number.NEGATIVE_INFINITY;
    const initial = givenLevels(params.initialLevels ?? [...reference.states[0]], levels, floor);
    const [r, K0, k] = [reference.states[0], drift.states[0], driftSlope.states[0]];
    const copy = (from: Vector) => (_x: Vector, out: Vector) => {
      for (let i = 0; i < from.length; i++) out[i] = from[i];
    };

    return createLevelModel({
      process: {
        levels,
        get temperature() {
          return params.temperature;
        },
        beta: checkBeta(params.beta),
        floor,
        constantNoise: offDiagonalVariance.states.length === 1 && diagonalCovariance.states.length === 1,
        prepare: follow,
        drift(x, out) {
          for (let i = 0; i < levels; i++) {
            let sum = drift.now[i];
            for (let j = 0; j < levels; j++) sum += driftSlope.now[i * levels + j] * (x[j] - reference.now[j]);
            out[i] = sum;
          }
        },
        traceDrift: copy(traceDrift.now),
        offDiagonalVariance: copy(offDiagonalVariance.now),
        diagonalVariance(_x, out) {
          for (let i = 0; i < levels; i++) out[i] = diagonalCovariance.now[i * levels + i];
        },
        diagonalCovariance: correlated ? copy(diagonalCovariance.now) : undefined,
      },
      initial: Float64Array.from(initial),
      energy(x, out, position) {
        let sum = 0;
        for (let i = 0; i < levels; i++) {
          let force = K0[i];
          for (let j = 0; j < levels; j++) force += (k[i * levels + j] * (x[j] - r[j])) / 2;
          sum -= force * (x[i] - r[i]);
        }
        out[position] = sum;
      },
      slope(x, out) {
        for (let i = 0; i < levels; i++) {
          let sum = K0[i];
          for (let j = 0; j < levels; j++) sum += ((k[i * levels + j] + k[j * levels + i]) / 2) * (x[j] - r[j]);
          out[i] = -sum;
        }
      },
    });
  },
});
