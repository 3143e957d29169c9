// Figures of arXiv:2509.01349, as far as it is known here what they hold. Numbers are the paper's; what figures 2, 3 and 4
// show is not known here, and of 5, 7 and 9 not how they are drawn. The measures without a number are in measures.ts.
import type { FigureDeclaration } from '../../core/figures/declaration.js';
import { CRITICAL_VARIANCE } from '../../core/mean-field/tanh-law.js';
import { bounded, inverseWidth, LEVELS, plane, regimes, temperature } from './axes.js';
import { singleSpin } from './theory/single-spin.js';

const published = (figure: string) => ({ source: 'arXiv:2509.01349', figure });

/** Where single spins turn bimodal, when the initial width is taken for that of the pre-activations. */
const INVERSE_CRITICAL_WIDTH = 1 / Math.sqrt(CRITICAL_VARIANCE);

/** Figure 5: training loss and gradient at the end, both as means along an epoch. */
const lossAndGradient: FigureDeclaration = {
  kind: 'panels',
  name: 'loss-and-gradient',
  title: 'Training loss and gradient at the end',
  published: published('5'),
  panels: [
    {
      kind: 'heat-map',
      title: 'Mean batch loss of the last epoch',
      value: 'epoch-mean-loss.loss',
      color: 'log',
      ...plane,
      hatchAbove: 100,
    },
    {
      kind: 'heat-map',
      title: 'Norm of the mean batch gradient of the last epoch',
      value: 'epoch-mean-gradient-norm.norm',
      valueLabel: 'displacement in an epoch / (steps × learning rate)',
      color: 'log',
      ...plane,
      hatchAbove: 100,
    },
  ],
};

/** Figure 6: the levels over time in a cell of each regime, each on a scale of its own. */
const spectralFlow: FigureDeclaration = {
  kind: 'flow',
  name: 'spectral-flow',
  title: 'Levels of W Wᵀ in one cell of each regime',
  published: published('6'),
  value: 'gram-spectrum.levels',
  valueLabel: 'level',
  x: 'epoch',
  panels: regimes,
  ownScales: true,
};

/** Figure 7: the order parameters on held-out inputs. */
const orderParameters: FigureDeclaration = {
  kind: 'panels',
  name: 'order-parameters',
  title: 'Order parameters on held-out inputs at the end',
  published: published('7'),
  columns: 3,
  panels: [
    {
      kind: 'heat-map',
      title: 'Overlap with the start',
      value: 'overlap.q',
      statistic: 'mean',
      ...plane,
    },
    {
      kind: 'heat-map',
      title: 'Alignment with the local field',
      value: 'field-alignment.hs',
      statistic: 'mean',
      ...plane,
    },
    {
      kind: 'heat-map',
      title: 'The same unit by unit',
      value: 'field-alignment.hsd',
      statistic: 'mean',
      center: 0,
      ...plane,
    },
  ],
};

/** Figure 8: the fraction of seeds whose spectrum stays bounded by the published criterion, and its levels. */
const criterion: FigureDeclaration = {
  kind: 'panels',
  name: 'criterion-fraction',
  title: 'Seeds whose spectrum stays bounded, by the published criterion',
  published: published('8'),
  panels: [
    {
      kind: 'line',
      title: 'At the smallest initial width',
      value: bounded,
      valueLabel: 'fraction of seeds',
      x: temperature,
      where: { 'model.initialWidth': 0.125 },
      guides: LEVELS.map((level) => ({ y: level, label: `${100 * level} %` })),
      lastAbove: { level: LEVELS[0], label: 'T_c' },
    },
    {
      kind: 'heat-map',
      title: 'In the plane of initial width and temperature',
      value: bounded,
      valueLabel: 'fraction of seeds',
      ...plane,
      contours: { levels: LEVELS },
    },
  ],
};

/** Figure 9: where the fraction of figure 8 is 68 %, and the width at which single spins turn bimodal. */
const phaseDiagram: FigureDeclaration = {
  kind: 'heat-map',
  name: 'phase-diagram',
  title: 'Phase diagram over the training loss',
  published: published('9'),
  value: 'full-loss.loss',
  color: 'log',
  ...plane,
  contours: { value: bounded, levels: [LEVELS[0]], label: 'bounded in', whereProductAbove: 0.1 },
  // As published, up to where it meets the contour.
  guides: [{ x: INVERSE_CRITICAL_WIDTH, to: 0.86, label: '1/σ_W = √2' }],
  note: 'Contour where T/σ_W > 0.1.',
};

/** The published exponent, which is the net growth of the span of the levels. */
const spanGrowth: FigureDeclaration = {
  kind: 'heat-map',
  name: 'span-growth',
  title: 'Growth rate of the span of the levels',
  value: 'span-growth.rate',
  valueLabel: 'ln(span ratio) / epochs',
  statistic: 'mean',
  center: 0,
  ...plane,
  note: 'Published under the name of a Lyapunov exponent, with colours from 0 to 2·10⁻⁴ for 100 000 epochs.',
};

/** Both losses and the gradient along T, as the published medians with 16 and 84 % quantiles are given. */
const alongTemperature: FigureDeclaration = {
  kind: 'panels',
  name: 'loss-along-temperature',
  title: 'Along the temperature',
  panels: [
    {
      kind: 'line',
      title: 'Mean batch loss of the last epoch',
      value: 'epoch-mean-loss.loss',
      x: temperature,
      series: { ...inverseWidth, inverse: false, label: 'σ_W' },
      seriesValues: [0.125, 1, 16, 256],
      yScale: 'log',
    },
    {
      kind: 'line',
      title: 'Norm of the mean batch gradient',
      value: 'epoch-mean-gradient-norm.norm',
      x: temperature,
      series: { ...inverseWidth, inverse: false, label: 'σ_W' },
      seriesValues: [0.125, 1, 16, 256],
      yScale: 'log',
    },
  ],
};

export const publishedFigures = [
  singleSpin,
  lossAndGradient,
  spectralFlow,
  orderParameters,
  criterion,
  phaseDiagram,
  spanGrowth,
  alongTemperature,
] as const;
