// Checks figures against the axes and channels they draw from: a mistake is found before the first run, not after the
// last.
import type {
  FigureDeclaration,
  FigureValue,
  FlowDeclaration,
  HeatMapDeclaration,
  LineDeclaration,
  PlotDeclaration,
} from './declaration.js';
import {
  drawnValues,
  type FigureGround,
  figureError,
  resolveAxis,
  resolveChannel,
  sameJson,
  type Where,
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
      const kinds = '"heat-map", "line", "flow", "curves" and "panels"';
      throw figureError(`${path}.kind`, `no figure of kind ${JSON.stringify(kind)}; there are ${kinds}`);
    }
  }
}

type OfRuns = Pick<HeatMapDeclaration, 'value' | 'element' | 'where'>;

function checkHeatMap(figure: Omit<HeatMapDeclaration, 'name'>, path: string, ground: FigureGround): void {
  checkOfRuns(figure, path, ground);
  if (figure.contours?.value !== undefined) checkValue(figure.contours.value, [], `${path}.contours.value`, ground);
  const x = resolveAxis(figure.x.axis, `${path}.x.axis`, ground);
  const y = resolveAxis(figure.y.axis, `${path}.y.axis`, ground);
  if (x.group === y.group) {
    throw figureError(`${path}.y.axis`, 'varies together with the x axis; choose an independent one');
  }
  checkOthersFixed([x.group, y.group], path, figure.where, ground);
  drawnValues(figure.x, `${path}.x`, ground, figure.where);
  drawnValues(figure.y, `${path}.y`, ground, figure.where);
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

function checkOfRuns({ value, element = [], where }: OfRuns, path: string, ground: FigureGround): void {
  checkWhere(where, `${path}.where`, ground);
  checkValue(value, element, path, ground);
}

function checkValue(value: FigureValue, element: readonly number[], path: string, ground: FigureGround): void {
  if (typeof value !== 'string') {
    for (const label of value.labels) {
      if (value.classifier !== undefined || ground.labels.includes(label)) continue;
      const known = ground.labels.join(', ');
      const labels = known ? `its labels are ${known}` : 'the scenario has no classifier';
      throw figureError(`${path}.value`, `no label called "${label}"; ${labels}`);
    }
    return;
  }
  const { shape } = ground.channels[resolveChannel(value, `${path}.value`, ground)];
  const fits =
    element.length === shape.length && element.every((i, axis) => Number.isInteger(i) && i >= 0 && i < shape[axis]);
  if (fits) return;
  const example = shape.length === 0 ? 'leave `element` out' : `write element: [${shape.map(() => 0).join(', ')}]`;
  throw figureError(`${path}.element`, `${value} has frames of shape [${shape.join(', ')}]; ${example}`);
}

function checkWhere(where: Where = {}, path: string, ground: FigureGround): void {
  for (const [name, value] of Object.entries(where)) {
    const axis = resolveAxis(name, path, ground);
    if (axis.values.some((known) => sameJson(known, value))) continue;
    const known = axis.values.map((each) => JSON.stringify(each)).join(', ');
    throw figureError(`${path}.${name}`, `the axis has no value ${JSON.stringify(value)}; it has ${known}`);
  }
}

/** A cell must not mix runs of different settings. */
function checkOthersFixed(shown: readonly number[], path: string, where: Where = {}, ground: FigureGround): void {
  const fixed = new Set(Object.keys(where).map((name) => resolveAxis(name, `${path}.where`, ground).group));
  const open = ground.axes.find(
    ({ group, values }) => values.length > 1 && !shown.includes(group) && !fixed.has(group),
  );
  if (open === undefined) return;
  throw figureError(
    path,
    `the sweep also varies ${open.name}; choose one value, for example ` +
      `where: { '${open.name}': ${JSON.stringify(open.values[0])} }`,
  );
}

function checkLimits(limits: readonly [number, number] | undefined, isLog: boolean, path: string): void {
  if (limits === undefined) return;
  const [low, high] = limits;
  if (!(low < high)) throw figureError(`${path}.limits`, 'expected [lower, upper] with lower < upper');
  if (isLog && low <= 0) throw figureError(`${path}.limits`, 'a log scale needs limits above 0');
}
