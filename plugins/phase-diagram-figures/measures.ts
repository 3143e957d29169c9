// Maps and curves of measures over the phase diagram that have no number in a paper.
import type { FigureDeclaration, HeatMapDeclaration } from 'eigenflow';
import { bounded, inverseWidth, LEVELS, plane, regimes, SYMBOLS, temperature } from './axes.js';

const map = (figure: Omit<HeatMapDeclaration, 'kind' | 'x' | 'y'>): FigureDeclaration => ({
  kind: 'heat-map',
  note: SYMBOLS,
  ...plane,
  ...figure,
});

const maps = [
  map({
    name: 'criterion-fraction',
    title: 'Seeds whose spectrum stays bounded, by the published criterion',
    value: bounded,
    valueLabel: 'fraction of seeds',
    contours: { levels: LEVELS },
  }),
  map({
    name: 'alignment-by-unit',
    title: 'Alignment with the local field, unit by unit',
    value: 'field-alignment.hsd',
    valueLabel: 'hsd',
    statistic: 'mean',
    center: 0,
  }),
  map({
    name: 'training-loss',
    title: 'Training loss at the end',
    value: 'full-loss.loss',
    color: 'log',
    hatchAbove: 100,
  }),
  map({
    name: 'largest-level',
    title: 'Largest level of W Wᵀ at the end',
    value: 'gram-spectrum.levels',
    element: [0],
    valueLabel: 'largest level',
    color: 'log',
    hatchAbove: 100,
  }),
  map({
    name: 'lyapunov',
    title: 'Largest Lyapunov exponent',
    value: 'lyapunov-exponent.perEpoch',
    valueLabel: 'exponent (1/epoch)',
    statistic: 'mean',
    color: 'symlog',
    contours: { levels: [0], label: 'exponent' },
  }),
  map({
    name: 'sharpness',
    title: 'Step times sharpness',
    value: 'sharpness.stepTimesSharpness',
    valueLabel: 'step × largest Hessian eigenvalue',
    color: 'log',
    contours: { value: 'sharpness.margin', levels: [0], statistic: 'median', label: 'stability margin:' },
  }),
  map({
    name: 'saturated',
    title: 'Saturated features',
    value: 'saturated-fraction.fraction',
    valueLabel: 'fraction',
    limits: [0, 1],
    hatchAbove: 0.3,
  }),
  map({
    name: 'bimodality',
    title: 'Bimodality of the features',
    value: 'feature-distribution.bimodality',
    valueLabel: 'coefficient of bimodality',
    contours: { levels: [5 / 9], statistic: 'median', label: 'uniform law:' },
  }),
];

const others: FigureDeclaration[] = [
  {
    kind: 'line',
    name: 'overlap-along-width',
    title: 'Overlap with the start',
    value: 'overlap.q',
    statistic: 'mean',
    x: inverseWidth,
    series: temperature,
    seriesValues: [0.125, 2, 32, 256],
    note: SYMBOLS,
  },
  {
    kind: 'histogram',
    name: 'feature-distribution',
    title: 'Distribution of the features in one cell of each regime',
    value: 'feature-distribution.density',
    theory: 'feature-distribution.tanhDensity',
    theoryLabel: 'tanh of a normal variable',
    range: [-1, 1],
    xLabel: 'feature',
    valueLabel: 'density',
    cells: regimes,
  },
  { kind: 'phase-map', name: 'phases', title: 'Phases', ...plane, note: SYMBOLS },
  { kind: 'classifier-comparison', name: 'classifiers', title: 'What the classifiers say', ...plane },
];

export const measureFigures = [...maps, ...others];
