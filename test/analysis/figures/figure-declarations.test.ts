// Declarations of figures with mistakes in them: each is answered before anything is drawn, and whatever is wrong with a
// declaration, it is an answer and neither a stack trace nor an endless loop.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseTicks } from '../../../analysis/figures/draw/ticks.js';
import { drawFigure } from '../../../analysis/figures/draw-figure.js';
import { openFigureData } from '../../../analysis/figures/figure-data.js';
import { renderSvg } from '../../../analysis/figures/render-figure.js';
import type { FigureDeclaration } from '../../../core/contracts/figure.js';
import { isEigenflowError } from '../../../core/errors.js';
import { checkFigures } from '../../../core/figures/check.js';
import { checkDeclaredFields } from '../../../core/figures/declared-fields.js';
import { verdictsTable } from '../../../node/results/verdict-tables.js';
import figuresPlugin from '../../../plugins/phase-diagram-figures/index.js';
import { temporaryFolder } from '../../node/files/temporary-folder.js';
import { writeSyntheticStudy } from '../synthetic-study.js';

const study = join(temporaryFolder(), 'study');
const rows = writeSyntheticStudy(study, { status: () => 'completed' });
const labels = ['ordered', 'jammed'];
const axes = ['model.initialWidth', 'optimiser.learningRate', 'noise.batchSize', 'model.activation'];
writeFileSync(
  join(study, 'verdicts.csv'),
  verdictsTable(
    rows,
    rows.map(({ seed }) => ({ label: labels[seed], probabilities: { ordered: 1 - seed, jammed: seed }, evidence: {} })),
    labels,
    axes,
  ),
);
const manifest = join(study, 'manifest.json');
const stored = JSON.parse(readFileSync(manifest, 'utf8'));
stored.scenario.classifier = { use: 'mine' };
writeFileSync(manifest, JSON.stringify(stored));
const data = openFigureData(study);

const where = { 'model.activation': 'tanh' };
const plane = { x: { axis: 'model.initialWidth' }, y: { axis: 'optimiser.learningRate' } } as const;
const one = { ...where, 'optimiser.learningRate': 0.25 };
const map: FigureDeclaration = {
  kind: 'heat-map',
  name: 'map',
  value: 'loss.loss',
  color: 'log',
  limits: [0.001, 1],
  contours: { value: { labels: ['ordered'] }, levels: [0.5] },
  guides: [{ x: 1, to: 'contour', label: 'one' }],
  factor: 2,
  frame: 1,
  ...plane,
  where,
};
const line: FigureDeclaration = {
  kind: 'line',
  name: 'line',
  value: 'spectrum.levels',
  element: [0],
  statistic: 'mean',
  x: { axis: 'model.initialWidth', inverse: true, divideBy: 2 },
  series: { axis: 'optimiser.learningRate', label: 'rate', scale: 'log' },
  seriesValues: [0.25],
  lastAbove: { value: { labels: ['ordered'] }, levels: [0.1, 0.6], label: 'x' },
  errors: 'bars',
  yScale: 'log',
  where,
};
const flow: FigureDeclaration = {
  kind: 'flow',
  name: 'flow',
  value: 'spectrum.levels',
  x: 'epoch',
  seed: 1,
  where,
  reference: { value: 'spectrum.levels', label: 'start' },
  since: 0.5,
  theory: 'spectrum.levels',
};
const phases: FigureDeclaration = { kind: 'phase-map', name: 'phases', ...plane, where };
const histogram: FigureDeclaration = {
  kind: 'histogram',
  name: 'histogram',
  value: 'spectrum.levels',
  theory: 'spectrum.levels',
  range: [0, 3],
  xLabel: 'level',
  cells: [{ at: { 'model.initialWidth': 1 } }],
  where: one,
};
const curves: FigureDeclaration = {
  kind: 'curves',
  name: 'curves',
  curves: [{ label: 'a', x: [0, 1, 2], y: [1, 2, 4] }],
  xLabel: 'x',
  yLabel: 'y',
  yScale: 'log',
  limits: [1, 5],
  regions: [{ from: 0, to: 1, label: 'left' }],
};
const panels: FigureDeclaration = {
  kind: 'panels',
  name: 'panels',
  columns: 2,
  published: { source: 'doi', figure: '1' },
  panels: [
    { kind: 'curves', curves: curves.curves, xLabel: 'x', yLabel: 'y' },
    {
      kind: 'flow',
      value: 'loss.loss',
      x: 'step',
      panels: [{ label: 'a', at: { 'model.initialWidth': 1 } }],
      where: one,
    },
  ],
};
const least: FigureDeclaration = {
  kind: 'line',
  name: 'least',
  value: 'loss.loss',
  x: { axis: 'optimiser.learningRate' },
  leastAlong: { axis: 'model.initialWidth', inverse: true, scale: 'log' },
  where,
};
const all = [map, line, least, flow, phases, histogram, curves, panels];

