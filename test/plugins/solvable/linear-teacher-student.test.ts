// The linear teacher-student against a second implementation in plain loops, the law of its noise, and who shares data.
import { EigenvalueDecomposition, inverse, Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { createStream } from '../../../core/random/stream.js';
import { linearTeacherStudent } from '../../../plugins/solvable/linear-teacher-student.js';
import { create, estimate } from '../workbench.js';

/** Sample numbers in one block of the random streams. */
const BLOCK = 16;

function build(params: Readonly<Record<string, unknown>> = {}, seed = 1) {
  const { component: model, arena } = create(linearTeacherStudent, { samples: 64, ...params }, { seed });
  const capacity = 16;
  const pass = model.open(capacity);
  const theta = arena.vector(model.size);
  model.initialise(theta);
  const [batch, out, dOut] = [arena.indices(capacity), arena.vector(capacity), arena.vector(capacity)];
  const gradient = arena.vector(model.size);
  return {
    model,
    theta,
    /** Energies of some samples and the gradient with these weights. */
    compute(samples: readonly number[], weights: readonly number[]) {
      batch.set(samples);
      dOut.set(weights);
      pass.forward(theta, batch, samples.length, out);
      pass.backward(theta, batch, samples.length, dOut, gradient);
      return { energies: [...out.slice(0, samples.length)], gradient: [...gradient] };
    },
  };
}

/** Inputs and noise matrices of samples 0 .. count - 1, read from the streams that the model documents. */
function drawPlain(n: number, count: number, noiseWidth: number, seed = 1) {
  const { arena, kernels } = openWorkspace(2 ** 20);
  const rows = (name: string, width: number) => {
    const stream = createStream(kernels, seed, ['test', 'model', name]);
    const block = arena.vector(BLOCK * width);
    return Array.from({ length: count }, (_, sample) => {
      stream.normals(Math.floor(sample / BLOCK), block);
      const place = sample % BLOCK;
      return [...block.slice(place * width, (place + 1) * width)];
    });
  };
  const inputs = rows('inputs', n);
  const noise = rows('gradient-noise', (n * (n + 1)) / 2).map((normals) => {
    const matrix = Array.from({ length: n }, () => Array(n).fill(0));
    let next = 0;
    for (let i = 0; i < n; i++) {
      for (let j = i; j < n; j++) {
        const value = noiseWidth * normals[next++] * (i === j ? Math.SQRT2 : 1);
        matrix[i][j] = value;
        matrix[j][i] = value;
      }
    }
    return matrix;
  });
  return { inputs, noise };
}

describe('against plain loops', () => {
  test.each([
    ['the published 2 x 2', [2, 2]],
    ['3 x 3 with a spectrum', [3, 1, -0.5]],
  ])('energies and weighted gradients, negative weights too: %s', (_name, levels) => {
    const n = levels.length;
    const { theta, compute } = build({ teacherLevels: levels });
    const samples = [0, 17, 5, 63, 17];
    const weights = [0.25, -1.5, 0.75, 0.1, 2];
    const { inputs, noise } = drawPlain(n, 64, 0.1);
    const expected = Array(n * n).fill(0);
    const energies = samples.map((sample, s) => {
      const x = inputs[sample];
      const a = noise[sample];
      const residual = x.map((_, i) =>
        x.reduce((sum, xj, j) => sum + (theta[i * n + j] - (i === j ? levels[i] : 0)) * xj, 0),
      );
      let energy = residual.reduce((sum, r) => sum + r * r, 0) / 2;
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          energy -= a[i][j] * theta[i * n + j];
          expected[i * n + j] += weights[s] * (residual[i] * x[j] - a[i][j]);
        }
      }
      return energy;
    });
    const found = compute(samples, weights);
    found.energies.forEach((energy, s) => {
      expect(energy).toBeCloseTo(energies[s], 12);
    });
    found.gradient.forEach((value, k) => {
      expect(value).toBeCloseTo(expected[k], 12);
    });
  });
});

