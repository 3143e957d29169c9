// The formulas in the docstrings of what `eigenflow new plugin` writes, each against something else than its own code.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { beforeAll, expect, it } from 'vitest';
import type { RunRecord } from '../../core/contracts/classifier.js';
import { Clock } from '../../core/contracts/clock.js';
import { COMPONENT_KINDS, type Component, type ComponentKind } from '../../core/contracts/component.js';
import type { Model } from '../../core/contracts/model.js';
import type { RunView } from '../../core/contracts/observer.js';
import { openWorkspace } from '../../core/kernels/arena.js';
import { loadPlugins } from '../../node/scenario/load-plugins.js';
import { newFolder } from '../node/studies.js';
import { create, estimate } from '../plugins/workbench.js';
import { eigenflowMany } from './command.js';

let components: Partial<Record<ComponentKind, Component>>;
beforeAll(async () => {
  const folder = newFolder();
  eigenflowMany(COMPONENT_KINDS.map((kind) => ({ folder, args: ['new', 'plugin', `my-${kind}`, '--kind', kind] })));
  const paths = COMPONENT_KINDS.map((kind) => `./my-${kind}/index.ts`);
  const plugins = await loadPlugins(paths, folder, {});
  components = Object.fromEntries(plugins.map((plugin, i) => [COMPONENT_KINDS[i], plugin.components[0]]));
});

const template = <K extends ComponentKind>(kind: K) => components[kind] as Component<K>;

it('observer: the distance is Euclidean, in three and four over five', () => {
  const workspace = openWorkspace(2 ** 20);
  const theta = workspace.arena.vector(3);
  theta.set([1, 1, 1]);
  const { component } = create(template('observer'), {}, { workspace, run: { theta } as RunView });
  const frame = { distance: new Float64Array(1) };
  component.observe(frame);
  expect(frame.distance[0]).toBe(0);
  theta.set([4, 1, -3]);
  component.observe(frame);
  expect(frame.distance[0]).toBe(5);
});

it('optimiser: weights follow the sign of the closed form of the running mean', () => {
  const memory = 0.75;
  const learningRate = 0.125;
  const { component, arena } = create(template('optimiser'), { memory, learningRate });
  const [theta, mean, gradient] = [0, 1, 2].map(() => arena.vector(2));
  // The second weight's gradient turns round, and its mean does so three steps later.
  const gradients = [1, 1, 1, 1, -1, -1, -1, -1].map((value) => [2, value]);
  const objective = { gradient, value: arena.vector(1), evaluate() {} };
  const clock = new Clock();
  const expected = [0, 0];
  gradients.forEach((now, k) => {
    gradient.set(now);
    component.step(theta, objective, [mean], clock);
    for (const i of [0, 1]) {
      // (1 - memory) sum_j memory^(k - j) g_j
      const sum = gradients.slice(0, k + 1).reduce((all, g, j) => all + (1 - memory) * memory ** (k - j) * g[i], 0);
      expect(mean[i]).toBeCloseTo(sum, 14);
      expected[i] -= learningRate * Math.sign(sum);
    }
    expect([...theta]).toEqual(expected);
    expect(component.stepSize(clock)).toBe(learningRate);
  });
  expect(expected[0]).toBe(-1);
  expect(expected[1]).toBeGreaterThan(-1);
});

it('loss: half the square near the target, linear with slope delta far from it', () => {
  const delta = 2;
  const { component, arena } = create(template('loss'), { width: delta });
  const pass = component.open(1, 1);
  const at = (r: number) => {
    const [out, target, weights, dOut, value] = [r + 3, 3, 1, 0, 0].map((number) => arena.vector(1).fill(number));
    pass.valueAndGradient(out, target, weights, 1, dOut, value);
    return { value: value[0], slope: dOut[0] };
  };
  for (const sign of [-1, 1]) {
    const near = at(sign / 64);
    // The next term of the series is r^4 / (8 delta^2).
    expect(near.value * 2 * 64 ** 2).toBeCloseTo(1, 4);
    expect(near.slope * sign * 64).toBeCloseTo(1, 4);
    const far = at(sign * 1e6);
    expect(far.value).toBeCloseTo(delta * 1e6 - delta * delta, 4);
    expect(far.slope * sign).toBeCloseTo(delta, 10);
  }
});

it('noise: the gradient of a step has covariance C / B + strength^2, independent from step to step', () => {
  const [batchSize, strength, samples, steps] = [3, 0.8, 5, 20_000];
  const model = { samples, size: 1 } as Model;
  const { component, arena } = create(template('noise'), { batchSize, strength }, { model });
  const gradients = [1, -2, 0, 3, -2];
  const covariance = gradients.reduce((sum, g) => sum + g * g, 0) / samples;
  const [batch, weights, gradient, theta] = [arena.indices(3), arena.vector(3), arena.vector(1), arena.vector(1)];
  const clock = new Clock();
  const noise = Array.from({ length: steps }, (_, step) => {
    clock.step = step;
    const n = component.draw(batch, weights, clock);
    gradient[0] = 0;
    for (let i = 0; i < n; i++) gradient[0] += weights[i] * gradients[batch[i]];
    component.perturb?.(gradient, theta, clock);
    return gradient[0];
  });
  // The gradients sum to zero, so squares are the covariance.
  const expected = covariance / batchSize + strength ** 2;
  const squares = estimate(noise.map((g) => g * g));
  expect(squares.standardError / expected).toBeLessThan(0.012);
  expect(Math.abs(squares.value - expected)).toBeLessThan(4 * squares.standardError);
  // Each of the two terms is more than a third of the sum: leaving out one would be seen thirty times over.
  expect(Math.min(covariance / batchSize, strength ** 2) / expected).toBeGreaterThan(1 / 3);
  const neighbours = estimate(noise.slice(1).map((g, i) => g * noise[i]));
  expect(neighbours.standardError / expected).toBeLessThan(0.012);
  expect(Math.abs(neighbours.value)).toBeLessThan(4 * neighbours.standardError);
});

