// The model as a component: what it declares, its shapes, and the promise that stepping stays within what was reserved.
import { describe, expect, it } from 'vitest';
import plugin from '../../../plugins/teacher-student/index.js';
import { build, initialTheta, range } from './build.js';

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

describe('a batch', () => {
  it('larger than reserved is refused before memory is overrun', () => {
    const built = build({ samples: 10 });
    const { model, zeros, batch } = built;
    const theta = initialTheta(built);
    expect(() => model.forward(theta, batch(range(4)), 4, zeros(4))).toThrow(/got a batch of 4 samples/);
    model.reserve(4);
    expect(() => model.forward(theta, batch(range(4)), 4, zeros(4))).not.toThrow();
    expect(() => model.targets(batch(range(5)), 5, zeros(5))).toThrow(/reserve was told 4 at most/);
  });
});

describe('after the arena is sealed', () => {
  it.each([4000, 'endless'])('nothing more is carved: samples %s', (samples) => {
    const built = build({ samples });
    const { model, zeros, batch, workspace } = built;
    model.reserve(4);
    const theta = initialTheta(built);
    const [out, dOut, gradient] = [zeros(4), zeros(4).fill(1), zeros(model.size)];
    const numbers = batch([0, 1, 2, 3]);
    const features = zeros(128 * 16);
    workspace.arena.seal();
    model.forward(theta, numbers, 4, out);
    model.targets(numbers, 4, out);
    model.backward(theta, numbers, 4, dOut, gradient);
    model.heldOut?.featuresAt(theta, features);
    model.heldOut?.localField(theta, features);
    expect(gradient.some((entry) => entry !== 0)).toBe(true);
  });
});
