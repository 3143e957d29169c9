// Observer: the stationary state of descent under batch noise near a minimum: covariance, circulating currents, entropy
// production and fluctuation theorems, measured along the run and from theory.
import { defineObserver, EigenflowError, elementary, integer, number, observer, scalar, vector } from 'eigenflow';
import { jackknifeAll, Matrix, meanEstimate, solve } from 'eigenflow/theory';
import {
  type BlockSums,
  circulationOf,
  excursionParameters,
  momentsOf,
  openExcursion,
  stepsPerLook,
  traceOf,
} from './excursion.js';
import { diffusionMatrix, stateOf } from './theory/batch-noise.js';
import { gradientCovariance } from './theory/landscape.js';
import {
  entropyForm,
  entropyRate,
  fokkerPlanck,
  isPositive,
  type LinearState,
  traceOfProduct,
} from './theory/linear-state.js';
import { findWell, requireSampling } from './well.js';

const { exp, log } = elementary;

/** |A|^2 summed over entries. */
const squareOf = (matrix: Matrix) => traceOfProduct(matrix, matrix.transpose());

/** Noise of one look, <x' x'^T> - <x' x^T> C^-1 <x x'^T>: what the map x' = A x with the A that fits best leaves. */
function noiseOf(covariance: Matrix, lagged: Matrix): Matrix {
  const rest = Matrix.sub(covariance, lagged.transpose().mmul(solve(covariance, lagged)));
  return Matrix.add(rest, rest.transpose()).mul(1 / 2);
}

/**
 * Entropy production of one look by measured moments alone: -tr(K D^-1 K C^-1), with products of circulations of
 * different blocks only, so that their noise does not add to the mean. It can be negative where there is none. Areas
 * are those about the mean: about another point the ends of neighbouring blocks would be correlated.
 */
function measuredEntropy(blocks: readonly BlockSums[], centre: Float64Array): number {
  const { covariance, lagged } = momentsOf(blocks, centre);
  const C = Matrix.add(covariance, covariance.transpose()).mul(1 / 2);
  // Singular where nothing moves.
  if (!isPositive(C)) return Number.NaN;
  const diffusion = noiseOf(C, lagged).mul(1 / 2);
  const looks = blocks.reduce((sum, block) => sum + block.looks, 0);
  const areas = blocks.map((block) => ({ share: block.looks / looks, K: circulationOf(momentsOf([block], centre)) }));
  const total = Matrix.zeros(C.rows, C.rows);
  for (const { share, K } of areas) total.add(Matrix.mul(K, share));
  const all = entropyRate(total, total, diffusion, C);
  const own = areas.reduce((sum, { share, K }) => sum + share * share * entropyRate(K, K, diffusion, C), 0);
  const squares = areas.reduce((sum, { share }) => sum + share * share, 0);
  return (all - own) / (1 - squares);
}

/** Sums of the entropy production over windows of looks, with the displacement that corrects them for the mean. */
interface Windows {
  readonly count: number;
  readonly sums: Float64Array;
  /** count x size */
  readonly displacements: Float64Array;
}

