// Optimiser: Muon for matrices, AdamW for the rest.
import {
  type Block,
  choice,
  clip,
  clippedGradient,
  defineOptimiser,
  EigenflowError,
  flag,
  integer,
  number,
  rememberAddress,
  suggest,
  texts,
  type Vector,
} from 'eigenflow';
import { biasCorrection } from './bias-correction.js';
import { newtonSchulz } from './newton-schulz.js';
import { averaging, decoupledDecay, epsilon, learningRate } from './parameters.js';
import { polarFactor } from './polar-factor.js';

const SHAPE_FACTORS = {
  original: (rows: number, cols: number) => Math.sqrt(Math.max(1, rows / cols)),
  'match-rms-adamw': (rows: number, cols: number) => 0.2 * Math.sqrt(Math.max(rows, cols)),
  'spectral-unclamped': (rows: number, cols: number) => Math.sqrt(rows / cols),
  none: () => 1,
};

const isMatrix = ({ rows, cols }: Block) => rows > 1 && cols > 1;

/** @throws EigenflowError `parameter` for a name that no block has, and for a block that is no matrix */
function chosenBlocks(layout: readonly Block[], names: readonly string[] | undefined): ReadonlySet<string> {
  if (!names) return new Set(layout.filter(isMatrix).map(({ name }) => name));
  for (const wanted of names) {
    const known = layout.map(({ name }) => name);
    const block = layout.find(({ name }) => name === wanted);
    if (!block) {
      const message = `the model has no block "${wanted}"${suggest(wanted, known)}`;
      throw new EigenflowError('parameter', 'optimiser.blocks', message);
    }
    if (!isMatrix(block)) {
      const message = `"${wanted}" is ${block.rows} x ${block.cols}: Muon is for matrices; leave it to AdamW`;
      throw new EigenflowError('parameter', 'optimiser.blocks', message);
    }
  }
  return new Set(names);
}

/** A window on part of a vector, cut once per vector, so that steps do not allocate. */
function createWindow({ offset, rows, cols }: Block): (vector: Vector) => Vector {
  const cut = new WeakMap<Vector, Vector>();
  return (vector) => {
    let part = cut.get(vector);
    if (!part) {
      part = vector.subarray(offset, offset + rows * cols);
      rememberAddress(part);
      cut.set(vector, part);
    }
    return part;
  };
}

/**
 * Muon. For each matrix of weights (rows = outputs, cols = inputs), with G the gradient on the batch and M = 0 at the
 * start:
 *
 *     M     <- momentum M + (1 - momentum) G
 *     U     =  (1 - momentum) G + momentum M (nesterov), or M
 *     theta <- (1 - learningRate weightDecay) theta - learningRate s O(U)
 *
 * O is five steps of Newton and Schulz's iteration (see newton-schulz.ts) in float64, where PyTorch and the reference
 * repository use bfloat16 and are 0.5 to 1.8 % away; or, with `exact`, the polar factor, singular directions at the
 * level of rounding left out. `shape` is s, under PyTorch's names: original sqrt(max(1, rows/cols)); match-rms-adamw
 * 0.2 sqrt(max(rows, cols)); spectral-unclamped sqrt(rows/cols). Decay does not see s. epsilon is a floor of the
 * Frobenius norm, as in PyTorch; the repository adds it. The default of weightDecay is 0 here and in the repository,
 * 0.1 in PyTorch.
 *
 * `blocks` names the matrices; without it they are all blocks with more than one row and column. What is left, biases
 * above all, goes to AdamW with the parameters that begin with aux (defaults as in the reference repository); the
 * authors recommend it for first and last layers too. A block of one row or column would be normalised SGD.
 *
 * There is no limit of stability, neither preconditioner nor `descent`: the preconditioner is made anew by the very
 * oscillation that it would have to limit (measured). At usual rates the singular values alternate about half the rate
 * and trajectories are chaotic: no two implementations agree beyond some hundred steps, nor do two orders of summation.
 * Learning time advances by learningRate.
 *
 * Throws EigenflowError `parameter` when a name in `blocks` is no matrix of the model, or the model has none.
 */
