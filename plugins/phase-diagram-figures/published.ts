// The figures of arXiv:2509.01349 by their numbers, as the notebook of its authors has them: what each panel shows,
// over which axes, summarised how. Each is called by its number, fig1 to fig9. What has no number there is in
// measures.ts.
//
// Means are over seeds, lines are medians with 16 and 84 % quantiles. Limits of colours are those of the values: the
// published ones are for 100 000 epochs.
import type { FigureDeclaration, HeatMapDeclaration, LineDeclaration } from 'eigenflow';
import { CRITICAL_VARIANCE } from 'eigenflow/theory';
import { bounded, inverseWidth, LEVELS, plane, regimes, SYMBOLS, temperature } from './axes.js';
import { singleSpin } from './theory/single-spin.js';

type Panel<Declaration> = Omit<Declaration, 'name' | 'width' | 'published'>;

const numbered = (figure: number) =>
  ({ name: `fig${figure}`, published: { source: 'arXiv:2509.01349', figure: String(figure) } }) as const;

/** Of the code, which measures the held-out loss without the factor 1/2 of the training loss. */
const testLoss: Panel<HeatMapDeclaration> = {
  kind: 'heat-map',
  title: 'Test loss',
  value: 'test-loss.loss',
  factor: 2,
  valueLabel: 'mean squared error',
  statistic: 'mean',
  color: 'log',
  ...plane,
};

const overlap: Panel<HeatMapDeclaration> = {
  kind: 'heat-map',
  title: 'Overlap with the start',
  value: 'overlap.q',
  valueLabel: 'q',
  statistic: 'mean',
  ...plane,
};

const alignment: Panel<HeatMapDeclaration> = {
  kind: 'heat-map',
  title: 'Alignment with the local field',
  value: 'field-alignment.hs',
  valueLabel: 'hs',
  statistic: 'mean',
  ...plane,
};

const growth: Panel<HeatMapDeclaration> = {
  kind: 'heat-map',
  title: 'Growth rate of the span of the levels',
  value: 'span-growth.rate',
  valueLabel: 'growth rate (1/epoch)',
  statistic: 'mean',
  center: 0,
  ...plane,
};

/** The training loss and the gradient as the published runs store them: means along the last epoch. */
const lossAlong: Panel<LineDeclaration> = {
  kind: 'line',
  title: 'Training loss',
  value: 'epoch-mean-loss.loss',
  valueLabel: 'training loss',
  x: temperature,
  yScale: 'log',
};

const gradientAlong: Panel<LineDeclaration> = {
  kind: 'line',
  title: 'Gradient',
  value: 'epoch-mean-gradient-norm.norm',
  valueLabel: 'gradient norm',
  x: temperature,
  yScale: 'log',
};

const severalWidths = {
  series: { axis: 'model.initialWidth', label: 'σ_W' },
  seriesValues: [0.125, 1, 4, 16, 64, 256],
} as const;

/** The smallest initial width, at which the lines of figures 4 and 8 are drawn. */
const narrow = { where: { 'model.initialWidth': 0.125 } } as const;

const threeLevels = { contours: { value: bounded, levels: LEVELS, label: 'bounded:' } } as const;

/** The contour of the paramagnet where it means something, and the width at which single spins turn bimodal. */
const boundaries = {
  contours: { value: bounded, levels: [LEVELS[0]], label: 'bounded:', whereProductAbove: 0.1 },
  guides: [{ x: 1 / Math.sqrt(CRITICAL_VARIANCE), to: 'contour', label: '1/σ_W = √2' }],
} as const;

export const publishedFigures: readonly FigureDeclaration[] = [
  { ...singleSpin, ...numbered(1) },
  { ...testLoss, ...numbered(2), title: 'Test loss at the end', note: SYMBOLS },
  {
    kind: 'panels',
    ...numbered(3),
    title: 'Training loss and gradient at the end, at several initial widths',
    panels: [
      { ...lossAlong, ...severalWidths },
      { ...gradientAlong, ...severalWidths },
    ],
    note: SYMBOLS,
  },
  {
    kind: 'panels',
    ...numbered(4),
    title: 'Training loss and gradient at the end, and the gradient at the start',
    columns: 3,
    panels: [
      { ...lossAlong, ...narrow, errors: 'bars' },
      { ...gradientAlong, ...narrow, errors: 'bars' },
      {
        kind: 'line',
        title: 'Gradient at the start',
        value: 'gradient-norm.norm',
        valueLabel: 'gradient norm',
        frame: 0,
        x: inverseWidth,
        // No step has been made: the same at every learning rate.
        where: { 'optimiser.learningRate': 0.125 },
        yScale: 'log',
        errors: 'bars',
      },
    ],
    note: SYMBOLS,
  },
  {
    kind: 'panels',
    ...numbered(5),
    title: 'Order parameters on held-out inputs at the end',
    panels: [overlap, alignment],
    note: SYMBOLS,
  },
  {
    kind: 'flow',
    ...numbered(6),
    title: 'Levels of W Wᵀ in one cell of each regime',
    value: 'gram-spectrum.levels',
    valueLabel: 'x_i',
    x: 'epoch',
    panels: regimes,
    ownScales: true,
    note: SYMBOLS,
    cellAxes: [temperature, inverseWidth],
    reference: { value: 'target-spectrum.levels', label: 'levels of the teacher' },
  },
  { ...growth, ...numbered(7), note: SYMBOLS },
  {
    kind: 'panels',
    ...numbered(8),
    title: 'Where the spectrum stays bounded, by the published criterion',
    columns: 3,
    panels: [
      { ...gradientAlong, ...narrow, errors: 'bars', lastAbove: { value: bounded, levels: LEVELS, label: 'T_c' } },
      { ...overlap, ...threeLevels },
      { ...alignment, ...threeLevels },
    ],
    note: SYMBOLS,
  },
  {
    kind: 'panels',
    ...numbered(9),
    title: 'Phase diagram',
    panels: [testLoss, overlap, alignment, growth].map((map) => ({ ...map, ...boundaries })),
    note: `${SYMBOLS} Contours where T/σ_W > 0.1.`,
  },
];