describe('a mistake in a declaration', () => {
  test.each<[FigureDeclaration, object, string]>([
    [map, { colour: 'log' }, 'figures[0].colour: no such field; did you mean "color"?'],
    [map, { color: 'logarithmic' }, 'figures[0].color: expected "log" or "linear" or "symlog", found "logarithmic"'],
    [map, { statistic: 'avg' }, 'figures[0].statistic: expected "median" or "mean", found "avg"'],
    [map, { width: 'wide' }, 'figures[0].width: expected "column" or "page", found "wide"'],
    [map, { title: 5 }, 'figures[0].title: expected a text, found 5'],
    [map, { contours: {} }, 'figures[0].contours.levels: is missing; give a list of 1 or more, each a finite number'],
    [map, { guides: [{ x: 1 }] }, 'figures[0].guides[0].label: is missing; give a text'],
    [map, { guides: [{ label: 'a' }] }, 'figures[0].guides[0]: a guide has an x, a y or points, and one of them only'],
    [
      map,
      { guides: [{ label: 'a', points: [[1, 2]] }] },
      'figures[0].guides[0].points: expected a list of 2 or more, each [x, y], two finite numbers',
    ],
    [
      map,
      {
        guides: [
          {
            label: 'a',
            to: 2,
            points: [
              [1, 2],
              [2, 3],
            ],
          },
        ],
      },
      'figures[0].guides[0]: a guide through points ends at the last; leave out from and to',
    ],
    [map, { x: 'model.initialWidth' }, 'figures[0].x: expected { axis: "PATH", ... } with the path of a sweep axis'],
    [map, { x: { ...plane.x, scale: 'ln' } }, 'figures[0].x.scale: expected "log" or "linear", found "ln"'],
    [map, { x: undefined }, 'figures[0].x: is missing; give { axis: "PATH", ... }'],
    [map, { value: { labels: 'ordered' } }, 'figures[0].value.labels: expected a list of 1 or more, each a text'],
    [map, { value: 7 }, 'figures[0].value: expected a channel or { labels: [...] }, found 7'],
    [map, { frame: 'first' }, 'figures[0].frame: expected "last" or a whole number of at least 0, found "first"'],
    [map, { frame: -1 }, 'figures[0].frame: expected "last" or a whole number of at least 0, found -1'],
    [map, { published: { figure: 1 } }, 'figures[0].published.source: is missing'],
    [
      map,
      { where: { ...where, 'optimiser.learningRate': 0.25, 'noise.batchSize': 2 } },
      'optimiser.learningRate and noise.batchSize vary together and never have these values at once',
    ],
    [line, { seriesValues: 8 }, 'figures[0].seriesValues: expected a list of 1 or more, each a value, found 8'],
    [line, { series: undefined }, 'figures[0].seriesValues: needs the axis that they belong to'],
    [flow, { x: undefined }, 'figures[0].x: is missing; give "epoch" or "step" or "time"'],
    [flow, { x: 'steps' }, 'figures[0].x: expected "epoch" or "step" or "time", found "steps"; did you mean "step"?'],
    [flow, { seed: 9 }, 'figures[0].seed: there is no seed 9'],
    [flow, { xDivideBy: 0 }, 'figures[0].xDivideBy: '],
    [flow, { panels: [] }, 'figures[0].panels: expected "cell", the path of a sweep axis, or a list of cells'],
    [
      flow,
      { where: one, panels: [{ at: { 'model.initialWidth': 1, 'optimiser.learningRate': 0.5 } }] },
      'figures[0].panels[0].at.optimiser.learningRate: `where` keeps only the cells at 0.25; leave one out',
    ],
    [curves, { curves: [{ x: [0, 1], y: [0, 1] }] }, 'figures[0].curves[0].label: is missing; give a text'],
    [curves, { curves: [] }, 'figures[0].curves: expected a list of 1 or more'],
    [curves, { limits: [0, 1] }, 'figures[0].limits: a log scale needs limits above 0'],
    [histogram, { range: [1, 0] }, 'figures[0].range: expected [lower, upper] with lower < upper'],
    [panels, { columns: 0 }, 'figures[0].columns: expected a whole number of at least 1 and at most 6, found 0'],
    [panels, { panels: undefined }, 'figures[0].panels: is missing; give a list of 1 or more'],
    [panels, { panels: [{ kind: 'panels' }] }, 'figures[0].panels[0].kind: no panel of kind "panels"'],
    [panels, { kind: 'pannels' }, 'figures[0].kind: no figure of kind "pannels"; did you mean "panels"?'],
  ])('%# is answered', (figure, change, message) => {
    const changed = { ...figure, ...change } as FigureDeclaration;
    expect(() => checkFigures([changed], data.ground)).toThrow(message);
  });

  test.each([null, 5, 'loss', [], undefined])('%j is no figure', (figure) => {
    expect(() => checkFigures([figure], data.ground)).toThrow('figures[0]: expected a figure { kind, ... }');
  });

  test('of a frame that no run will have is answered before the first run, where that is known', () => {
    const ground = { ...data.ground, frameCounts: { 'loss.loss': 4 } };
    expect(() => checkFigures([{ ...map, frame: 4 }], ground)).toThrow(
      'figures[0].frame: there is no frame 4: loss.loss has 4 frames, 0 to 3; leave `frame` out for the last one',
    );
    expect(() => checkFigures([{ ...map, frame: 3 }], ground)).not.toThrow();
  });

  test('of a frame that a whole run does not have is answered, not counted as a missing run', () => {
    expect(() => drawFigure(data, { ...map, frame: 99 })).toThrow(
      'frame: there is no frame 99: loss.loss of run synthetic-00000-0 has 4 frames, 0 to 3',
    );
    expect(() => drawFigure(data, { ...histogram, frame: 99 })).toThrow('there is no frame 99');
  });

  test('on an axis that cannot take the values', () => {
    const zero = join(temporaryFolder(), 'zero');
    writeSyntheticStudy(zero, { widths: [0, 1] });
    const { ground } = openFigureData(zero);
    const plain = { kind: 'heat-map', name: 'm', value: 'loss.loss', ...plane, where } as const;
    const x = { axis: 'model.initialWidth' };
    expect(() => checkFigures([{ ...plain, x: { ...x, scale: 'log' } }], ground)).toThrow(
      'figures[0].x.scale: a log scale needs values above 0, and model.initialWidth = 0 is drawn at 0',
    );
    expect(() => checkFigures([{ ...plain, x: { ...x, inverse: true } }], ground)).toThrow(
      'figures[0].x: model.initialWidth = 0 has no place on the axis',
    );
  });
});

