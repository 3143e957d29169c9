// Random draws: laws of weights, data and label noise, and what may change without changing the rest.
import { describe, expect, it } from 'vitest';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { type Build, build, initialTheta, range, targetsOf } from './build.js';
import { plainForward, rowsOf } from './plain-network.js';

const workspace = openWorkspace();

/** Mean and second moment around zero. */
function moments(numbers: readonly number[]): { mean: number; variance: number } {
  const n = numbers.length;
  return {
    mean: numbers.reduce((sum, value) => sum + value, 0) / n,
    variance: numbers.reduce((sum, value) => sum + value ** 2, 0) / n,
  };
}

/** n draws of N(0, variance): both error bars are known exactly, so that a broken law cannot widen them. */
function expectNormal(numbers: readonly number[], variance: number): void {
  const n = numbers.length;
  const found = moments(numbers);
  expect(Math.abs(found.mean)).toBeLessThan(4 * Math.sqrt(variance / n));
  expect(Math.abs(found.variance / variance - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
}

function draw(given: Readonly<Record<string, unknown>>, replica = 0): Build {
  workspace.arena.clear();
  return build(given, { workspace, replica });
}

describe('the initial draw', () => {
  it('has entries N(0, initialWidth^2 / fan-in)', () => {
    const entries = range(20).flatMap((replica) => [
      ...initialTheta(draw({ hidden: [32], features: 64, initialWidth: 3, samples: 1 }, replica)),
    ]);
    // 40960 entries: the variance is known to 0.7 %.
    expectNormal(entries, 9 / 32);
  });

  it('is scaled, not drawn anew, by another initialWidth', () => {
    const at = (initialWidth: number) => [...initialTheta(draw({ initialWidth, samples: 1 }))];
    const once = at(1);
    expect(at(2)).toEqual(once.map((entry) => 2 * entry));
    expect(at(0)).toEqual(once.map((entry) => 0 * entry));
  });

  it('takes every trained matrix from a stream of its own', () => {
    const all = draw({ trained: ['M', 'W', 'Z'], samples: 1 });
    const theta = [...initialTheta(all)];
    expect(all.model.layout).toEqual([
      { name: 'M', rows: 32, cols: 3, offset: 0 },
      { name: 'W', rows: 16, cols: 32, offset: 96 },
      { name: 'Z', rows: 1, cols: 16, offset: 608 },
    ]);
    expect(all.model.size).toBe(624);
    expect([...initialTheta(draw({ samples: 1 }))]).toEqual(theta.slice(96, 608));
  });

  it('is another one in another replica, and independent of the teacher', () => {
    const first = [...initialTheta(draw({ samples: 1 }))];
    expect([...initialTheta(draw({ samples: 1 }, 1))]).not.toEqual(first);
    const built = draw({ samples: 1 });
    const teacher = built.zeros(512);
    built.environment.random.child('teacher').child('W').normals(0, teacher);
    const initial = built.zeros(512);
    built.environment.random.child('initial').child('W').normals(0, initial);
    // Correlation of 512 independent pairs: standard error 1/sqrt(512).
    const correlation = initial.reduce((sum, value, i) => sum + value * teacher[i], 0) / 512;
    expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(512));
  });
});

describe('teacher and data', () => {
  it('give the targets of a plain implementation on the documented streams', () => {
    const built = draw({ samples: 10, teacherWidth: 2, outputs: 2 });
    const { environment, zeros } = built;
    const drawMatrix = (name: string, rows: number, cols: number, width: number) => {
      const entries = zeros(rows * cols);
      environment.random.child('teacher').child(name).normals(0, entries);
      return rowsOf(
        entries.map((entry) => (entry * width) / Math.sqrt(cols)),
        rows,
        cols,
      );
    };
    // Only the trained matrix has the teacher's width; shared ones have width 1.
    const weights = [drawMatrix('M', 32, 3, 1), drawMatrix('W', 16, 32, 2), drawMatrix('Z', 2, 16, 1)];
    const row = zeros(3);
    const expected = range(10).flatMap((n) => {
      environment.random.child('data').normals(n, row);
      return plainForward(weights, 'tanh', [...row]).outputs;
    });
    targetsOf(built, range(10)).forEach((target, i) => {
      expect(target).toBeCloseTo(expected[i], 12);
    });
  });

  it.each([
    ['initialWidth', { initialWidth: 64 }],
    ['testSamples', { testSamples: 7 }],
    ['a longer data set', { samples: 1000 }],
  ])('are not changed by %s', (_, change) => {
    const samples = range(50);
    expect(targetsOf(draw({ samples: 50, ...change }), samples)).toEqual(targetsOf(draw({ samples: 50 }), samples));
  });

  it('are redrawn in every replica', () => {
    const samples = range(50);
    expect(targetsOf(draw({ samples: 50 }, 1), samples)).not.toEqual(targetsOf(draw({ samples: 50 }), samples));
  });
});

describe('label noise', () => {
  const noise = (given: Readonly<Record<string, unknown>>, labelNoise: number, samples: readonly number[]) => {
    const clean = targetsOf(draw(given), samples);
    return targetsOf(draw({ ...given, labelNoise }), samples).map((target, i) => target - clean[i]);
  };

  it('is N(0, labelNoise^2), independent of the outputs', () => {
    const drawn = noise({ samples: 5000, outputs: 2 }, 0.3, range(5000));
    expectNormal(drawn, 0.09);
    const pairs = range(5000).reduce((sum, s) => sum + drawn[2 * s] * drawn[2 * s + 1], 0) / 5000 / 0.09;
    expect(Math.abs(pairs)).toBeLessThan(4 / Math.sqrt(5000));
  });

  it('is fixed for each sample, and the same in endless data', () => {
    const given = { samples: 40, labelNoise: 0.3 };
    const all = targetsOf(draw(given), range(40));
    expect(targetsOf(draw(given), [7, 7, 3])).toEqual([all[7], all[7], all[3]]);
    expect(targetsOf(draw({ ...given, samples: 'endless' }), [7, 7, 3])).toEqual([all[7], all[7], all[3]]);
  });
});

describe('endless data', () => {
  const endless = { samples: 'endless' };

  it('has no end', () => {
    expect(draw(endless).model.samples).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([['M'], ['W'], ['Z'], ['M', 'Z']])(
    'gives the samples and gradients of a finite set: trained %s %s',
    (...names) => {
      const trained = names.filter((name) => name !== undefined);
      const run = (samples: number | string) => {
        const built = draw({ samples, trained });
        const { model, zeros, batch, vector } = built;
        const pass = model.open(5);
        const theta = initialTheta(built);
        const results: number[][] = [];
        // Starting with the number 0, repeating a batch, changing one number of it, shrinking and growing it again.
        for (const numbers of [[0], [0, 1, 2, 3, 4], [0, 1, 2, 7, 4], [4, 2], [4, 2], [4, 2, 2], [9, 9, 0]]) {
          const n = numbers.length;
          const [out, target] = [zeros(n), zeros(n)];
          const gradient = zeros(model.size);
          const drawn = batch(numbers);
          pass.forward(theta, drawn, n, out);
          pass.targets(drawn, n, target);
          pass.backward(theta, drawn, n, vector(range(n).map((s) => s - 1.5)), gradient);
          results.push([...out], [...target], [...gradient]);
        }
        return results;
      };
      expect(run('endless')).toEqual(run(10));
    },
  );

  it('gives targets that ask for no forward pass', () => {
    const finite = targetsOf(draw({ samples: 30 }), [3, 29, 3]);
    expect(targetsOf(draw(endless), [3, 29, 3])).toEqual(finite);
  });

  it('is a sequence of independent standard normals', () => {
    // One linear unit: target = Z M x.
    const built = draw({ ...endless, inputs: 1, hidden: [], features: 1, activation: 'identity', trained: ['Z'] });
    const numbers = range(20000);
    const targets = targetsOf(built, numbers);
    const slot = built.zeros(1);
    const entry = (name: string) => {
      built.environment.random.child('teacher').child(name).normals(0, slot);
      return slot[0];
    };
    const factor = entry('M') * entry('Z');
    const x = targets.map((target) => target / factor);
    expectNormal(x, 1);
    const neighbours = x.slice(1).reduce((sum, value, i) => sum + value * x[i], 0) / (x.length - 1);
    expect(Math.abs(neighbours)).toBeLessThan(4 / Math.sqrt(x.length));
  });

  it('goes on to the largest sample number', () => {
    const last = 2 ** 31 - 1;
    const [first, second] = targetsOf(draw(endless), [last - 1, last]);
    expect(Number.isFinite(first) && Number.isFinite(second)).toBe(true);
    expect(first).not.toBe(second);
  });
});
