// Checks figures against the axes and channels they draw from: a mistake is found before the first run, not after the
// last.

import type {
  ClassifierComparisonDeclaration,
  CurvesDeclaration,
  FigureDeclaration,
  FlowDeclaration,
  HeatMapDeclaration,
  HistogramDeclaration,
  LineDeclaration,
  PlotDeclaration,
} from '../contracts/figure.js';
import {
  checkAxis,
  checkCell,
  checkFactor,
  checkFrame,
  checkGuides,
  checkLimits,
  checkMapAxes,
  checkOfRuns,
  checkOthersFixed,
  checkValue,
  checkWhere,
} from './check-parts.js';
import { checkDeclaredFields } from './declared-fields.js';
import {
  drawnValues,
  type FigureGround,
  figureError,
  resolveAxis,
  resolveChannel,
  resolveClassifier,
  sameJson,
} from './sources.js';

/** @throws EigenflowError `scenario` naming the figure and the mistake. */
export function checkFigures(figures: readonly unknown[], ground: FigureGround): void {
  const names = new Set<string>();
  figures.forEach((figure, i) => {
    const path = `figures[${i}]`;
    checkFileName(figure, path, names);
    checkFigure(figure, path, ground);
  });
}

/** @param taken names of the figures before it; its own is added */
export function checkFileName(figure: unknown, path: string, taken: Set<string>): asserts figure is FigureDeclaration {
  checkDeclaredFields(figure, path);
  const { name } = figure;
  if (!/^[\w-][\w.-]{0,99}$/.test(name)) {
    const shown = JSON.stringify(name.length > 120 ? `${name.slice(0, 117)}...` : name);
    throw figureError(`${path}.name`, `${shown} cannot be a file name; use up to 100 letters, digits, - and _`);
  }
  if (taken.has(name)) throw figureError(`${path}.name`, `two figures are called "${name}"; rename one`);
  taken.add(name);
}

/** @throws EigenflowError `scenario` naming the mistake */
export function checkFigure(figure: unknown, path: string, ground: FigureGround): void {
  checkDeclaredFields(figure, path);
  if (figure.kind === 'classifier-comparison') {
    checkComparison(figure, path, ground);
    return;
  }
  if (figure.kind !== 'panels') {
    checkPlot(figure, path, ground);
    return;
  }
  for (const [i, panel] of figure.panels.entries()) checkPlot(panel, `${path}.panels[${i}]`, ground);
}

function checkPlot(figure: PlotDeclaration, path: string, ground: FigureGround): void {
  switch (figure.kind) {
    case 'heat-map':
      checkHeatMap(figure, path, ground);
      return;
    case 'line':
      checkLine(figure, path, ground);
      return;
    case 'flow':
      checkFlow(figure, path, ground);
      return;
    case 'phase-map':
      checkGuides(figure, path);
      resolveClassifier(figure.classifier, `${path}.classifier`, ground);
      checkMapAxes(figure, path, ground);
      return;
    case 'histogram':
      checkHistogram(figure, path, ground);
      return;
    case 'curves':
      checkCurves(figure, path);
      return;
  }
}

function checkCurves(figure: Omit<CurvesDeclaration, 'name'>, path: string): void {
  const { curves, yScale, limits } = figure;
  checkGuides(figure, path);
  checkLimits(limits, yScale === 'log', `${path}.limits`);
  curves.forEach(({ x, y }, i) => {
    if (x.length === y.length && x.length > 1) return;
    throw figureError(
      `${path}.curves[${i}]`,
      `x has ${x.length} values and y ${y.length}; both need the same, 2 or more`,
    );
  });
}

function checkHeatMap(figure: Omit<HeatMapDeclaration, 'name'>, path: string, ground: FigureGround): void {
  checkOfRuns(figure, path, ground);
  checkFactor(figure, path);
  checkGuides(figure, path);
  if (figure.contours?.value !== undefined) checkValue(figure.contours.value, [], `${path}.contours.value`, ground);
  checkMapAxes(figure, path, ground);
  checkLimits(figure.limits, figure.color === 'log', `${path}.limits`);
  if (figure.center !== undefined && figure.color === 'log') {
    throw figureError(`${path}.center`, 'two hues part at a value of a linear scale; leave `color` out, or "symlog"');
  }
  if (figure.linearWithin !== undefined && figure.color !== 'symlog') {
    throw figureError(`${path}.linearWithin`, 'is for a symmetric logarithmic scale; add color: "symlog"');
  }
}

