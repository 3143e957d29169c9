// Checks figures against the axes and channels they draw from: a mistake is found before the first run, not after the
// last.
import { checkLimits, checkMapAxes, checkOfRuns, checkOthersFixed, checkValue, checkWhere } from './check-parts.js';
import type {
  ClassifierComparisonDeclaration,
  FigureDeclaration,
  FlowDeclaration,
  HeatMapDeclaration,
  HistogramDeclaration,
  LineDeclaration,
  PlotDeclaration,
} from './declaration.js';
import {
  drawnValues,
  type FigureGround,
  figureError,
  resolveAxis,
  resolveChannel,
  resolveClassifier,
  sameJson,
} from './ground.js';

/** @throws EigenflowError `scenario` naming the figure and the mistake. */
export function checkFigures(figures: readonly FigureDeclaration[], ground: FigureGround): void {
  const names = new Set<string>();
  figures.forEach((figure, i) => {
    const path = `figures[${i}]`;
    if (typeof figure.name !== 'string' || !/^[\w-][\w.-]*$/.test(figure.name)) {
      throw figureError(
        `${path}.name`,
        `${JSON.stringify(figure.name)} cannot be a file name; use letters, digits, - and _`,
      );
    }
    if (names.has(figure.name))
      throw figureError(`${path}.name`, `two figures are called "${figure.name}"; rename one`);
    names.add(figure.name);
    checkFigure(figure, path, ground);
  });
}

/** @throws EigenflowError `scenario` naming the mistake */
export function checkFigure(figure: FigureDeclaration | PlotDeclaration, path: string, ground: FigureGround): void {
  if (figure.kind === 'classifier-comparison') {
    checkComparison(figure, path, ground);
    return;
  }
  if (figure.kind !== 'panels') {
    checkPlot(figure, path, ground);
    return;
  }
  if (figure.panels.length === 0) throw figureError(`${path}.panels`, 'a figure needs a panel');
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
      resolveClassifier(figure.classifier, `${path}.classifier`, ground);
      checkMapAxes(figure, path, ground);
      return;
    case 'histogram':
      checkHistogram(figure, path, ground);
      return;
    case 'curves':
      figure.curves.forEach(({ x, y }, i) => {
        if (x.length === y.length && x.length > 1) return;
        throw figureError(
          `${path}.curves[${i}]`,
          `x has ${x.length} values and y ${y.length}; both need the same, 2 or more`,
        );
      });
      return;
    default: {
      const { kind } = figure as { kind: unknown };
      const kinds = 'heat-map, line, flow, phase-map, classifier-comparison, histogram, curves and panels';
      throw figureError(`${path}.kind`, `no figure of kind ${JSON.stringify(kind)}; there are ${kinds}`);
    }
  }
}

function checkHeatMap(figure: Omit<HeatMapDeclaration, 'name'>, path: string, ground: FigureGround): void {
  checkOfRuns(figure, path, ground);
  if (figure.contours?.value !== undefined) checkValue(figure.contours.value, [], `${path}.contours.value`, ground);
  checkMapAxes(figure, path, ground);
  checkLimits(figure.limits, figure.color === 'log', path);
  if (figure.center !== undefined && figure.color === 'log') {
    throw figureError(`${path}.center`, 'two hues part at a value of a linear scale; leave `color` out');
  }
}

function checkLine(figure: Omit<LineDeclaration, 'name'>, path: string, ground: FigureGround): void {
  checkOfRuns(figure, path, ground);
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
  drawnValues(figure.x, `${path}.x`, ground, figure.where);
  if (figure.series) drawnValues(figure.series, `${path}.series`, ground, figure.where);
  for (const value of figure.seriesValues ?? []) {
    if (shown[1]?.values.some((known) => sameJson(known, value))) continue;
    throw figureError(`${path}.seriesValues`, `the series axis has no value ${JSON.stringify(value)}`);
  }
  checkLimits(figure.limits, figure.yScale === 'log', path);
}

function checkFlow(figure: Omit<FlowDeclaration, 'name'>, path: string, ground: FigureGround): void {
  resolveChannel(figure.value, `${path}.value`, ground);
  checkWhere(figure.where, `${path}.where`, ground);
  const { panels = 'cell', seed = 0 } = figure;
  if (!Number.isInteger(seed) || seed < 0 || seed >= ground.seeds) {
    throw figureError(`${path}.seed`, `there is no seed ${seed}; the sweep has seeds 0 to ${ground.seeds - 1}`);
  }
  if (typeof panels !== 'string') {
    panels.forEach(({ at }, i) => {
      checkWhere(at, `${path}.panels[${i}].at`, ground);
      checkOthersFixed([], `${path}.panels[${i}]`, { ...figure.where, ...at }, ground);
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
  checkLimits(figure.range, false, path);
  checkWhere(figure.where, `${path}.where`, ground);
  for (const [i, { at }] of (figure.cells ?? [{ at: {} }]).entries()) {
    const cell = figure.cells ? `${path}.cells[${i}]` : path;
    checkWhere(at, `${cell}.at`, ground);
    checkOthersFixed([], cell, { ...figure.where, ...at }, ground);
  }
}
