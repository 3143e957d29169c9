// Coefficients of a level surrogate from the stored runs of the reference: read, averaged, and written where the model of
// the surrogate finds them.
import { dirname } from 'node:path';
import type { NamedArrays, NumberArray } from '../../core/contracts/arrays.js';
import { EigenflowError } from '../../core/errors.js';
import type { MeasuredCoefficients } from '../../core/scenario/scenario.js';
import { coefficientFrames } from '../../core/theory/level-equation/coefficients.js';
import { pathArrays, surrogatePath } from '../../core/theory/level-equation/path.js';
import { writeHeld } from '../../node/files/held-files.js';
import { float64 } from '../../node/files/npy.js';
import { encodeNpz } from '../../node/files/npz.js';
import { markRepeated } from '../../node/results/copies.js';
import { readRun, readSeries } from '../../node/results/run-file.js';
import type { RunRow } from '../../node/results/runs-table.js';

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
 * @param file where the arrays go
 * @param folder results of the reference
 * @throws EigenflowError `results` when fewer than two realisations completed, or they do not determine the coefficients
 */
export async function writeCoefficients(
  file: string,
  folder: string,
  rows: readonly RunRow[],
  { from, drift, ridge }: MeasuredCoefficients,
): Promise<void> {
  const replicas = markRepeated(rows)
    .filter(({ status, copyOf }) => status === 'completed' && copyOf === undefined)
    .map(({ id }) => {
      const arrays = readRun(folder, id);
      return coefficientFrames((channel) => {
        const series = readSeries(arrays, `${from}.${channel}`);
        if (series) return series;
        throw new EigenflowError('results', folder, `run ${id} has no frame of ${from}.${channel}`);
      });
    });
  if (replicas.length < 2) {
    throw new EigenflowError('results', folder, `${replicas.length} different realisations completed; two are needed`);
  }
  let arrays: ReturnType<typeof pathArrays>;
  try {
    const frames = replicas.map((replica) => replica.frames);
    arrays = pathArrays(replicas[0].time, surrogatePath(frames, drift, ridge));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new EigenflowError('results', folder, `coefficients cannot be measured: ${error.message}`, { cause: error });
  }
  const entries = [...arrays].map(([name, { data, shape }]) => [name, float64(data, shape)] as const);
  await writeHeld(dirname(file), file, encodeNpz(new Map(entries)));
}
