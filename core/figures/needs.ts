// What a figure needs to be stored: the channels that it draws and the classifiers whose verdicts it counts.
import type { FigureDeclaration, FigureValue, PlotDeclaration } from '../contracts/figure.js';
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

/** Sweep axes without which a plot is none. */
function axesOf(plot: FigureDeclaration | PlotDeclaration): string[] {
  switch (plot.kind) {
    case 'heat-map':
    case 'phase-map':
    case 'classifier-comparison':
      return [plot.x.axis, plot.y.axis];
    case 'line':
      return [plot.x.axis, ...(plot.series ? [plot.series.axis] : []), ...Object.keys(plot.where ?? {})];
    case 'flow':
      return typeof plot.panels === 'object' ? plot.panels.flatMap(({ at }) => Object.keys(at)) : [];
    case 'histogram':
      return (plot.cells ?? []).flatMap(({ at }) => Object.keys(at));
    default:
      return [];
  }
}

function valuesOf(plot: FigureDeclaration | PlotDeclaration): FigureValue[] {
  switch (plot.kind) {
    case 'heat-map':
      return [plot.value, ...(plot.contours?.value === undefined ? [] : [plot.contours.value])];
    case 'line':
      return [plot.value, ...(plot.lastAbove?.value === undefined ? [] : [plot.lastAbove.value])];
    case 'flow':
      return [plot.value, ...(plot.reference === undefined ? [] : [plot.reference.value])];
    case 'histogram':
      return [plot.value, ...(plot.theory === undefined ? [] : [plot.theory])];
    case 'phase-map':
      return [{ labels: [], classifier: plot.classifier }];
    default:
      return [];
  }
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
