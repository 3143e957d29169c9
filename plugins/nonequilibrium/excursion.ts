// Moments of a stationary state, from an excursion: the run is followed from where it stands and looked at after every
// step or every epoch.
import { choice, EigenflowError, integer, type ParameterValues, type RunView, type ShadowTrajectory } from 'eigenflow';
import { Matrix } from 'eigenflow/theory';

export const excursionParameters = {
  every: choice({
    doc:
      'unit of time of everything measured: what happens in a step, or in an epoch. Batches without replacement ' +
      'have a theory for whole epochs only',
    values: ['step', 'epoch'],
    default: 'step',
  }),
  looks: integer({
    doc: 'how many steps or epochs the run is followed from where it stands',
    unit: '1',
    default: 20_000,
    min: 40,
  }),
  transient: integer({
    doc: 'steps or epochs that go before, unmeasured: several times as long as the slowest relaxation',
    unit: '1',
    default: 0,
    min: 0,
  }),
  blocks: integer({
    doc: 'consecutive blocks whose scatter gives errors; each several times as long as the slowest relaxation',
    unit: '1',
    default: 20,
    min: 4,
  }),
} as const;

export type ExcursionParameters = ParameterValues<typeof excursionParameters>;

/** @returns steps between two looks. @throws EigenflowError `parameter` where an epoch is no whole number of steps */
export function stepsPerLook({ every }: Pick<ExcursionParameters, 'every'>, { stepsPerEpoch }: RunView): number {
  if (every === 'step') return 1;
  if (Number.isInteger(stepsPerEpoch)) return stepsPerEpoch;
  const message = `"epoch" needs a whole number of steps in an epoch, found ${stepsPerEpoch}`;
  throw new EigenflowError('parameter', 'every', `${message}; take a batch size that divides the data set, or "step"`);
}

/** Sums over the looks of one block, of x (before a look) and x' (after it), as differences from a fixed point. */
export interface BlockSums {
  readonly looks: number;
  /** Sums of x, x', x x^T and x x'^T. */
  readonly before: Float64Array;
  readonly after: Float64Array;
  readonly square: Float64Array;
  readonly lagged: Float64Array;
}

/** What a look is told: x before it and x' after it, as differences from the fixed point. */
export type OnLook = (before: Float64Array, after: Float64Array, look: number) => void;

export interface Excursion {
  readonly blocks: readonly BlockSums[];
  /** Follows the run from where it stands; allocates nothing. @param origin the fixed point */
  follow(origin: ArrayLike<number>, onLook?: OnLook): void;
}

/** Called while vectors can be carved. */
export function openExcursion(
  shadow: ShadowTrajectory,
  size: number,
  steps: number,
  { looks, transient, blocks: count }: ExcursionParameters,
): Excursion {
  const { theta } = shadow;
  const edge = (k: number) => Math.floor((k * looks) / count);
  const blocks = Array.from({ length: count }, (_, k) => ({
    looks: edge(k + 1) - edge(k),
    before: new Float64Array(size),
    after: new Float64Array(size),
    square: new Float64Array(size * size),
    lagged: new Float64Array(size * size),
  }));
  let before = new Float64Array(size);
  let after = new Float64Array(size);
  return {
    blocks,
    follow(origin, onLook) {
      shadow.reset();
      // An epoch is one permutation from its start on.
      const { step } = shadow.clock;
      shadow.advance(steps * Math.ceil(step / steps) - step);
      if (transient > 0) shadow.advance(transient * steps);
      for (let i = 0; i < size; i++) after[i] = theta[i] - origin[i];
      let look = 0;
      for (const block of blocks) {
        const { before: sum, after: next, square, lagged } = block;
        sum.fill(0);
        next.fill(0);
        square.fill(0);
        lagged.fill(0);
        for (let k = 0; k < block.looks; k++) {
          const old = before;
          before = after;
          after = old;
          shadow.advance(steps);
          for (let i = 0; i < size; i++) after[i] = theta[i] - origin[i];
          for (let i = 0; i < size; i++) {
            const x = before[i];
            sum[i] += x;
            next[i] += after[i];
            for (let j = 0; j < size; j++) {
              square[i * size + j] += x * before[j];
              lagged[i * size + j] += x * after[j];
            }
          }
          onLook?.(before, after, look);
          look += 1;
        }
      }
    },
  };
}

/** Moments about the mean of all looks. */
export interface Moments {
  readonly looks: number;
  /** Mean of x, as a difference from the fixed point of the excursion. */
  readonly mean: Float64Array;
  /** <x x^T> about the mean. */
  readonly covariance: Matrix;
  /** <x x'^T> about the mean. */
  readonly lagged: Matrix;
}

const added = (blocks: readonly BlockSums[], of: (block: BlockSums) => Float64Array) => {
  const sum = new Float64Array(of(blocks[0]).length);
  for (const block of blocks) {
    const part = of(block);
    for (let i = 0; i < sum.length; i++) sum[i] += part[i];
  }
  return sum;
};

/** @param about default: the mean of these blocks */
export function momentsOf(blocks: readonly BlockSums[], about?: Float64Array): Moments {
  const looks = blocks.reduce((sum, block) => sum + block.looks, 0);
  const over = (of: (block: BlockSums) => Float64Array) => added(blocks, of).map((sum) => sum / looks);
  const mean = over(({ before }) => before);
  const next = over(({ after }) => after);
  const square = over((block) => block.square);
  const lagged = over((block) => block.lagged);
  const centre = about ?? mean;
  const size = mean.length;
  const centred = (product: Float64Array, right: Float64Array) =>
    Matrix.from1DArray(
      size,
      size,
      product.map((value, k) => {
        const [i, j] = [Math.floor(k / size), k % size];
        return value - centre[i] * right[j] - mean[i] * centre[j] + centre[i] * centre[j];
      }),
    );
  return { looks, mean, covariance: centred(square, mean), lagged: centred(lagged, next) };
}

/** 1/2 (<x x'^T> - <x' x^T>), antisymmetric. */
export const circulationOf = ({ lagged }: Moments): Matrix => Matrix.sub(lagged, lagged.transpose()).mul(1 / 2);

export function traceOf(matrix: Matrix): number {
  let trace = 0;
  for (let i = 0; i < matrix.rows; i++) trace += matrix.get(i, i);
  return trace;
}
