// Slopes and probabilities against numbers of SciPy, and small networks against theory.
import { describe, expect, test } from 'vitest';
import type { Axis, RunRecord, SweepClassifier } from '../../../core/contracts/classifier.js';
import { condensation } from '../../../plugins/two-layer-relu/condensation.js';
import { madeUpRun } from '../phases/made-up-run.js';
import { create } from '../workbench.js';
import { recordOf, runAll } from './runs.js';
import { regime } from './theory/slopes.js';

const { component } = create(condensation);
const classifier = component as SweepClassifier;
const widths = [64, 128, 256, 512];
const axes: readonly Axis[] = [{ name: 'model.width', values: widths, group: 0 }];

const runsOf = (seed: number, distances: readonly (number | undefined)[]): RunRecord[] =>
  distances.map((distance, i) =>
    madeUpRun({
      seed,
      axes: { 'model.width': widths[i] },
      channels: { 'relative-distance.atTolerance': distance },
    }),
  );

describe('verdicts', () => {
  test('are those of a straight line with the scatter of all seeds', () => {
    const runs = [...runsOf(0, [0.5, 0.47, 0.48, 0.45]), ...runsOf(1, [0.52, 0.5, 0.46, 0.45])];
    const { runs: verdicts } = classifier.classify(runs, axes);
    // scipy.stats.linregress of each seed; residuals of both over 4 degrees of freedom; scipy.stats.t.
    const expected = [
      { label: 'critical', slope: -0.04256356312916312, linear: 0.14942720170258791, condensed: 0.0010864979723793123 },
      { label: 'linear', slope: -0.07460540991519644, linear: 0.8128688509300716, condensed: 0.00038635994021500206 },
    ];
    verdicts.forEach((verdict, i) => {
      const { label, slope, linear, condensed } = expected[Math.floor(i / 4)];
      expect(verdict.label).toBe(label);
      expect(verdict.evidence.slope).toBeCloseTo(slope, 12);
      expect(verdict.evidence.slopeError).toBeCloseTo(0.0146177074087584, 12);
      expect(verdict.evidence.widths).toBe(4);
      expect(verdict.probabilities.linear).toBeCloseTo(linear, 10);
      expect(verdict.probabilities.condensed).toBeCloseTo(condensed, 10);
      expect(verdict.probabilities.critical).toBeCloseTo(1 - linear - condensed, 10);
    });
  });

  test('on powers of the width are certain', () => {
    for (const [exponent, label] of [
      [-0.25, 'linear'],
      [0.001, 'critical'],
      [0.125, 'condensed'],
    ] as const) {
      const { runs, cells } = classifier.classify(
        runsOf(
          0,
          widths.map((width) => 3 * width ** exponent),
        ),
        axes,
      );
      expect(runs[0].evidence.slope).toBeCloseTo(exponent, 12);
      expect(runs[0].probabilities[label]).toBeCloseTo(1, 9);
      expect(cells.map((cell) => cell.label)).toEqual(widths.map(() => label));
    }
  });

  test('leave out runs that have not learned, and copies from the scatter', () => {
    const partial = classifier.classify(runsOf(0, [0.5, 0.25, undefined, 0.0625]), axes).runs;
    expect(partial.map(({ label }) => label)).toEqual(['linear', 'linear', undefined, 'linear']);
    expect(partial[0].evidence.widths).toBe(3);
    const once = runsOf(0, [0.5, 0.47, 0.48, 0.45]);
    const copies = once.map((run) => ({ ...run, seed: 1, copyOf: 0 }));
    const [alone] = classifier.classify(once, axes).runs;
    const [withCopies] = classifier.classify([...once, ...copies], axes).runs;
    expect(withCopies.evidence).toEqual(alone.evidence);
  });

  test('need three widths', () => {
    const { runs } = classifier.classify(runsOf(0, [0.5, 0.25]), axes);
    expect(runs.map(({ label }) => label)).toEqual([undefined, undefined]);
    expect(runs[0].evidence.slope).toBeCloseTo(-1, 12);
  });
});

// The map of narrow networks, away from its boundaries.
test('networks of widths 64 to 512 are in the regimes of theory', async () => {
  const corners = [
    [0.5, 0],
    [0.75, 0.5],
    [1, 0],
    [1.25, 0.75],
    [1.5, -0.5],
    [1.5, 0],
  ] as const;
  for (const [gamma, gammaPrime] of corners) {
    const runs = await runAll({
      time: 700,
      model: { use: 'two-layer-network', gamma, gammaPrime, antisymmetric: true },
      observers: { movement: { use: 'relative-distance', block: 'W', when: { every: 10 } } },
      sweep: { axes: { 'model.width': widths }, seeds: 4 },
    });
    const { cells } = classifier.classify(runs.map(recordOf), axes);
    for (const cell of cells) expect(cell.label, `gamma ${gamma}, ${gammaPrime}`).toBe(regime(gamma, gammaPrime));
  }
});