/**
 * The run is followed from where it stands, x the deviation from its mean and x' that one look (a step, or an epoch)
 * later. Measured:
 *
 *     covariance         C = <x x^T>; `trace` its trace
 *     circulation        K = 1/2 <x x'^T - x' x^T>, the area swept per look: 0 in equilibrium
 *     entropyProduction  -tr(K D^-1 K C^-1) per look with measured C, K and D = 1/2 <noise noise^T>, the products of K
 *                        from different blocks, so that it is 0 on average in equilibrium
 *     irreversibility    the same over tr(1 - A), the relaxation rates per look summed: entropy produced while
 *                        the state is renewed once; does not depend on small step sizes
 *
 * `...Theory` is the stationary state of the linear map x' = A x + noise at the minimum that descent from the initial
 * weights leads to, with Hessian, gradient covariance and order of the batches: exact for a quadratic loss whose sample
 * gradients differ by constants. `...FokkerPlanck` is its limit of small steps, H C + C H = (2/eta) D and
 * K = (eta/2) (H C - C H), for looks at every step. Batches without replacement have a theory for looks at whole
 * epochs.
 *
 * Along the trajectory the entropy production of a look is (-K C^-1 (x + x')/2)^T D^-1 (x' - x) with the theory's
 * matrices, summed over windows of `window` looks into Sigma. By the midpoint it changes sign when the path is run
 * backward, and has the mean of `entropyProductionTheory` in the linear map at any step size (derived);
 * arXiv:2306.03521 takes x, which is the same in the limit of small steps.
 *
 *     entropyAlong          mean per look
 *     integralFluctuation   <exp(-Sigma)>, 1 by the integral fluctuation theorem
 *     detailedSlope         of ln P(Sigma)/P(-Sigma) against Sigma, 1 by the detailed one
 *     density, mirrored     P(Sigma) and exp(Sigma) P(-Sigma) in bins between -range and range: equal by the same
 *
 * Errors by the jackknife over blocks; of the fluctuation theorems over windows, which count as independent.
 *
 * Theory is NaN where there is none: periodic batches, parts of epochs without replacement, noise that leaves a
 * direction out. Throws EigenflowError `component` for other optimisers than plain descent, noise models that do not
 * say how they draw batches, models without exact second derivatives, and where descent leads to no strict minimum;
 * `parameter` for windows longer than the excursion.
 */
