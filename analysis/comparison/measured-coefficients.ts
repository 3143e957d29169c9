// Coefficients of a level surrogate from the runs of the reference: averaged, and in the form in which the model of the
// surrogate takes them.
import type { NamedArrays, NumberArray } from '../../core/contracts/arrays.js';
import { EigenflowError } from '../../core/errors.js';
import type { MeasuredCoefficients } from '../../core/scenario/scenario.js';
import { coefficientFrames } from '../../core/theory/level-equation/coefficients.js';
import { pathArrays, surrogatePath } from '../../core/theory/level-equation/path.js';
import { float64 } from '../../node/files/npy.js';
import { encodeNpz } from '../../node/files/npz.js';
import { markRepeated } from '../../node/results/copies.js';
import { type DynamicsRuns, rowsOf } from './dynamics-runs.js';

/** Coefficients of the right shape, all zero but for levels that are apart: for checks before anything has been measured. */
export function placeholderCoefficients(levels: number): NamedArrays {
  const zeros = new Float64Array(levels * levels);
  const state = {
    reference: Float64Array.from({ length: levels }, (_, i) => i + 1),
    drift: zeros.subarray(0, levels),
    driftSlope: zeros,
    offDiagonalVariance: zeros,
    diagonalCovariance: zeros,
    traceDrift: zeros.subarray(0, levels),
  };
  const arrays = pathArrays([0], [state]);
  return {
    source: 'coefficients that are yet to be measured',
    digest: '0',
    names: [...arrays.keys()],
    has: (name) => arrays.has(name),
    get: (name) => arrays.get(name) as NumberArray,
  };
}

/**
 * @param runs realisations of the reference that they are measured on
 * @throws EigenflowError `results` when fewer than two realisations completed, or they do not determine the coefficients
 */
export function measureCoefficients(
  runs: Pick<DynamicsRuns, 'source' | 'rows' | 'seriesOf'>,
  { from, drift, ridge }: MeasuredCoefficients,
): ReadonlyMap<string, NumberArray> {
  const { source } = runs;
  const replicas = markRepeated(rowsOf(runs))
    .filter(({ status, copyOf }) => status === 'completed' && copyOf === undefined)
    .map(({ id }) =>
      coefficientFrames((channel) => {
        const series = runs.seriesOf(id, `${from}.${channel}`);
        if (series) return series;
        throw new EigenflowError('results', source, `run ${id} has no frame of ${from}.${channel}`);
      }),
    );
  if (replicas.length < 2) {
    throw new EigenflowError('results', source, `${replicas.length} different realisations completed; two are needed`);
  }
  try {
    const frames = replicas.map((replica) => replica.frames);
    return pathArrays(replicas[0].time, surrogatePath(frames, drift, ridge));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new EigenflowError('results', source, `coefficients cannot be measured: ${error.message}`, { cause: error });
  }
}

/** The same as the file of arrays in which a model finds them. */
export const encodeCoefficients = (arrays: ReadonlyMap<string, NumberArray>): Uint8Array =>
  encodeNpz(new Map([...arrays].map(([name, { data, shape }]) => [name, float64(data, shape)])));
