// What the panels of a run draw: levels from the start to the end of a run, laws beside what is measured, reasons in place of
// empty plots.
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { LiveStart } from '../../../lab/protocol.js';

// The state of the page opens workers, which Node has not.
vi.mock('../../../lab/page/engine.js', () => ({
  openEngine: () => ({ engine: { setSpeed() {}, start() {} }, close() {} }),
}));

const { createDensityPanel } = await import('../../../lab/page/run/density-panel.js');
const { createFeaturesPanel } = await import('../../../lab/page/run/features-panel.js');
const { normalisedSpacings, createSpacingsPanel } = await import('../../../lab/page/run/spacings-panel.js');
const { createLossPanel } = await import('../../../lab/page/run/loss-panel.js');
const { createWeightsPanel, weightPixels } = await import('../../../lab/page/run/weights-panel.js');
const { levelsView } = await import('../../../lab/page/run/levels-view.js');
const { isMissing } = await import('../../../lab/page/run/panel.js');
const { xKind, yKind } = await import('../../../lab/page/run/run-state.js');
const { csvOf } = await import('../../../lab/page/run/panel-picture.js');
const { createLevelRange, frameAt } = await import('../../../lab/page/run/levels-picture.js');
const { runStart } = await import('../../../lab/page/state.js');
const { createTrail } = await import('../../../lab/page/trail.js');
const { svgSurface } = await import('../../../lab/page/drawing/svg-surface.js');
const { PAPER } = await import('../../../lab/page/drawing/theme.js');
const { marchenkoPasturQuantile } = await import('../../../core/theory/random-matrix/marchenko-pastur.js');

const record = (shape: readonly number[]) => ({ shape, dims: [], component: 'x', unit: '1', doc: 'a number' });
const law = { rows: 8, cols: 16, entryVariance: 0.5 };
const start: LiveStart = {
  ...{ type: 'start', steps: 1000, stepsPerEpoch: 10, weights: 128, endTime: 100, beta: 1, blocks: ['W'] },
  block: { name: 'W', rows: 8, cols: 16 },
  channels: {
    'look-levels.levels': record([8]),
    'look-loss.loss': record([]),
    'look-weights.W': record([8, 16]),
  } as never,
  roles: { levels: 'look-levels.levels', loss: 'look-loss.loss', weights: 'look-weights.W', numbers: [] },
  startLaw: law,
  targetLevels: [9, 4],
  missing: { features: 'this model has no held-out inputs' },
};

/** Levels at the quantiles of their law, which tremble. */
function trailOf(frames: number) {
  const trail = createTrail();
  for (let i = 0; i < frames; i++) {
    const data = Float64Array.from({ length: 8 }, (_, k) => {
      return marchenkoPasturQuantile(law, (7.5 - k) / 8) * (1 + 0.02 * Math.sin(i * (k + 2)));
    });
    const readings = [
      { channel: 'look-levels.levels', shape: [8], data },
      { channel: 'look-loss.loss', shape: [], data: Float64Array.of(1 / (i + 1)) },
      { channel: 'look-weights.W', shape: [8, 16], data: new Float64Array(128).fill(0.5) },
    ];
    trail.add({ step: 10 * i, epoch: i, time: i, readings });
  }
  return trail;
}

function svgOf(view: { draw: (...args: never[]) => void } | undefined): string {
  const surface = svgSurface();
  view?.draw(...([surface, { x: 0, y: 0, width: 700, height: 300 }, PAPER] as never[]));
  return surface.content();
}

beforeEach(() => {
  runStart.value = start;
  xKind.value = 'linear';
  yKind.value = 'log';
});

