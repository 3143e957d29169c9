// Model: a linear network with one hidden layer, both matrices trained. The product W2 W1 learns like a single matrix, but
// its levels push each other through two species of weights.
import { type Block, choice, defineModel, integer, type Model, number, type Vector } from 'eigenflow';
import { symmetricMatrix } from './orthogonal.js';
import { data, initialWidth, samples, teacherBasis, teacherLevels } from './parameters.js';
import { BLOCK, createSampleRows, normalBlock, type WriteBlock } from './sample-rows.js';

const params = {
  teacherLevels,
  teacherBasis,
  hidden: integer({ doc: 'width of the hidden layer', unit: '1', default: 4, min: 1 }),
  initialWidth,
  initial: choice({
    doc:
      'first weights. independent: both matrices random; balanced: W1 random and W2 its transpose, which gradient flow ' +
      'keeps for a symmetric teacher, so that the product has a closed form',
    values: ['independent', 'balanced'],
    default: 'independent',
  }),
  inputs: choice({
    doc:
      'law of the inputs. gaussian: independent standard normals; axes: sqrt(N) times the unit vectors in turn, whose ' +
      'second moment is the identity exactly when N divides the number of samples',
    values: ['gaussian', 'axes'],
    default: 'gaussian',
  }),
  labelNoise: number({
    doc: 'standard deviation of the noise on each target, drawn once per sample',
    unit: 'output',
    default: 0,
    min: 0,
  }),
  samples,
  data,
} as const;

/** sqrt(n) e_0, sqrt(n) e_1, ... in turn. */
function axesBlock(n: number): WriteBlock {
  const length = Math.sqrt(n);
  return (first, out) => {
    for (let s = 0; s < BLOCK; s++) {
      for (let i = 0; i < n; i++) out[s * n + i] = (first + s) % n === i ? length : 0;
    }
  };
}

/** Views of both matrices, cut once per vector: a view is an allocation, and steps may not allocate. */
function blockViews(layout: readonly Block[]): (flat: Vector) => readonly Vector[] {
  const cut = new WeakMap<Vector, readonly Vector[]>();
  return (flat) => {
    let views = cut.get(flat);
    if (!views) {
      views = layout.map(({ rows, cols, offset }) => flat.subarray(offset, offset + rows * cols));
      cut.set(flat, views);
    }
    return views;
  };
}

/**
 * y = W2 W1 x with N inputs and outputs, targets M x_n + labelNoise e_n, M = O^T diag(levels) O, for the loss
 * `half-mean-square`. W1 is hidden x N, W2 is N x hidden.
 *
 * Derived; no published setting is meant. With inputs of unit covariance, gradient flow from `balanced` weights makes
 * X = W2 W1 solve X' = M X + X M - 2 X^2. Near the teacher the label noise is additive noise on both matrices.
 */