it('model: errors relax along the eigenvectors of the sample covariance, with its eigenvalues as rates', () => {
  const [inputs, samples, rate, steps] = [6, 40, 0.01, 200];
  const { component: model, arena } = create(template('model'), { inputs, samples, labelNoise: 0 });
  const pass = model.open(samples);
  const [theta, teacher, gradient, unit] = [0, 1, 2, 3].map(() => arena.vector(inputs));
  const [out, target, dOut] = [0, 1, 2].map(() => arena.vector(samples));
  const all = arena.indices(samples).map((_, i) => i);
  const batch = arena.indices(samples);
  batch.set(all);
  // Outputs at a unit vector of weights are one column of the inputs.
  const columns = Array.from({ length: inputs }, (_, j) => {
    unit.fill(0);
    unit[j] = 1;
    pass.forward(unit, batch, samples, out);
    return [...out];
  });
  const x = new Matrix(columns).transpose();
  const covariance = x.transpose().mmul(x).div(samples);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
  model.initialise(theta);
  model.targetWeights?.(teacher);
  const modes = () => {
    const error = Matrix.columnVector([...theta].map((weight, i) => weight - teacher[i]));
    return eigenvectorMatrix.transpose().mmul(error).to1DArray();
  };
  const before = modes();
  pass.targets(batch, samples, target);
  for (let step = 0; step < steps; step++) {
    pass.forward(theta, batch, samples, out);
    for (let s = 0; s < samples; s++) dOut[s] = (out[s] - target[s]) / samples;
    pass.backward(theta, batch, samples, dOut, gradient);
    for (let i = 0; i < inputs; i++) theta[i] -= rate * gradient[i];
  }
  modes().forEach((mode, k) => {
    expect(mode / before[k]).toBeCloseTo((1 - rate * realEigenvalues[k]) ** steps, 10);
  });
});

it('model: targets have variance 1 + labelNoise^2, and rates keep to the edges of Marchenko and Pastur', () => {
  const [inputs, samples, labelNoise] = [200, 800, 0.5];
  const squares: number[] = [];
  for (let seed = 1; seed <= 40; seed++) {
    const { component: model, arena } = create(template('model'), { inputs, samples, labelNoise }, { seed });
    const pass = model.open(samples);
    const batch = arena.indices(samples);
    batch.set(batch.map((_, i) => i));
    const target = arena.vector(samples);
    pass.targets(batch, samples, target);
    squares.push(target.reduce((sum, y) => sum + y * y, 0) / samples);
    if (seed > 1) continue;
    const [unit, out] = [arena.vector(inputs), arena.vector(samples)];
    const columns = Array.from({ length: inputs }, (_, j) => {
      unit.fill(0);
      unit[j] = 1;
      pass.forward(unit, batch, samples, out);
      return [...out];
    });
    const rows = new Matrix(columns);
    const { realEigenvalues } = new EigenvalueDecomposition(rows.mmul(rows.transpose()).div(samples), {
      assumeSymmetric: true,
    });
    // q = 1/4: from 1/4 to 9/4. Extreme levels scatter by a power -2/3 of the size, here some hundredths.
    expect(Math.min(...realEigenvalues)).toBeCloseTo(0.25, 1);
    expect(Math.abs(Math.max(...realEigenvalues) - 2.25)).toBeLessThan(0.15);
  }
  const { value, standardError } = estimate(squares);
  expect(standardError).toBeLessThan(0.03);
  expect(Math.abs(value - 1.25)).toBeLessThan(4 * standardError);
});

it('classifier: the last loss over the first one decides, and nothing is said of what was not measured', () => {
  const { component } = create(template('classifier'), { fraction: 0.5 });
  if (component.scope !== 'run') throw new Error('it judges one run');
  const judge = (status: RunRecord['status'], ...loss: number[]) =>
    component.classify({
      status,
      series: () => (loss.length === 0 ? undefined : { data: Float64Array.from(loss) }),
    } as unknown as RunRecord);
  expect(judge('completed', 4, 9, 2)).toMatchObject({ label: 'learned', evidence: { ratio: 0.5 } });
  expect(judge('saturated', 4, 1, 3)).toMatchObject({ label: 'stuck', evidence: { ratio: 0.75 } });
  expect(judge('diverged', 4, Number.NaN).label).toBe('diverged');
  expect(judge('failed', 4, 1).label).toBeUndefined();
  expect(judge('completed').label).toBeUndefined();
});