test('the figures of a plugin have only fields that there are', () => {
  for (const figure of figuresPlugin.figures ?? []) expect(() => checkDeclaredFields(figure, '')).not.toThrow();
});

test.each<[number, number, 'log' | 'linear']>([
  [1, 1 + 2 ** -52, 'linear'],
  [1e20, 1e20 + 2 ** 14, 'linear'],
  [-1e308, 1e308, 'linear'],
  [0, 1, 'log'],
  [1, Number.POSITIVE_INFINITY, 'log'],
])('ticks from %d to %d on a %s scale come to an end', (low, high, scale) => {
  expect(chooseTicks(low, high, scale).length).toBeLessThan(20);
});

type Tree = Record<string, unknown>;

/** Every place in a declaration, as the keys that lead to it. */
function places(value: unknown, at: readonly string[] = []): string[][] {
  const below = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  return [[...at], ...below.flatMap((key) => places((value as Tree)[key], [...at, key]))];
}

/** A copy with another value at one place; `undefined` takes what is there away. */
function changedAt(value: unknown, [key, ...rest]: readonly string[], to: unknown): unknown {
  if (key === undefined) return to;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Tree;
  copy[key] = changedAt(copy[key], rest, to);
  if (copy[key] !== undefined) return copy;
  if (Array.isArray(copy)) copy.splice(Number(key), 1);
  else delete copy[key];
  return copy;
}