describe('the large panel', () => {
  test('has a line for each level, the law of the start and the levels of the teacher', () => {
    const svg = svgOf(levelsView(start, trailOf(20)));
    for (const color of PAPER.levels(8)) expect(svg).toContain(`stroke="${color}" stroke-width="1.25"`);
    expect(svg).toContain('Marchenko-Pastur law of the first weights');
    expect(svg).toContain('levels of the teacher');
  });

  test('has as many lines of numbers as frames, and a name for each column', () => {
    const table = levelsView(start, trailOf(5))?.table;
    expect(csvOf(table as never).split('\n')).toHaveLength(1 + 5 + 1);
    expect(table?.header).toEqual([
      'step',
      'epoch',
      'learning time',
      ...[1, 2, 3, 4, 5, 6, 7, 8].map((i) => `level ${i}`),
    ]);
  });

  test('keeps what was there in sight when levels explode', () => {
    const range = createLevelRange(start);
    const data = [1, 1e200].map((size) => new Float64Array(8).fill(size));
    range.include({ shape: [8], step: [0, 1], epoch: [0, 1], time: [0, 1], data });
    expect(range.scale('log').high).toBeLessThan(1e3);
    expect(range.scale('linear').high).toBeLessThan(1e3);
  });

  test('goes on where it was, also when frames in between have been dropped', () => {
    expect(frameAt({ step: [0, 10, 30, 70] }, 30)).toBe(2);
    expect(frameAt({ step: [0, 10, 30, 70] }, 69)).toBe(2);
    expect(frameAt({ step: [0, 10, 30, 70] }, -1)).toBe(0);
  });
});

describe('density of the levels', () => {
  test.each(['linear', 'log'] as const)('on a %s axis it and its law hold as much as there is', (kind) => {
    yKind.value = kind;
    const panel = createDensityPanel(start);
    const view = isMissing(panel) ? undefined : panel(trailOf(60));
    const rows = view?.table.rows ?? [];
    const measure = kind === 'log' ? Math.log10 : (x: number) => x;
    const width = measure(rows[1][0]) - measure(rows[0][0]);
    expect(rows.reduce((sum, [, density]) => sum + density * width, 0)).toBeCloseTo(1, 6);
    // The law at the middle of each bin.
    expect(Math.abs(rows.reduce((sum, [, , expected]) => sum + expected * width, 0) - 1)).toBeLessThan(0.1);
    expect(view?.caption).toContain('Marchenko-Pastur');
  });

  test('of levels that are those of no matrix is held against the semicircle', () => {
    const panel = createDensityPanel({ ...start, block: undefined });
    expect(isMissing(panel) ? '' : panel(trailOf(20))?.caption).toContain('semicircle');
  });
});

test('each pair of neighbours is measured in its own mean', () => {
  const spacings = normalisedSpacings([
    [10, 4, 3],
    [14, 4, 1],
  ]);
  expect(spacings).toEqual([0.75, 1.25, 0.5, 1.5]);
});

test('spacings wait for enough frames, and then say their N', () => {
  const panel = createSpacingsPanel(start);
  const caption = (frames: number) => (isMissing(panel) ? '' : (panel(trailOf(frames))?.caption ?? ''));
  expect(caption(3)).toContain('waits for 10 frames');
  expect(caption(40)).toMatch(/N = 7 pairs × \d+ frames/);
});

test('a panel that a model cannot fill says why', () => {
  expect(createFeaturesPanel(start)).toEqual({ missing: 'this model has no held-out inputs' });
});

test('a loss is drawn without order parameters where there are none', () => {
  const panel = createLossPanel(start);
  const svg = svgOf(isMissing(panel) ? undefined : panel(trailOf(20)));
  expect(svg).toContain('training');
  expect(svg).not.toContain('overlap');
});

test('weights have the two hues of the figures, and none at 0', () => {
  const { rgba } = weightPixels([-1, 0, 1, Number.NaN], 2, 1);
  expect([...rgba.slice(0, 3)]).toEqual([0x41, 0x14, 0x69]);
  expect([...rgba.slice(8, 11)]).toEqual([0x99, 0x4a, 0x07]);
  expect([...rgba.slice(4, 7)]).toEqual([...rgba.slice(12, 15)]);
  const panel = createWeightsPanel(start);
  expect(isMissing(panel) ? '' : panel(trailOf(2))?.caption).toContain('8 × 16');
});
