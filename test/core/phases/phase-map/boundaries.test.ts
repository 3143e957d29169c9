// Boundary curves: where they lie on maps that are known, that their bands shrink with seeds and grid, and cover.
import { describe, expect, it } from 'vitest';
import { mapPhases } from '../../../../core/phases/phase-map.js';
import { createRandomSource } from '../../../../core/statistics/random-source.js';
import { LABELS, type Label, sure, sweep } from './map.js';

const doubling = (from: number, count: number) => Array.from({ length: count }, (_, i) => from * 2 ** i);
const boundariesOf = ({ runs, verdicts, axes }: ReturnType<typeof sweep>, level?: number) =>
  mapPhases(runs, verdicts, axes, { labels: LABELS, level }).boundaries;

describe('a sharp boundary', () => {
  // Paramagnetic above a rate that rises with the width.
  const sharp = sweep([1, 2, 4], doubling(0.125, 8), 5, (width, rate) =>
    sure(rate > 1.5 * width ? 'paramagnetic' : 'ordered'),
  );
  const found = boundariesOf(sharp);

  it('lies at the geometric mean of the cells on either side, on every line', () => {
    const [across] = found.filter(({ along }) => along === 'optimiser.learningRate');
    expect(across.between).toEqual(['ordered', 'paramagnetic']);
    expect(across.crossings.map(({ at }) => at)).toEqual([1, 2, 4].map((width) => ({ 'model.initialWidth': width })));
    across.crossings.forEach(({ value, found, n }, i) => {
      expect(value).toBeCloseTo(Math.SQRT2 * [1, 2, 4][i], 10);
      expect([found, n]).toEqual([1, 5]);
    });
  });

  it('has a band of a third of a cell to either side: what lies between two cells was not computed', () => {
    for (const { crossings } of found) {
      for (const { value, low, high } of crossings) {
        expect(Math.log2(high / value)).toBeGreaterThan(0.25);
        expect(Math.log2(high / value)).toBeLessThan(0.45);
        expect(Math.log2(value / low)).toBeGreaterThan(0.25);
        expect(Math.log2(value / low)).toBeLessThan(0.45);
      }
    }
  });

  it('has twice the band where the runs of the cell on it have all failed: it may be anywhere between its neighbours', () => {
    const gap = sweep([1], doubling(0.125, 8), 5, (_width, rate) =>
      sure(rate === 1 ? undefined : rate > 1 ? 'paramagnetic' : 'ordered'),
    );
    const [{ crossings }] = boundariesOf(gap);
    expect(crossings).toHaveLength(1);
    const [{ value, low, high }] = crossings;
    expect(value).toBeCloseTo(1, 10);
    for (const half of [Math.log2(high / value), Math.log2(value / low)]) {
      expect(half).toBeGreaterThan(0.5);
      expect(half).toBeLessThan(0.9);
    }
  });

  it('is crossed along the other axis too', () => {
    const [across] = found.filter(({ along }) => along === 'model.initialWidth');
    expect(across.crossings.map(({ at }) => at['optimiser.learningRate'])).toEqual([2, 4]);
  });
});