export const steadyState = defineObserver({
  name: 'steady-state',
  summary: 'Covariance, circulating currents, entropy production and fluctuation theorems of the stationary state',
  params: {
    ...excursionParameters,
    window: integer({ doc: 'looks over which entropy production is summed', unit: '1', default: 100, min: 1 }),
    bins: integer({ doc: 'bins of the density', unit: '1', default: 40, min: 2 }),
    range: number({ doc: 'the density goes from -range to range', unit: '1', default: 4, above: 0 }),
  },
  cite: ['arXiv:2306.03521'],
  create(params, environment) {
    const { run } = environment;
    const size = run.model.size;
    const { window, bins, range } = params;
    const { landscape, minimum } = findWell(environment, 'steady-state');
    const sampling = requireSampling(run, 'steady-state');
    const steps = stepsPerLook(params, run);
    const count = Math.floor(params.looks / window);
    if (count < 2) {
      const message = `is ${window}, but the run is followed for ${params.looks} looks; take half of them at most`;
      throw new EigenflowError('parameter', 'window', message);
    }
    const excursion = openExcursion(run.shadowTrajectory(), size, steps, params);
    const covarianceOfGradients = gradientCovariance(minimum.expansion, landscape);
    const windows: Windows = {
      count,
      sums: new Float64Array(count),
      displacements: new Float64Array(count * size),
    };
    const form = new Float64Array(size * size);
    const matrix = (unit: string, doc: string) => ({ shape: [size, size], dims: ['row', 'col'], unit, doc });
    const perLook = params.every === 'step' ? '1/step' : '1/epoch';
    const relaxation = (state: LinearState) => state.factors.reduce((sum, factor) => sum + 1 - factor, 0);

    /** Adds what one look produces to its window. */
    const onLook = (before: Float64Array, after: Float64Array, look: number) => {
      const at = Math.floor(look / window);
      if (at >= count) return;
      let produced = 0;
      for (let i = 0; i < size; i++) {
        let row = 0;
        for (let j = 0; j < size; j++) row += form[i * size + j] * (after[j] - before[j]);
        produced += ((before[i] + after[i]) / 2) * row;
        windows.displacements[at * size + i] += after[i] - before[i];
      }
      windows.sums[at] += produced;
    };

    return observer({
      channels: {
        covariance: matrix('1', 'covariance of the weights in the stationary state'),
        covarianceTheory: matrix('1', 'the same of the linear map with its noise'),
        trace: scalar('1', 'trace of the covariance', { label: 'trace of the covariance' }),
        traceError: scalar('1', 'its standard error'),
        traceTheory: scalar('1', 'trace of the covariance of the linear map'),
        traceFokkerPlanck: scalar('1', 'trace of the covariance by the Fokker-Planck equation'),
        circulation: matrix('1', 'area swept per look in each plane'),
        circulationTheory: matrix('1', 'the same of the linear map with its noise'),
        circulationDistance: scalar(
          '1',
          'Frobenius distance of the circulation from its theory, over the norm of that',
        ),
        circulationOverlap: scalar('1', 'projection of the circulation on its theory: 1 where they agree'),
        circulationOverlapError: scalar('1', 'its standard error'),
        entropyProduction: scalar(perLook, 'entropy production by measured moments', { label: 'entropy production' }),
        entropyProductionError: scalar(perLook, 'its standard error'),
        entropyProductionTheory: scalar(perLook, 'entropy production of the linear map'),
        entropyProductionFokkerPlanck: scalar(perLook, 'entropy production by the Fokker-Planck equation'),
        irreversibility: scalar('1', 'entropy production over the sum of the relaxation rates'),
        irreversibilityError: scalar('1', 'its standard error'),
        irreversibilityTheory: scalar('1', 'irreversibility of the linear map'),
        entropyAlong: scalar(perLook, 'mean entropy production along the trajectory'),
        entropyAlongError: scalar(perLook, 'its standard error'),
        integralFluctuation: scalar('1', 'mean of exp(-Sigma): 1 by the integral fluctuation theorem'),
        integralFluctuationError: scalar('1', 'its standard error'),
        detailedSlope: scalar('1', 'slope of ln P(Sigma)/P(-Sigma): 1 by the detailed fluctuation theorem'),
        detailedSlopeError: scalar('1', 'its standard error'),
        density: vector('bin', bins, '1', 'density of Sigma, the entropy produced in a window'),
        mirrored: vector('bin', bins, '1', 'exp(Sigma) times the density of -Sigma'),
      },
      observe(frame) {
        // What has no theory stays so.
        for (const channel of Object.values(frame)) channel.fill(Number.NaN);
        const stepSize = run.nextStepSize;
        const state = stateOf(minimum, landscape, { sampling, stepSize, steps });
        const entropy = state && entropyForm(state);
        windows.sums.fill(0);
        windows.displacements.fill(0);
        form.set(entropy ? entropy.to1DArray() : form.fill(Number.NaN));
        excursion.follow(minimum.theta, onLook);

        const { blocks } = excursion;
        const { mean, covariance } = momentsOf(blocks);
        if (!covariance.to1DArray().every(Number.isFinite)) return;
        frame.covariance.set(covariance.to1DArray());
        const circulation = circulationOf(momentsOf(blocks, mean));
        frame.circulation.set(circulation.to1DArray());
        const rates = state ? relaxation(state) : Number.NaN;
        const K = state?.circulation;
        const strength = K ? squareOf(K) : Number.NaN;
        const [trace, overlap, produced] = jackknifeAll(
          blocks,
          (some) => {
            const swept = circulationOf(momentsOf(some, mean));
            const overlapOf = K ? traceOfProduct(swept, K.transpose()) / strength : Number.NaN;
            return [traceOf(momentsOf(some, mean).covariance), overlapOf, measuredEntropy(some, mean)];
          },
          blocks.length,
        );
        frame.trace[0] = trace.value;
        frame.traceError[0] = trace.error;
        frame.circulationOverlap[0] = overlap.value;
        frame.circulationOverlapError[0] = overlap.error;
        frame.entropyProduction[0] = produced.value;
        frame.entropyProductionError[0] = produced.error;
        frame.irreversibility[0] = produced.value / rates;
        frame.irreversibilityError[0] = produced.error / rates;
        if (!state) return;

        frame.covarianceTheory.set(state.covariance.to1DArray());
        frame.circulationTheory.set(state.circulation.to1DArray());
        frame.traceTheory[0] = traceOf(state.covariance);
        frame.circulationDistance[0] = Math.sqrt(squareOf(Matrix.sub(circulation, state.circulation)) / strength);
        frame.entropyProductionTheory[0] = state.entropyProduction;
        frame.irreversibilityTheory[0] = state.entropyProduction / rates;
        if (steps === 1) {
          const diffusion = diffusionMatrix(covarianceOfGradients, sampling, landscape.samples, stepSize);
          const limit = fokkerPlanck(minimum.spectrum, stepSize, diffusion);
          frame.traceFokkerPlanck[0] = traceOf(limit.covariance);
          frame.entropyProductionFokkerPlanck[0] = limit.entropyProduction;
        }
        if (!entropy) return;
        const sums = windows.sums.map((sum, w) => {
          let correction = 0;
          for (let i = 0; i < size; i++) {
            for (let j = 0; j < size; j++) {
              correction += mean[i] * form[i * size + j] * windows.displacements[w * size + j];
            }
          }
          return sum - correction;
        });
        const along = meanEstimate(sums);
        frame.entropyAlong[0] = along.value / window;
        frame.entropyAlongError[0] = along.error / window;
        const integral = meanEstimate(sums.map((sum) => exp(-sum)));
        frame.integralFluctuation[0] = integral.value;
        frame.integralFluctuationError[0] = integral.error;
        const slope = detailedSlope(sums);
        frame.detailedSlope[0] = slope.value;
        frame.detailedSlopeError[0] = slope.error;
        const { density, mirrored } = densities(sums, bins, range);
        frame.density.set(density);
        frame.mirrored.set(mirrored);
      },
    });
  },
});

