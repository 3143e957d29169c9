// What a figure needs to be stored: the channels that it draws and the classifiers whose verdicts it counts.
import type { FigureAxis, FigureDeclaration, FigureValue, FlowCell, PlotDeclaration } from '../contracts/figure.js';
import { type FigureGround, findChannel, findClassifier } from './sources.js';

/**
 * All that is missing, in words, with what brings it: channels as the declaration names them, verdicts of a classifier, axes
 * of the sweep.
 */
export function missingNeeds(figure: FigureDeclaration, ground: FigureGround): string[] {
  const plots: readonly (FigureDeclaration | PlotDeclaration)[] = figure.kind === 'panels' ? figure.panels : [figure];
  const missing = plots.flatMap((plot) => valuesOf(plot)).flatMap((value) => missingOf(value, ground));
  const axes = plots.flatMap(axesOf).filter((axis) => !ground.axes.some(({ name }) => name === axis));
  return [...new Set([...missing, ...axes.map((axis) => `a sweep over ${axis}`)])];
}

/** Any plot, read by its fields: those of one name mean the same in every kind. */
type Fields = Partial<Record<'value' | 'theory', FigureValue>> &
  Partial<Record<'contours' | 'lastAbove' | 'reference', { readonly value?: FigureValue }>> &
  Partial<Record<'x' | 'y' | 'series' | 'leastAlong', FigureAxis | string>> &
  Partial<Record<'cells' | 'panels', string | readonly FlowCell[]>>;

/** Sweep axes without which a plot is none. */
function axesOf(plot: FigureDeclaration | PlotDeclaration): string[] {
  const { x, y, series, leastAlong, cells, panels } = plot as Fields;
  const axes = [x, y, series, leastAlong].flatMap((axis) => (typeof axis === 'object' ? [axis.axis] : []));
  const shown = [cells, panels].flatMap((list) =>
    typeof list === 'object' ? list.flatMap(({ at }) => Object.keys(at)) : [],
  );
  return [...axes, ...(plot.kind === 'line' ? Object.keys(plot.where ?? {}) : []), ...shown];
}

function valuesOf(plot: FigureDeclaration | PlotDeclaration): FigureValue[] {
  if (plot.kind === 'phase-map') return [{ labels: [], classifier: plot.classifier }];
  const { value, theory, contours, lastAbove, reference } = plot as Fields;
  const values = [value, theory, contours?.value, lastAbove?.value, reference?.value];
  return values.filter((one) => one !== undefined);
}

function missingOf(value: FigureValue, ground: FigureGround): string[] {
  if (typeof value === 'string') {
    if (findChannel(value, ground) !== undefined) return [];
    return [`${value} (an observer { use: '${value.slice(0, value.indexOf('.'))}' })`];
  }
  if (findClassifier(value.classifier, ground) !== undefined) return [];
  // The scenario's own writes its verdicts when all runs have ended.
  const classifier = value.classifier ?? ground.scenario.classifier?.use;
  if (value.classifier === undefined) return [`verdicts of ${classifier ?? 'a classifier'}`];
  return [`verdicts of ${classifier} (eigenflow analyse FOLDER --classifiers ${classifier})`];
}
