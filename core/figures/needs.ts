// What a figure needs to be stored: the channels that it draws and the classifiers whose verdicts it counts.
import type { FigureDeclaration, FigureValue, PlotDeclaration } from './declaration.js';
import { type FigureGround, findChannel, findClassifier } from './ground.js';

/** All that is missing, in words: channels as the declaration names them, verdicts as `verdicts of <classifier>`. */
export function missingNeeds(figure: FigureDeclaration, ground: FigureGround): string[] {
  const plots: readonly (FigureDeclaration | PlotDeclaration)[] = figure.kind === 'panels' ? figure.panels : [figure];
  const missing = plots.flatMap((plot) => valuesOf(plot)).flatMap((value) => missingOf(value, ground));
  return [...new Set(missing)];
}

function valuesOf(plot: FigureDeclaration | PlotDeclaration): FigureValue[] {
  switch (plot.kind) {
    case 'heat-map':
      return [plot.value, ...(plot.contours?.value === undefined ? [] : [plot.contours.value])];
    case 'line':
    case 'flow':
      return [plot.value];
    case 'histogram':
      return [plot.value, ...(plot.theory === undefined ? [] : [plot.theory])];
    case 'phase-map':
      return [{ labels: [], classifier: plot.classifier }];
    default:
      return [];
  }
}

function missingOf(value: FigureValue, ground: FigureGround): string[] {
  if (typeof value === 'string') return findChannel(value, ground) === undefined ? [value] : [];
  if (findClassifier(value.classifier, ground) !== undefined) return [];
  // The scenario's own writes its verdicts when all runs have ended.
  return [`verdicts of ${value.classifier ?? ground.scenario.classifier?.use ?? 'a classifier'}`];
}