/** Bins of |Sigma| for the slope, and the fewest windows on the rarer side of one. */
const SLOPE_BINS = 40;
const FEWEST = 10;

/**
 * ln n(Sigma)/n(-Sigma) against the mean of |Sigma| in bins of equal width up to its largest value, a line through 0,
 * weighted by the errors of the counts.
 */
function detailedSlope(sums: Float64Array): { readonly value: number; readonly error: number } {
  const width = sums.reduce((most, sum) => Math.max(most, Math.abs(sum)), 0) / SLOPE_BINS;
  const [right, left, distance] = Array.from({ length: 3 }, () => new Float64Array(SLOPE_BINS));
  for (const sum of sums) {
    const bin = Math.min(SLOPE_BINS - 1, Math.floor(Math.abs(sum) / width));
    (sum > 0 ? right : left)[bin] += 1;
    distance[bin] += Math.abs(sum);
  }
  let [products, squares] = [0, 0];
  for (let bin = 0; bin < SLOPE_BINS; bin++) {
    if (Math.min(right[bin], left[bin]) < FEWEST) continue;
    const x = distance[bin] / (right[bin] + left[bin]);
    const weight = 1 / (1 / right[bin] + 1 / left[bin]);
    products += weight * x * log(right[bin] / left[bin]);
    squares += weight * x * x;
  }
  return { value: products / squares, error: 1 / Math.sqrt(squares) };
}

function densities(sums: Float64Array, bins: number, range: number) {
  const width = (2 * range) / bins;
  const density = new Float64Array(bins);
  for (const sum of sums) {
    const bin = Math.floor((sum + range) / width);
    if (bin >= 0 && bin < bins) density[bin] += 1 / (sums.length * width);
  }
  const mirrored = density.map((_, bin) => {
    const centre = -range + (bin + 1 / 2) * width;
    return exp(centre) * density[bins - 1 - bin];
  });
  return { density, mirrored };
}