describe('data', () => {
  test('endless data are the same samples, to the bit', () => {
    const samples = [3, 18, 19, 20, 4];
    const weights = [1, 1, 1, 1, 1];
    expect(build({ samples: 'endless' }).compute(samples, weights)).toEqual(build().compute(samples, weights));
    expect(build({ samples: 21 }).compute(samples, weights)).toEqual(build().compute(samples, weights));
  });

  /** Gradient at the teacher plus the identity: input covariance minus noise. */
  const atTeacher = (params: Readonly<Record<string, unknown>>, seed: number) => {
    const built = build(params, seed);
    built.theta.set([3, 0, 0, 3]);
    return built.compute([0, 1, 2, 3], [0.25, 0.25, 0.25, 0.25]).gradient;
  };

  test('noise belongs to the seed even where inputs are shared', () => {
    const workspace = openWorkspace(2 ** 20);
    const inputsOnly = (seed: number, common: number) => {
      const { arena, kernels } = workspace;
      const model = linearTeacherStudent.create(
        {
          teacherLevels: [2, 2],
          teacherBasis: 'identity',
          initialWidth: 0,
          noiseWidth: 0,
          samples: 16,
          data: 'shared',
        } as never,
        {
          arena,
          kernels,
          random: createStream(kernels, seed, ['a']),
          common: createStream(kernels, common, ['b']),
        },
      );
      const pass = model.open(4);
      const [theta, gradient, out] = [arena.vector(4), arena.vector(4), arena.vector(4)];
      const batch = arena.indices(4);
      batch.set([0, 1, 2, 3]);
      theta.set([3, 0, 0, 3]);
      pass.forward(theta, batch, 4, out);
      pass.backward(theta, batch, 4, out.fill(0.25), gradient);
      return [...gradient];
    };
    expect(inputsOnly(1, 7)).toEqual(inputsOnly(2, 7));
    expect(inputsOnly(1, 7)).not.toEqual(inputsOnly(1, 8));
    expect(atTeacher({ data: 'shared' }, 1)).not.toEqual(atTeacher({ data: 'shared' }, 2));
    expect(atTeacher({ noiseWidth: 0 }, 1)).not.toEqual(atTeacher({ noiseWidth: 0 }, 2));
  });

  test('elements of the noise: variance A off the diagonal, 2 A on it, independent; 20 000 samples', () => {
    const { model, theta, compute } = build({ samples: 'endless', noiseWidth: 0.3, teacherLevels: [2, 2] });
    theta.set([2, 0, 0, 2]);
    expect(model.samples).toBe(Number.POSITIVE_INFINITY);
    // At the teacher the gradient is minus the noise.
    const drawn = Array.from({ length: 20_000 }, (_, n) => compute([n], [-1]).gradient);
    for (const [a, b] of drawn.map((m) => [m[1], m[2]])) expect(a).toBe(b);
    const squares = (i: number, j: number) => estimate(drawn.map((m) => (m[i] * m[j]) / 0.09));
    for (const [i, j, expected] of [
      [0, 0, 2],
      [3, 3, 2],
      [1, 1, 1],
      [0, 3, 0],
      [0, 1, 0],
    ]) {
      const { value, standardError } = squares(i, j);
      expect(standardError).toBeLessThan(0.025);
      expect(Math.abs(value - expected)).toBeLessThan(4 * standardError);
    }
  });
});

test('a teacher in a random basis keeps its levels', () => {
  const levels = [4, 1, 0.5];
  const { theta, compute } = build({ teacherLevels: levels, teacherBasis: 'random', noiseWidth: 0 });
  theta.fill(0);
  // At W = 0 the gradient of three samples is -W_t X X^T, with X their inputs.
  const inputs = new Matrix(drawPlain(3, 3, 0).inputs).transpose();
  const gradient = Matrix.from1DArray(3, 3, compute([0, 1, 2], [-1, -1, -1]).gradient);
  const teacher = gradient.mmul(inverse(inputs.mmul(inputs.transpose())));
  const { realEigenvalues } = new EigenvalueDecomposition(teacher);
  realEigenvalues
    .sort((a, b) => b - a)
    .forEach((level, i) => {
      expect(level).toBeCloseTo(levels[i], 10);
    });
  expect(Math.abs(teacher.get(0, 1))).toBeGreaterThan(1e-3);
});

test('initial weights: N(0, width^2), stretched with the width', () => {
  const narrow = build({ initialWidth: 0.1 }).theta;
  const wide = build({ initialWidth: 1 }).theta;
  narrow.forEach((value, i) => {
    expect(value).toBeCloseTo(0.1 * wide[i], 15);
  });
});
