// Probabilities of a cell: what they are for given counts, and that their bands cover as often as they say.
import { describe, expect, it } from 'vitest';
import { groupByCell, labelProbability } from '../../../../core/phases/cells.js';
import { mapPhases } from '../../../../core/phases/phase-map.js';
import { betaCdf } from '../../../../core/statistics/beta.js';
import { createRandomSource } from '../../../../core/statistics/random-source.js';
import { LABELS, sure, sweep } from './map.js';

describe('the probability of a label', () => {
  it('is that of one more run, and sums to one over the labels', () => {
    const counts = [4, 1, 0];
    const each = counts.map((count) => labelProbability(count, 5, 3));
    expect(each.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(1, 14);
    expect(each[0].value).toBeCloseTo((4 + 1 / 3) / 6, 14);
    expect(betaCdf(each[0].low, 4 + 1 / 3, 1 + 2 / 3)).toBeCloseTo(0.158655, 5);
    expect(betaCdf(each[0].high, 4 + 1 / 3, 1 + 2 / 3)).toBeCloseTo(0.841345, 5);
  });

  it('leaves a way out however many seeds agree, and nothing is known without seeds', () => {
    const all = labelProbability(12, 12, 4);
    expect(all.value).toBeLessThan(1);
    expect(all.high).toBe(1);
    expect(labelProbability(0, 12, 4).low).toBe(0);
    expect(labelProbability(0, 0, 4).value).toBeNaN();
  });

  it('has bands that hold the true probability in about 68 % of experiments', () => {
    const random = createRandomSource(3, 'coverage');
    const experiments = 4000;
    for (const n of [3, 5, 12, 100]) {
      let covered = 0;
      for (let k = 0; k < experiments; k++) {
        const truth = random.uniform();
        let count = 0;
        for (let i = 0; i < n; i++) if (random.uniform() < truth) count += 1;
        const { low, high } = labelProbability(count, n, 2);
        if (truth >= low && truth <= high) covered += 1;
      }
      // Standard error 0.7 %; ends at 0 and 1 widen the bands of few seeds.
      expect(covered / experiments).toBeGreaterThan(0.66);
      expect(covered / experiments).toBeLessThan(0.76);
    }
  });
});

describe('a cell', () => {
  const { runs, verdicts, axes } = sweep([1, 2], [4], 5, (width, _rate, seed) => ({
    ...sure(width === 1 ? 'ordered' : (['ordered', 'jammed', 'jammed', undefined, 'ordered'] as const)[seed]),
    evidence: { level: width * 10 ** seed, missing: Number.NaN },
  }));
  const map = mapPhases(runs, verdicts, axes, { labels: LABELS });

  it('counts the runs with a label, and those without', () => {
    expect(
      map.cells.map(({ axes, n, unlabelled, label }) => [axes['model.initialWidth'], n, unlabelled, label]),
    ).toEqual([
      [1, 5, 0, 'ordered'],
      [2, 4, 1, 'ordered'],
    ]);
    expect(map.runs).toBe(verdicts);
  });

  it('has the median of the evidence with its quantiles, NaN where nothing was measured', () => {
    const { level, missing } = map.cells[1].evidence;
    expect([level.value, level.low < 200, level.high > 200]).toEqual([200, true, true]);
    expect(missing.value).toBeNaN();
  });

  it('takes a run that is not sure as a fraction of one', () => {
    const half = { label: 'ordered', probabilities: { ordered: 0.5, jammed: 0.5, paramagnetic: 0 }, evidence: {} };
    const [cell] = mapPhases([{ axes: {}, seed: 0 }], [half], [], { labels: LABELS }).cells;
    expect(cell.probabilities.ordered.value).toBeCloseTo(cell.probabilities.jammed.value, 14);
  });

  it('is made of all its runs, in whatever order they come', () => {
    const shuffled = [3, 9, 0, 7, 1, 4, 8, 2, 6, 5].map((i) => ({ run: runs[i], verdict: verdicts[i] }));
    expect(groupByCell(shuffled).map((cell) => cell.map(({ run }) => run.seed))).toEqual([
      [0, 1, 2, 3, 4],
      [0, 1, 2, 3, 4],
    ]);
  });
});