function checkLine(figure: Omit<LineDeclaration, 'name'>, path: string, ground: FigureGround): void {
  if (figure.seriesValues && !figure.series) {
    throw figureError(`${path}.seriesValues`, 'needs the axis that they belong to; add series: { axis: "PATH" }');
  }
  checkOfRuns(figure, path, ground);
  checkFactor(figure, path);
  checkGuides(figure, path);
  if (figure.lastAbove?.value !== undefined) {
    checkValue(figure.lastAbove.value, [], `${path}.lastAbove.value`, ground);
  }
  const shown = [resolveAxis(figure.x.axis, `${path}.x.axis`, ground)];
  if (figure.series) shown.push(resolveAxis(figure.series.axis, `${path}.series.axis`, ground));
  if (shown.length === 2 && shown[0].group === shown[1].group) {
    throw figureError(`${path}.series.axis`, 'varies together with the x axis; choose an independent one');
  }
  checkOthersFixed(
    shown.map(({ group }) => group),
    path,
    figure.where,
    ground,
  );
  checkAxis(figure.x, `${path}.x`, ground, figure.where);
  if (figure.series) checkAxis(figure.series, `${path}.series`, ground, figure.where);
  const drawn = figure.series && drawnValues(figure.series, `${path}.series`, ground, figure.where);
  const lines = figure.seriesValues?.length ?? drawn?.values.length ?? 1;
  if (figure.lastAbove && lines > 1) {
    throw figureError(
      `${path}.lastAbove`,
      `marks places of one line, and there are ${lines}; choose one with \`seriesValues\``,
    );
  }
  for (const value of figure.seriesValues ?? []) {
    if (drawn?.values.some((known) => sameJson(known, value))) continue;
    throw figureError(`${path}.seriesValues`, `the series axis has no value ${JSON.stringify(value)}`);
  }
  checkLimits(figure.limits, figure.yScale === 'log', `${path}.limits`);
}

function checkFlow(figure: Omit<FlowDeclaration, 'name'>, path: string, ground: FigureGround): void {
  resolveChannel(figure.value, `${path}.value`, ground);
  if (figure.reference) resolveChannel(figure.reference.value, `${path}.reference.value`, ground);
  checkWhere(figure.where, `${path}.where`, ground);
  for (const [i, axis] of (figure.cellAxes ?? []).entries()) {
    checkAxis(axis, `${path}.cellAxes[${i}]`, ground, figure.where);
  }
  const { panels = 'cell', seed = 0 } = figure;
  if (seed >= ground.seeds) {
    throw figureError(`${path}.seed`, `there is no seed ${seed}; the sweep has seeds 0 to ${ground.seeds - 1}`);
  }
  if (typeof panels !== 'string') {
    panels.forEach(({ at }, i) => {
      checkCell(at, figure.where, `${path}.panels[${i}]`, ground);
    });
  } else if (panels !== 'cell') {
    checkOthersFixed([resolveAxis(panels, `${path}.panels`, ground).group], path, figure.where, ground);
  }
}

function checkComparison(figure: ClassifierComparisonDeclaration, path: string, ground: FigureGround): void {
  const known = Object.keys(ground.classifiers);
  if (known.length < 2) {
    const stored = known.length === 0 ? 'of none' : `of ${known[0]} only`;
    throw figureError(path, `there are verdicts ${stored}; two classifiers are needed to compare them`);
  }
  checkMapAxes(figure, path, ground);
}

function checkHistogram(figure: Omit<HistogramDeclaration, 'name'>, path: string, ground: FigureGround): void {
  const shapes = [figure.value, ...(figure.theory ? [figure.theory] : [])].map((value) => {
    const channel = resolveChannel(value, `${path}.value`, ground);
    return { channel, shape: ground.channels[channel].shape };
  });
  for (const { channel, shape } of shapes) {
    if (shape.length === 1 && shape[0] === shapes[0].shape[0]) continue;
    throw figureError(
      `${path}.value`,
      `${channel} has frames of shape [${shape.join(', ')}]; a histogram has bins only`,
    );
  }
  checkLimits(figure.range, false, `${path}.range`);
  checkFrame(figure.frame, shapes[0].channel, path, ground);
  checkWhere(figure.where, `${path}.where`, ground);
  for (const [i, { at }] of (figure.cells ?? [{ at: {} }]).entries()) {
    checkCell(at, figure.where, figure.cells ? `${path}.cells[${i}]` : path, ground);
  }
}
