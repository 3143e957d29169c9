// The hard edge: levels of W W^T near 0. Their noise vanishes there with the root of the level, so integrators that move
// levels one by one move the roots, the singular values of W, whose noise has the same strength everywhere.
import { type DiffusingEntries, EigenflowError, type LevelProcess, type Vector } from 'eigenflow';

/** Variables that an integrator moves, with their equation. */
export interface RegularEquation {
  /** Equation of motion of the variables, without the forces of `wall`. */
  readonly process: LevelProcess;
  /**
   * Given where the variables are roots r_i: besides each other, they repel their images at -r_j, as strongly, and the
   * origin by T wall / r_i. Undefined where the variables are the levels.
   */
  readonly wall: number | undefined;
  /** Levels to variables, in place. */
  enter(levels: Vector): void;
  /** Variables to levels, in place. */
  leave(variables: Vector): void;
}

/**
 * With x_i = r_i^2, V_ij = s^2 (x_i + x_j), Q_ii = 4 s^2 x_i and D_i = L s^2 the roots obey (derived, Ito)
 *
 *     dr_i = { -decay r_i + T s^2/2 [ sum_{j != i} ( 1 / (r_i - r_j) + 1 / (r_i + r_j) ) + (L - K) / r_i ] } dtau
 *            + sqrt(T) s dB_i
 *
 * For L = K nothing holds r_1 off 0: it is the absolute value of a number that passes through 0 as if nothing were there.
 */
function createRootEquation(levels: LevelProcess, { cols, decay, noiseStrength }: DiffusingEntries): RegularEquation {
  const n = levels.levels;
  const variance = noiseStrength * noiseStrength;
  return {
    wall: ((cols - n) * variance) / 2,
    process: {
      levels: n,
      get temperature() {
        return levels.temperature;
      },
      beta: 1,
      floor: 0,
      constantNoise: true,
      drift(r, out) {
        for (let i = 0; i < n; i++) out[i] = -decay * r[i];
      },
      traceDrift(_r, out) {
        for (let i = 0; i < n; i++) out[i] = 0;
      },
      offDiagonalVariance(_r, out) {
        for (let k = 0; k < n * n; k++) out[k] = variance / 2;
        for (let i = 0; i < n; i++) out[i * n + i] = 0;
      },
      diagonalVariance(_r, out) {
        for (let i = 0; i < n; i++) out[i] = variance;
      },
    },
    enter(x) {
      for (let i = 0; i < n; i++) x[i] = Math.sqrt(x[i]);
    },
    leave(r) {
      for (let i = 0; i < n; i++) r[i] *= r[i];
    },
  };
}

const nothing = () => {};

/** The variables to move: the roots of the levels where these have a hard edge, the levels themselves elsewhere. */
export function regularEquation(process: LevelProcess): RegularEquation {
  if (process.entries) return createRootEquation(process, process.entries);
  return { process, wall: undefined, enter: nothing, leave: nothing };
}

/**
 * @throws EigenflowError `scenario` for levels whose noise vanishes at the floor, without the matrix behind them: no step
 * of theirs is right there
 */
export function checkFloor(process: LevelProcess, integrator: string): void {
  const { levels, floor, entries, constantNoise } = process;
  if (entries || constantNoise || floor === Number.NEGATIVE_INFINITY) return;
  const [at, above] = [floor, floor + 1].map((level) => {
    const variance = new Float64Array(levels);
    process.diagonalVariance(new Float64Array(levels).fill(level), variance);
    return variance[0];
  });
  if (at !== 0 || !(above > 0)) return;
  throw new EigenflowError(
    'scenario',
    'optimiser.use',
    `"${integrator}" cannot step these levels: their noise vanishes at the floor ${floor}, where a step with coefficients ` +
      'of its start is wrong; the level process of the model has to give the matrix behind them as `entries`',
  );
}
