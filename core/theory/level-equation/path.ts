// A closed level equation along the path of an ensemble: its states frame by frame, and the arrays in which a model of
// levels finds them.
import type { NumberArray } from '../../contracts/arrays.js';
import type { LevelCoefficients } from './coefficients.js';
import { averagedCoefficients, linearisedCoefficients, type SurrogateCoefficients } from './surrogate.js';

/** How the drift depends on the levels: not at all, or linearly by regression over the ensemble. */
export type DriftModel = 'frozen' | 'linearised';

/** Replicas of a run that have not yet parted: all levels are the same to rounding. */
function areTogether(frames: readonly LevelCoefficients[]): boolean {
  const [first, ...others] = frames;
  return others.every(({ levels }) =>
    Array.from(levels).every((level, i) => Math.abs(level - first.levels[i]) <= 1e-9 * Math.abs(first.levels[i])),
  );
}

/**
 * One state for each frame. Where the replicas have not yet parted, as at the start, slopes are those of the first frame
 * at which they have.
 *
 * @param replicas frames of each replica, at the same learning times in all of them
 * @param ridge see `linearisedCoefficients`
 * @throws RangeError when the ensemble cannot determine the slopes at any time
 */
export function surrogatePath(
  replicas: readonly (readonly LevelCoefficients[])[],
  drift: DriftModel,
  ridge?: number,
): SurrogateCoefficients[] {
  const frames = replicas[0].map((_, i) => replicas.map((replica) => replica[i]));
  if (drift === 'frozen') return frames.map(averagedCoefficients);
  const parted = frames.findIndex((together) => !areTogether(together));
  const states = frames.slice(Math.max(0, parted)).map((together) => linearisedCoefficients(together, ridge));
  const early = frames.slice(0, Math.max(0, parted)).map((together) => {
    return { ...averagedCoefficients(together), driftSlope: states[0].driftSlope };
  });
  return [...early, ...states];
}

/** Arrays of the model `general-levels`, first axis the frames: `time`, `reference`, `K`, `k`, `V`, `Q`, `D`. */
export function pathArrays(
  time: readonly number[],
  states: readonly SurrogateCoefficients[],
): ReadonlyMap<string, NumberArray> {
  const levels = states[0].reference.length;
  const stack = (shape: readonly number[], of: (state: SurrogateCoefficients) => Float64Array): NumberArray => ({
    shape: [states.length, ...shape],
    data: Float64Array.from(states.flatMap((state) => [...of(state)])),
  });
  return new Map([
    ['time', { shape: [time.length], data: Float64Array.from(time) }],
    ['reference', stack([levels], ({ reference }) => reference)],
    ['K', stack([levels], ({ drift }) => drift)],
    ['k', stack([levels, levels], ({ driftSlope }) => driftSlope)],
    ['V', stack([levels, levels], ({ offDiagonalVariance }) => offDiagonalVariance.map((v) => Math.max(0, v)))],
    ['Q', stack([levels, levels], ({ diagonalCovariance }) => diagonalCovariance)],
    ['D', stack([levels], ({ traceDrift }) => traceDrift)],
  ]);
}