export const linearHiddenLayer = defineModel({
  name: 'linear-hidden-layer',
  summary: 'Linear network with one hidden layer that learns a linear teacher, both matrices trained',
  params,
  cite: [],
  create(params, environment): Model {
    const { kernels, arena, random, common } = environment;
    const { hidden } = params;
    const n = params.teacherLevels.length;
    const count = params.samples === 'endless' ? Number.POSITIVE_INFINITY : params.samples;
    const task = params.data === 'shared' ? common : random;
    const teacher = symmetricMatrix(
      params.teacherLevels,
      params.teacherBasis === 'identity' ? 'identity' : task.child('teacher'),
      environment,
    );
    const law = params.inputs === 'axes' ? axesBlock(n) : normalBlock(task.child('inputs'), n);
    const inputRows = createSampleRows(count, n, law, environment);
    const noiseRows = createSampleRows(count, n, normalBlock(random.child('label-noise'), n), environment);

    const first: Block = { name: 'W1', rows: hidden, cols: n, offset: 0 };
    const second: Block = { name: 'W2', rows: n, cols: hidden, offset: hidden * n };
    const layout = [first, second];
    const views = blockViews(layout);
    const matrixTerm = arena.vector(hidden * n);
    return {
      layout,
      size: 2 * hidden * n,
      outputs: n,
      samples: count,
      initialise(theta) {
        random.child('initial').normals(0, theta, theta.length);
        for (let i = 0; i < theta.length; i++) theta[i] *= params.initialWidth;
        if (params.initial === 'independent') return;
        for (let k = 0; k < hidden; k++) {
          for (let i = 0; i < n; i++) theta[second.offset + i * hidden + k] = theta[k * n + i];
        }
      },
      open(capacity) {
        const inputs = inputRows.open(capacity);
        const noise = noiseRows.open(capacity);
        const values = arena.vector(capacity * hidden);
        const upstream = arena.vector(capacity * hidden);
        const noiseBatch = arena.vector(capacity * n);
        /** Changes of `values` and `upstream`, and a term of either. */
        const valuesChange = arena.vector(capacity * hidden);
        const upstreamChange = arena.vector(capacity * hidden);
        const term = arena.vector(capacity * Math.max(n, hidden));
        return {
          forward(theta, batch, drawn, out) {
            const blocks = views(theta);
            inputs.prepare(batch, drawn);
            kernels.dense(blocks[0], hidden, n, inputs.values, inputs.index, drawn, values);
            kernels.dense(blocks[1], n, hidden, values, null, drawn, out);
          },
          targets(batch, drawn, out) {
            inputs.prepare(batch, drawn);
            kernels.dense(teacher, n, n, inputs.values, inputs.index, drawn, out);
            if (params.labelNoise === 0) return;
            noise.prepare(batch, drawn);
            if (noise.index) kernels.gather(noise.values, n, noise.index, drawn, noiseBatch);
            kernels.axpy(params.labelNoise, noise.index ? noiseBatch : noise.values, drawn * n, out);
          },
          backward(theta, batch, drawn, dOut, gradient) {
            const gradients = views(gradient);
            inputs.prepare(batch, drawn);
            kernels.outer(dOut, n, values, hidden, null, drawn, gradients[1]);
            kernels.denseTransposed(views(theta)[1], n, hidden, dOut, drawn, upstream);
            kernels.outer(upstream, hidden, inputs.values, n, inputs.index, drawn, gradients[0]);
          },
          hessianVector: {
            outputs(theta, direction, batch, drawn, out) {
              const moves = views(direction);
              inputs.prepare(batch, drawn);
              kernels.dense(moves[0], hidden, n, inputs.values, inputs.index, drawn, valuesChange);
              kernels.dense(moves[1], n, hidden, values, null, drawn, out);
              kernels.dense(views(theta)[1], n, hidden, valuesChange, null, drawn, term);
              kernels.axpy(1, term, drawn * n, out);
            },
            gradient(theta, direction, batch, drawn, dOut, dOutChange, out) {
              const results = views(out);
              inputs.prepare(batch, drawn);
              kernels.outer(dOutChange, n, values, hidden, null, drawn, results[1]);
              kernels.outer(dOut, n, valuesChange, hidden, null, drawn, matrixTerm);
              kernels.axpy(1, matrixTerm, n * hidden, results[1]);
              kernels.denseTransposed(views(theta)[1], n, hidden, dOutChange, drawn, upstreamChange);
              kernels.denseTransposed(views(direction)[1], n, hidden, dOut, drawn, term);
              kernels.axpy(1, term, drawn * hidden, upstreamChange);
              kernels.outer(upstreamChange, hidden, inputs.values, n, inputs.index, drawn, results[0]);
            },
          },
          sampleGradients: {
            factors(theta, batch, drawn, dOut, { name }, left, right) {
              if (name === 'W2') {
                kernels.copy(dOut, drawn * n, left);
                kernels.copy(values, drawn * hidden, right);
                return;
              }
              inputs.prepare(batch, drawn);
              kernels.denseTransposed(views(theta)[1], n, hidden, dOut, drawn, left);
              if (inputs.index) kernels.gather(inputs.values, n, inputs.index, drawn, right);
              else kernels.copy(inputs.values, drawn * n, right);
            },
          },
        };
      },
    };
  },
});
