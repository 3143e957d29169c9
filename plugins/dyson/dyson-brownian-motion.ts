// Model: Dyson Brownian motion, the eigenvalues of a matrix that diffuses in a potential.
import { choice, defineModel, EigenflowError, type Environment, integer, number, numbers } from 'eigenflow';
import {
  gaussianEnsemble,
  givenLevels,
  initialLevelsParameter,
  mostProbableLevels,
  spacedLevels,
} from './initial-levels.js';
import { createLevelModel } from './level-model.js';
import { betaParameter, checkBeta, noiseStrength, temperature } from './parameters.js';
import { harmonicPotential, type Potential, polynomialPotential } from './potential.js';

interface PotentialParameters {
  readonly potential: 'harmonic' | 'polynomial';
  readonly stiffness: number | undefined;
  readonly centre: number | undefined;
  readonly coefficients: readonly number[] | undefined;
}

function createPotential({ potential, stiffness, centre, coefficients }: PotentialParameters): Potential {
  const refuse = (name: string, message: string): never => {
    throw new EigenflowError('parameter', `model.${name}`, message);
  };
  if (potential === 'harmonic') {
    if (coefficients) refuse('coefficients', 'a harmonic potential has none; set potential to "polynomial"');
    return harmonicPotential(stiffness ?? 1, centre ?? 0);
  }
  if (stiffness !== undefined) refuse('stiffness', 'a polynomial potential is given by its coefficients alone');
  if (centre !== undefined) refuse('centre', 'a polynomial potential is given by its coefficients alone');
  return polynomialPotential(coefficients ?? refuse('coefficients', 'a polynomial potential needs its coefficients'));
}

interface InitialParameters {
  readonly initial: 'most-probable' | 'gaussian-ensemble' | 'spaced' | 'given';
  readonly initialWidth: number;
  readonly initialLevels: readonly number[] | undefined;
  readonly centre: number | undefined;
}

function createInitial(
  { initial, initialWidth, initialLevels, centre = 0 }: InitialParameters,
  levels: number,
  beta: number,
  environment: Environment,
): number[] {
  if ((initial === 'given') !== (initialLevels !== undefined)) {
    const message = initial === 'given' ? 'needed, because initial is "given"' : 'needs initial to be "given"';
    throw new EigenflowError('parameter', 'model.initialLevels', message);
  }
  if (initialLevels) return givenLevels(initialLevels, levels, Number.NEGATIVE_INFINITY);
  if (initial === 'spaced') return spacedLevels(levels, centre - initialWidth, centre + initialWidth);
  const draw = initial === 'gaussian-ensemble' ? gaussianEnsemble : mostProbableLevels;
  return draw(levels, beta, environment).map((level) => centre + initialWidth * level);
}

/**
 * Levels of a matrix X (real symmetric, Hermitian or quaternion self-dual: beta = 1, 2, 4) with
 *
 *     dX = -U'(X) dtau + sqrt(T) g dH,    variance dtau for each component of dH beside the diagonal, 2 dtau on it
 *
 * g being the noise strength, so that the levels obey, exactly (Dyson 1962),
 *
 *     dx_i = { -U'(x_i) + beta T g^2 sum_{j != i} 1 / (x_i - x_j) } dtau + sqrt(2 T) g dB_i.
 *
 * Their stationary density is prod_{i<j} |x_i - x_j|^beta exp(-sum_i U(x_i) / (T g^2)). In the harmonic potential,
 * with sigma^2 = T g^2 / stiffness, the mean of sum_i (x_i - centre)^2 is sigma^2 [K + beta K (K - 1) / 2] (derived),
 * a level by itself is normal with standard deviation sigma, and many fill the semicircle of radius sigma sqrt(2 beta
 * K).
 *
 * Throws EigenflowError `parameter` for parameters that contradict each other.
 */
export const dysonBrownianMotion = defineModel({
  name: 'dyson-brownian-motion',
  summary: 'Eigenvalues of a matrix that diffuses in a harmonic or polynomial potential',
  params: {
    levels: integer({ doc: 'number of levels K', unit: '1', min: 1 }),
    beta: betaParameter,
    temperature,
    noiseStrength: {
      ...noiseStrength,
      doc: 'g: standard deviation of a component of a matrix element, per root of learning time, at T = 1',
    },
    potential: choice({
      doc: 'harmonic: stiffness/2 (x - centre)^2; polynomial: any other, by its coefficients',
      values: ['harmonic', 'polynomial'],
      default: 'harmonic',
    }),
    stiffness: number({
      doc: 'rate at which a harmonic potential restores; 1 when left out',
      unit: '1',
      optional: true,
    }),
    centre: number({ doc: 'centre of a harmonic potential; 0 when left out', unit: '1', optional: true }),
    coefficients: numbers({
      doc: 'polynomial potential c0 + c1 x + c2 x^2 + ..., lowest power first',
      unit: '1',
      optional: true,
    }),
    initial: choice({
      doc:
        'most-probable: the frozen ensemble, for many levels the semicircle; gaussian-ensemble: drawn; ' +
        'spaced: evenly, from centre - initialWidth to centre + initialWidth; given: initialLevels',
      values: ['most-probable', 'gaussian-ensemble', 'spaced', 'given'],
      default: 'most-probable',
    }),
    initialWidth: number({
      doc: 'sigma of the ensemble at the start: standard deviation of a diagonal matrix element',
      unit: '1',
      default: 1,
      min: 0,
    }),
    initialLevels: initialLevelsParameter,
  },
  cite: ['doi:10.1063/1.1703862', 'arXiv:2407.16427'],
  create(params, environment) {
    const { levels, noiseStrength: strength } = params;
    const beta = checkBeta(params.beta);
    const { energy, slope } = createPotential(params);
    const variance = strength * strength;
    const initial = createInitial(params, levels, beta, environment);
    return createLevelModel({
      process: {
        levels,
        get temperature() {
          return params.temperature;
        },
        beta,
        floor: Number.NEGATIVE_INFINITY,
        constantNoise: true,
        drift(x, out) {
          slope(x, out);
          for (let i = 0; i < levels; i++) out[i] = -out[i];
        },
        traceDrift(_x, out) {
          for (let i = 0; i < levels; i++) out[i] = 0;
        },
        offDiagonalVariance(_x, out) {
          for (let i = 0; i < levels * levels; i++) out[i] = beta * variance;
          for (let i = 0; i < levels; i++) out[i * levels + i] = 0;
        },
        diagonalVariance(_x, out) {
          for (let i = 0; i < levels; i++) out[i] = 2 * variance;
        },
      },
      initial: Float64Array.from(initial),
      energy,
      slope,
    });
  },
});