describe('a smooth boundary', () => {
  /** Probability of paramagnetic: a logistic function of the logarithm of the rate, 1/2 at 1.3. */
  const smooth = (seeds: number, seed: number, steps = 10) => {
    const random = createRandomSource(seed, 'smooth');
    const rates = Array.from({ length: steps * 3 }, (_, i) => 0.1 * 2 ** ((3 * i) / steps));
    return sweep([1], rates, seeds, (_width, rate) => {
      const p = 1 / (1 + (1.3 / rate) ** 2);
      return sure(random.uniform() < p ? 'paramagnetic' : 'ordered');
    });
  };
  const nearest = (map: ReturnType<typeof sweep>) => {
    const [{ crossings }] = boundariesOf(map);
    return crossings.reduce((a, b) => (Math.abs(Math.log(a.value / 1.3)) < Math.abs(Math.log(b.value / 1.3)) ? a : b));
  };

  it('is found within its band about as often as that says', () => {
    const experiments = 40;
    let covered = 0;
    for (let k = 0; k < experiments; k++) {
      const { low, high } = nearest(smooth(25, k));
      if (low <= 1.3 && high >= 1.3) covered += 1;
    }
    // Of 40: 27 +- 3 for exact bands.
    expect(covered).toBeGreaterThan(20);
    expect(covered).toBeLessThan(40);
  });

  it('has a band that shrinks with the number of seeds and with the grid', () => {
    const width = ({ low, high }: { low: number; high: number }) => Math.log(high / low);
    const coarse = width(nearest(smooth(400, 1, 4)));
    const fine = width(nearest(smooth(400, 1, 10)));
    const few = [1, 2, 3, 4, 5].map((seed) => width(nearest(smooth(6, seed, 10))));
    expect(fine).toBeLessThan(0.7 * coarse);
    expect(fine).toBeLessThan(few.reduce((a, b) => a + b) / few.length / 2);
  });

  it('is one crossing however noisy the cells are, as long as it leads from one label to the other', () => {
    const labels = 'ooopoopoppopppp'.split('').map((letter) => (letter === 'o' ? 'ordered' : 'paramagnetic'));
    const noisy = sweep([1], doubling(1, labels.length), 1, (_width, rate) => sure(labels[Math.log2(rate)] as Label));
    expect(boundariesOf(noisy).map(({ crossings }) => crossings.length)).toEqual([1]);
  });

  it('lies in its own band, also where chance crosses a line to and fro', () => {
    const random = createRandomSource(9, 'chance');
    const noise = sweep([1, 2, 4, 8], doubling(1, 12), 6, () =>
      sure(random.uniform() < 0.6 ? 'ordered' : 'paramagnetic'),
    );
    const all = boundariesOf(noise).flatMap(({ crossings }) => crossings);
    expect(all.length).toBeGreaterThan(4);
    for (const { value, low, high } of all) expect(low <= value && value <= high).toBe(true);
  });

  it('moves with the level', () => {
    const map = smooth(500, 4, 5);
    const [{ crossings, level }] = boundariesOf(map, 0.8);
    // 1 - p = 0.8 at 1.3 / 2.
    expect(crossings[0].value).toBeCloseTo(0.65, 1);
    expect(level).toBe(0.8);
  });
});

describe('three labels', () => {
  const phase = (width: number, rate: number): Label =>
    rate > 4 ? 'paramagnetic' : width > 1.4 ? 'jammed' : 'ordered';
  const map = sweep(doubling(0.25, 6), doubling(0.5, 6), 4, (width, rate) => sure(phase(width, rate)));
  const found = boundariesOf(map);

  it('meet in pairs, named in the order of the legend', () => {
    expect(found.map(({ between, along }) => `${between.join('|')} ${along}`).sort()).toEqual([
      'jammed|paramagnetic optimiser.learningRate',
      'ordered|jammed model.initialWidth',
      'ordered|paramagnetic optimiser.learningRate',
    ]);
  });

  it('give a curve only where the two are neighbours', () => {
    const [curve] = found.filter(({ between }) => between[0] === 'ordered' && between[1] === 'jammed');
    expect(curve.crossings.map(({ at }) => at['optimiser.learningRate'])).toEqual([0.5, 1, 2, 4]);
  });
});

it('a grid with gaps, axes that vary together and axes of words are no obstacle', () => {
  const runs = [1, 2, 8].flatMap((rate) =>
    ['a', 'b'].map((word) => ({ axes: { rate, batch: 2 * rate, word }, seed: 0 })),
  );
  const verdicts = runs.map(({ axes: { rate, word } }) => sure(word === 'a' && rate > 2 ? 'jammed' : 'ordered'));
  const axes = [
    { name: 'rate', values: [1, 2, 4, 8], group: 0 },
    { name: 'batch', values: [2, 4, 8, 16], group: 0 },
    { name: 'word', values: ['a', 'b'], group: 1 },
  ];
  const { boundaries } = mapPhases(runs, verdicts, axes, { labels: LABELS });
  expect(boundaries.map(({ along }) => along)).toEqual(['rate']);
  const [{ at, value }] = boundaries[0].crossings;
  expect([at, value]).toEqual([{ word: 'a' }, expect.closeTo(4, 10)]);
});
