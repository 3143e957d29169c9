// Networks of random shape: outputs against a plain implementation with Math functions, gradients and Hessian-vector
// products against finite differences, sample gradients against their sum.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arraysOf, build, matrix, range } from './build.js';

const NAMES = ['tanh', 'relu', 'identity', 'erf', 'gelu', 'sigmoid', 'softplus', 'sine'] as const;
type Name = (typeof NAMES)[number];

/** Power series: enough for the arguments of these tests. */
function erf(x: number): number {
  let [term, sum] = [x, x];
  for (let k = 1; k < 120; k++) {
    term *= (-x * x) / k;
    sum += term / (2 * k + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

const FUNCTIONS: Readonly<Record<Name, (z: number) => number>> = {
  tanh: Math.tanh,
  relu: (z) => Math.max(z, 0),
  identity: (z) => z,
  erf,
  gelu: (z) => (z / 2) * (1 + erf(z / Math.SQRT2)),
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  softplus: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
  sine: Math.sin,
};

const PARAMETRISATIONS = ['standard', 'ntk', 'mean-field', 'mup'] as const;

const shapes = fc
  .record({
    inputs: fc.integer({ min: 1, max: 4 }),
    hidden: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }),
    outputs: fc.integer({ min: 1, max: 3 }),
    residual: fc.constantFrom(0, 1, 0.6),
    parametrisation: fc.constantFrom(...PARAMETRISATIONS),
    seed: fc.integer({ min: 1, max: 1000 }),
    flags: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
    names: fc.array(fc.constantFrom(...NAMES), { minLength: 4, maxLength: 4 }),
    untrained: fc.array(fc.nat(9), { maxLength: 4 }),
  })
  .map(({ flags, names, hidden, ...rest }) => ({
    ...rest,
    hidden,
    bias: flags.slice(0, hidden.length + 1),
    activation: hidden.length === 0 ? ['tanh' as const] : names.slice(0, hidden.length),
  }));
type Shape = typeof shapes extends fc.Arbitrary<infer T> ? T : never;

const SAMPLES = 5;
const pseudo = (seed: number) => (i: number) => Math.sin(seed * 12.9898 + i * 78.233) * 1.3;

function buildOf(shape: Shape) {
  const { inputs, hidden, outputs, residual, parametrisation, bias, activation, seed, untrained } = shape;
  const draw = pseudo(seed);
  const file = arraysOf({
    x: matrix(range(SAMPLES).map((s) => range(inputs).map((i) => draw(s * inputs + i)))),
    y: matrix(range(SAMPLES).map((s) => range(outputs).map((o) => draw(100 + s * outputs + o)))),
  });
  const names = bias.flatMap((has, l) => [`W${l + 1}`, ...(has ? [`b${l + 1}`] : [])]);
  const kept = names.filter((_, i) => !untrained.includes(i));
  const widths = [inputs, ...hidden];
  const passes = hidden.some((width, l) => l > 0 && width === widths[l]);
  const built = build(
    {
      data: 'file',
      targets: 'regression',
      standardise: 'none',
      test: 0,
      hidden,
      activation,
      bias,
      residual: passes ? residual : 0,
      parametrisation,
      initial: 'pytorch',
      ...(parametrisation !== 'standard' && { baseWidth: 2 }),
      ...(parametrisation === 'mean-field' && { gamma0: 1.5 }),
      trained: kept.length > 0 ? kept : ['all'],
    },
    { files: { file }, seed },
  );
  return { built, file, passes };
}

/** Multipliers of a weight matrix, written from the table of the parametrisations. */
function multiplier({ parametrisation }: Shape, cols: number, isReadOut: boolean, isFirst: boolean): number {
  if (parametrisation === 'ntk') return 1 / Math.sqrt(cols);
  if (isFirst && isReadOut) return 1;
  if (parametrisation === 'mean-field') return isReadOut ? 1 / (1.5 * cols) : 1 / Math.sqrt(cols);
  return parametrisation === 'mup' && isReadOut ? 2 / cols : 1;
}

/** Outputs of all samples, and the smallest pre-activation of a relu. */
function plain(shape: Shape, passes: boolean, x: Float64Array, blocks: ReadonlyMap<string, ArrayLike<number>>) {
  const { inputs, hidden, outputs, residual, activation } = shape;
  const widths = [inputs, ...hidden, outputs];
  let kink = Number.POSITIVE_INFINITY;
  const rows = range(SAMPLES).flatMap((s) => {
    let h = [...x.subarray(s * inputs, (s + 1) * inputs)];
    for (let l = 0; l < widths.length - 1; l++) {
      const [W, b] = [blocks.get(`W${l + 1}`) as ArrayLike<number>, blocks.get(`b${l + 1}`)];
      const cols = widths[l];
      const last = l === widths.length - 2;
      const a = multiplier(shape, cols, last, l === 0);
      const z = range(widths[l + 1]).map((k) => {
        return a * h.reduce((sum, value, i) => sum + W[k * cols + i] * value, 0) + (b ? b[k] : 0);
      });
      if (last) return z;
      const name = activation[l];
      if (name === 'relu') kink = Math.min(kink, ...z.map(Math.abs));
      const below = h;
      const goesPast = passes && residual > 0 && l > 0 && cols === widths[l + 1];
      h = z.map((value, k) => (goesPast ? below[k] + residual * FUNCTIONS[name](value) : FUNCTIONS[name](value)));
    }
    return h;
  });
  return { rows, kink };
}

/** First weights of all blocks, trained or not: those of the same network with all of them trained. */
function allBlocks(shape: Shape) {
  const { built } = buildOf({ ...shape, untrained: [] });
  const theta = built.theta();
  return new Map(
    built.model.layout.map(({ name, rows, cols, offset }) => [name, theta.slice(offset, offset + rows * cols)]),
  );
}

const close = (found: number, expected: number, tolerance: number, what: string) =>
  expect(Math.abs(found - expected), `${what}: ${found}, expected ${expected}`).toBeLessThan(
    tolerance * (1 + Math.abs(expected)),
  );

test('outputs are those of a plain implementation, derivatives those of finite differences', () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const { built, file, passes } = buildOf(shape);
      const { model, zeros, vector } = built;
      const { outputs, size, layout } = model;
      const pass = model.open(SAMPLES);
      const batch = built.batch(range(SAMPLES));
      const theta = built.theta();
      const blocks = allBlocks(shape);
      const x = file.get('x').data;
      const { rows, kink } = plain(shape, passes, x, blocks);
      fc.pre(kink > 1e-3);
      const out = zeros(SAMPLES * outputs);
      pass.forward(theta, batch, SAMPLES, out);
      rows.forEach((value, i) => {
        close(out[i], value, 1e-11, `output ${i}`);
      });

      const dOut = vector(range(SAMPLES * outputs).map(pseudo(shape.seed + 7)));
      const change = vector(range(SAMPLES * outputs).map(pseudo(shape.seed + 8)));
      const gradient = zeros(size);
      pass.backward(theta, batch, SAMPLES, dOut, gradient);
      const weighted = (at: ReadonlyMap<string, ArrayLike<number>>) =>
        plain(shape, passes, x, at).rows.reduce((sum, value, i) => sum + dOut[i] * value, 0);
      const step = 1e-5;
      for (const { name, rows: height, cols, offset } of layout) {
        for (let i = 0; i < height * cols; i++) {
          const moved = (by: number) => {
            const block = Float64Array.from(blocks.get(name) as ArrayLike<number>);
            block[i] += by;
            return weighted(new Map([...blocks, [name, block]]));
          };
          close(gradient[offset + i], (moved(step) - moved(-step)) / (2 * step), 2e-7, `gradient ${name}[${i}]`);
        }
      }

      const direction = vector(range(size).map(pseudo(shape.seed + 9)));
      const tangents = pass.hessianVector;
      if (!tangents || !pass.sampleGradients) throw new Error('derivatives are missing');
      const [along, product] = [zeros(out.length), zeros(size)];
      pass.forward(theta, batch, SAMPLES, out);
      tangents.outputs(theta, direction, batch, SAMPLES, along);
      tangents.gradient(theta, direction, batch, SAMPLES, dOut, change, product);
      const at = (by: number) => {
        const shifted = vector(theta.map((weight, i) => weight + by * direction[i]));
        const d = vector(dOut.map((value, i) => value + by * change[i]));
        const [o, g] = [zeros(out.length), zeros(size)];
        pass.forward(shifted, batch, SAMPLES, o);
        pass.backward(shifted, batch, SAMPLES, d, g);
        return { o, g };
      };
      const [plus, minus] = [at(step), at(-step)];
      along.forEach((value, i) => {
        close(value, (plus.o[i] - minus.o[i]) / (2 * step), 1e-6, `J v ${i}`);
      });
      product.forEach((value, i) => {
        close(value, (plus.g[i] - minus.g[i]) / (2 * step), 1e-6, `H v ${i}`);
      });

      pass.forward(theta, batch, SAMPLES, out);
      for (const block of layout) {
        const [left, right] = [zeros(SAMPLES * block.rows), zeros(SAMPLES * block.cols)];
        pass.sampleGradients.factors(theta, batch, SAMPLES, dOut, block, left, right);
        for (let k = 0; k < block.rows; k++) {
          for (let l = 0; l < block.cols; l++) {
            const sum = range(SAMPLES).reduce(
              (total, s) => total + left[s * block.rows + k] * right[s * block.cols + l],
              0,
            );
            close(sum, gradient[block.offset + k * block.cols + l], 1e-12, `samples of ${block.name}`);
          }
        }
      }
    }),
    { numRuns: 60 },
  );
});
