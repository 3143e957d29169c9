// The model as a component: what it declares, its shapes, and that passes have all their memory from the start.
import { describe, expect, it } from 'vitest';
import plugin from '../../../plugins/teacher-student/index.js';
import { build, initialTheta } from './build.js';

describe('the plugin', () => {
  it('brings one model, with its source', () => {
    expect(plugin.components.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['model teacher-student']);
    expect(plugin.components[0].cite).toEqual(['arXiv:2509.01349']);
  });
});

describe('shapes', () => {
  const layoutOf = (given: object) =>
    build({ samples: 1, ...given }).model.layout.map(({ name, rows, cols }) => `${name} ${rows}x${cols}`);

  it('are those of the paper by default', () => {
    const { model } = build({});
    expect(model.layout).toEqual([{ name: 'W', rows: 16, cols: 32, offset: 0 }]);
    expect([model.size, model.outputs, model.samples, model.heldOut?.samples]).toEqual([512, 1, 4000, 128]);
    expect(layoutOf({ trained: ['Z', 'M', 'W'] })).toEqual(['M 32x3', 'W 16x32', 'Z 1x16']);
  });

  it('follow the widths at any depth', () => {
    expect(layoutOf({ hidden: [], trained: ['M', 'Z'] })).toEqual(['M 16x3', 'Z 1x16']);
    expect(layoutOf({ hidden: [5, 7], outputs: 2, trained: ['M', 'W1', 'W2', 'Z'] })).toEqual([
      'M 5x3',
      'W1 7x5',
      'W2 16x7',
      'Z 2x16',
    ]);
  });
});

describe.each([20, 'endless'])('passes: samples %s', (samples) => {
  it('do not disturb each other between forward and backward', () => {
    const built = build({ samples, trained: ['M', 'W', 'Z'] });
    const { model, zeros, batch } = built;
    const theta = initialTheta(built);
    const other = zeros(model.size).fill(0.1);
    const [one, two] = [model.open(4), model.open(7)];
    const [numbers, others] = [batch([3, 1, 3, 2]), batch([5, 6, 7, 8, 9, 10, 11])];
    const dOut = zeros(4).fill(1);
    const gradientAfter = (between: () => void) => {
      const gradient = zeros(model.size);
      one.forward(theta, numbers, 4, zeros(4));
      between();
      one.backward(theta, numbers, 4, dOut, gradient);
      return [...gradient];
    };
    const undisturbed = gradientAfter(() => {});
    const disturbed = gradientAfter(() => {
      two.forward(other, others, 7, zeros(7));
      two.backward(other, others, 7, zeros(7).fill(1), zeros(model.size));
    });
    expect(disturbed).toEqual(undisturbed);
  });
});

describe('a step in kernels alone', () => {
  it.each([
    { samples: 20, kernelsOnly: true },
    { samples: 'endless', kernelsOnly: false },
  ])('is promised for tabulated data: samples $samples', ({ samples, kernelsOnly }) => {
    const [{ kernelsOnly: promised }] = plugin.components;
    expect(typeof promised === 'function' && promised({ samples } as never)).toBe(kernelsOnly);
  });
});

describe('after the arena is sealed', () => {
  it.each([4000, 'endless'])('nothing more is carved: samples %s', (samples) => {
    const built = build({ samples });
    const { model, zeros, batch, workspace } = built;
    const pass = model.open(4);
    const theta = initialTheta(built);
    const [out, dOut, gradient] = [zeros(4), zeros(4).fill(1), zeros(model.size)];
    const numbers = batch([0, 1, 2, 3]);
    const features = zeros(128 * 16);
    workspace.arena.seal();
    pass.forward(theta, numbers, 4, out);
    pass.targets(numbers, 4, out);
    pass.backward(theta, numbers, 4, dOut, gradient);
    model.heldOut?.featuresAt(theta, features);
    model.heldOut?.localField?.(theta, features);
    expect(gradient.some((entry) => entry !== 0)).toBe(true);
  });
});