const valueAt = (tree: unknown, place: readonly string[]) =>
  place.reduce<unknown>((at, key) => (at as Tree)[key], tree);

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

describe('a declaration that is changed at random', () => {
  const words = ['', 'log', 'last', 'mean', 'cell', 'page', 'flow', 'mine', 'loss.loss', ...axes, 'spectrum.levels'];
  const numbers = [0, 1, 2, -1, 0.25, 0.5, 99, 1e-320, 1e308, -1e308, Number.NaN];
  const parts = all.flatMap((figure) => places(figure).map((place) => valueAt(figure, place)));
  const keys = [...new Set(all.flatMap((figure) => places(figure).map((place) => place.at(-1) ?? 'name')))];
  const odd: unknown[] = [undefined, null, true, [], {}, [[1]], [0, 1], [1, 1], { axis: 'model.initialWidth' }];

  /** Anything anywhere: taken from another place, too, where it is right. */
  const anything = fc
    .record({
      place: fc.nat(),
      to: fc.constantFrom(...odd, ...numbers, ...words, ...parts),
      key: fc.option(fc.constantFrom(...keys)),
    })
    .map(({ place, to, key }) => (now: unknown) => {
      const known = places(now);
      const at = known[place % known.length];
      return changedAt(now, key !== null && isObject(valueAt(now, at)) ? [...at, key] : at, to);
    });

  /** A number for a number and a word for a word: much of this passes the first checks. */
  const alike = fc
    .record({
      place: fc.nat(),
      number: fc.constantFrom(...numbers),
      word: fc.constantFrom(...words),
      gone: fc.boolean(),
    })
    .map(({ place, number, word, gone }) => (now: unknown) => {
      const leaves = places(now).filter((at) => at.length > 0 && /^(string|number)$/.test(typeof valueAt(now, at)));
      if (leaves.length === 0) return now;
      const at = leaves[place % leaves.length];
      if (gone) return changedAt(now, at, undefined);
      return changedAt(now, at, typeof valueAt(now, at) === 'number' ? number : word);
    });

  test('is answered, or drawn', async () => {
    let drawn = 0;
    let answered = 0;
    const changes = fc.oneof(
      fc.array(anything, { minLength: 1, maxLength: 3 }),
      fc.array(alike, { minLength: 1, maxLength: 2 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...all), changes, async (start, made) => {
        const figure = made.reduce<unknown>((now, change) => change(now), start);
        try {
          checkFigures([figure], data.ground);
          const { spec } = drawFigure(data, figure as FigureDeclaration);
          const origin = { title: '', sample: '', data: '', command: '', version: '' };
          expect(await renderSvg(spec, origin)).not.toContain('NaN');
          drawn += 1;
        } catch (error) {
          if (!isEigenflowError(error)) throw error;
          answered += 1;
        }
      }),
      { numRuns: 1500 },
    );
    // The test would say nothing if all were refused at the door, or none.
    expect(drawn).toBeGreaterThan(150);
    expect(answered).toBeGreaterThan(150);
  }, 120_000);
});