export const muon = defineOptimiser({
  name: 'muon',
  summary: 'Orthogonalised momentum for matrices, AdamW for everything else',
  params: {
    learningRate,
    momentum: averaging('the average of gradients', 0.95),
    nesterov: flag({ doc: 'mix the present gradient in once more', default: true }),
    steps: integer({ doc: 'steps of the iteration', unit: '1', default: 5, min: 1, max: 100 }),
    exact: flag({ doc: 'the polar factor itself in place of the iteration', default: false }),
    shape: choice({
      doc: 'factor of the learning rate by the shape of the matrix',
      values: ['original', 'match-rms-adamw', 'spectral-unclamped', 'none'],
      default: 'original',
    }),
    epsilon: number({ doc: 'smallest norm that is divided by', unit: '1', default: 1e-7, min: 0 }),
    weightDecay: decoupledDecay,
    blocks: texts({ doc: 'names of the matrices; default: all', optional: true }),
    auxLearningRate: number({
      doc: 'learning rate of AdamW for all other blocks',
      unit: '1',
      default: 3e-4,
      above: 0,
      schedulable: true,
    }),
    auxBeta1: averaging('the average of gradients in AdamW', 0.9),
    auxBeta2: averaging('the average of squared gradients in AdamW', 0.95),
    auxEpsilon: epsilon(1e-10),
    auxWeightDecay: decoupledDecay,
    clip,
  },
  cite: [
    'https://kellerjordan.github.io/posts/muon/',
    'arXiv:2502.16982',
    'https://docs.pytorch.org/docs/stable/generated/torch.optim.Muon.html',
  ],
  kernelsOnly: ({ exact }) => !exact,
  create(params, environment) {
    const { arena, kernels, model } = environment;
    const { momentum, nesterov, shape, epsilon, exact, auxBeta1, auxBeta2, auxEpsilon } = params;
    const gradientOf = clippedGradient(params, environment);
    const chosen = chosenBlocks(model.layout, params.blocks);
    if (chosen.size === 0) {
      const message = 'the model has no block with more than one row and column, which Muon is for; use adamw';
      throw new EigenflowError('parameter', 'optimiser', message);
    }
    const factors = model.learningRateFactors?.normalised;
    const placed = model.layout.map((block, i) => ({ block, factor: factors?.[i] ?? 1, of: createWindow(block) }));
    const matrices = placed.flatMap(({ block, factor, of }) => {
      const { name, rows, cols } = block;
      if (!chosen.has(name)) return [];
      const orthogonalise = exact
        ? polarFactor(rows, cols, environment)
        : newtonSchulz(rows, cols, params.steps, epsilon, environment);
      const direction = arena.vector(rows * cols);
      return [{ factor, of, size: rows * cols, scale: SHAPE_FACTORS[shape](rows, cols), direction, orthogonalise }];
    });
    const others = placed.flatMap(({ block: { name, rows, cols }, ...rest }) =>
      chosen.has(name) ? [] : [{ ...rest, size: rows * cols }],
    );
    const first = biasCorrection(auxBeta1);
    const second = biasCorrection(auxBeta2);
    return {
      state: ['momentum', ...(others.length > 0 ? ['mean', 'square'] : [])],
      ...(others.length > 0 && { stepNumbers: [first, second] }),
      stepSize: () => params.learningRate,
      step(theta, objective, state) {
        objective.evaluate(theta);
        const gradient = gradientOf(objective);
        for (let i = 0; i < matrices.length; i++) {
          const { factor, of, size, scale, direction, orthogonalise } = matrices[i];
          const [g, m] = [of(gradient), of(state[0])];
          kernels.scale(momentum, m, size);
          kernels.axpy(1 - momentum, g, size, m);
          kernels.copy(m, size, direction);
          if (nesterov) {
            kernels.scale(momentum, direction, size);
            kernels.axpy(1 - momentum, g, size, direction);
          }
          orthogonalise(direction);
          // Decay by the rate alone, not by the rate times the factor of the shape.
          kernels.scale(scale, direction, size);
          kernels.sgdStep(of(theta), direction, size, params.learningRate * factor, params.weightDecay);
        }
        for (let i = 0; i < others.length; i++) {
          const { factor, of, size } = others[i];
          kernels.adamStep(
            of(theta),
            of(gradient),
            of(state[1]),
            of(state[2]),
            null,
            size,
            params.auxLearningRate * factor,
            auxBeta1,
            auxBeta2,
            auxEpsilon,
            first.slot[0],
            second.slot[0],
            0,
            params.auxWeightDecay,
          );
        }
      },
    };
  },
});
