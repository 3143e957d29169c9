// Checks figures against the axes and channels they draw from: a mistake is found before the first run, not after the
// last. What their fields may hold is checked first (declared-fields.ts).
import type {
  FigureAxis,
  FigureDeclaration,
  FigureValue,
  FlowDeclaration,
  HeatMapDeclaration,
  HistogramDeclaration,
  LineDeclaration,
  PlotDeclaration,
} from '../contracts/figure.js';
import { checkDeclaredFields } from './declared-fields.js';
import {
  drawnAt,
  drawnValues,
  type FigureGround,
  figureError,
  noSuchFrame,
  resolveAxis,
  resolveChannel,
  resolveClassifier,
  sameJson,
  type Where,
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

/**
 * @param taken names of the figures before it; its own is added
 * @throws EigenflowError `scenario`
 */
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
  if (figure.kind === 'panels') {
    for (const [i, panel] of figure.panels.entries()) checkPlot(panel, `${path}.panels[${i}]`, ground);
  } else if (figure.kind === 'classifier-comparison') {
    const known = Object.keys(ground.classifiers);
    if (known.length < 2) {
      const stored = known.length === 0 ? 'of none' : `of ${known[0]} only`;
      throw figureError(path, `there are verdicts ${stored}; two classifiers are needed to compare them`);
    }
    checkAxes(figure.x, { y: figure.y }, path, figure.where, ground);
  } else {
    checkPlot(figure, path, ground);
  }
}

function checkPlot(figure: PlotDeclaration, path: string, ground: FigureGround): void {
  switch (figure.kind) {
    case 'heat-map':
      checkOfRuns(figure, figure.contours, `${path}.contours`, path, ground);
      checkAxes(figure.x, { y: figure.y }, path, figure.where, ground);
      break;
    case 'line':
      checkOfRuns(figure, figure.lastAbove, `${path}.lastAbove`, path, ground);
      checkLine(figure, path, ground);
      break;
    case 'flow':
      checkFlow(figure, path, ground);
      break;
    case 'phase-map':
      resolveClassifier(figure.classifier, `${path}.classifier`, ground);
      checkAxes(figure.x, { y: figure.y }, path, figure.where, ground);
      break;
    case 'histogram':
      checkHistogram(figure, path, ground);
      break;
    case 'curves':
      break;
  }
}

/** @param marks over the plot, of a value that may be another one */
function checkOfRuns(
  { value, element = [], frame, where }: Pick<HeatMapDeclaration, 'value' | 'element' | 'frame' | 'where'>,
  marks: { readonly value?: FigureValue } | undefined,
  marksPath: string,
  path: string,
  ground: FigureGround,
): void {
  checkWhere(where, `${path}.where`, ground);
  checkValue(value, element, path, ground);
  if (typeof value === 'string') checkFrame(frame, resolveChannel(value, `${path}.value`, ground), path, ground);
  if (marks?.value !== undefined) checkValue(marks.value, [], marksPath, ground);
}

/** Independent axes, and no other that varies. @param second by the field that it stands in */
function checkAxes(
  x: FigureAxis,
  second: Readonly<Record<string, FigureAxis | undefined>>,
  path: string,
  where: Where = {},
  ground: FigureGround,
): void {
  checkWhere(where, `${path}.where`, ground);
  const axes = Object.entries({ x, ...second }).flatMap(([field, axis]) => {
    if (axis === undefined) return [];
    const at = `${path}.${field}`;
    return [{ axis, at, group: resolveAxis(axis.axis, `${at}.axis`, ground).group }];
  });
  if (axes[1]?.group === axes[0].group) {
    throw figureError(`${axes[1].at}.axis`, 'varies together with the x axis; choose an independent one');
  }
  checkOthersFixed(
    axes.map(({ group }) => group),
    path,
    where,
    ground,
  );
  for (const { axis, at } of axes) checkAxis(axis, at, ground, where);
}

function checkLine(figure: Omit<LineDeclaration, 'name'>, path: string, ground: FigureGround): void {
  const { x, series, seriesValues, lastAbove, where } = figure;
  checkAxes(x, { series }, path, where, ground);
  const drawn = series && drawnValues(series, `${path}.series`, ground, where);
  const lines = seriesValues?.length ?? drawn?.values.length ?? 1;
  if (lastAbove && lines > 1) {
    throw figureError(
      `${path}.lastAbove`,
      `marks places of one line, and there are ${lines}; choose one with \`seriesValues\``,
    );
  }
  for (const value of seriesValues ?? []) {
    if (drawn?.values.some((known) => sameJson(known, value))) continue;
    throw figureError(`${path}.seriesValues`, `the series axis has no value ${JSON.stringify(value)}`);
  }
}

function checkFlow(figure: Omit<FlowDeclaration, 'name'>, path: string, ground: FigureGround): void {
  const { value, reference, where, cellAxes = [], panels = 'cell', seed = 0 } = figure;
  const { shape } = ground.channels[resolveChannel(value, `${path}.value`, ground)];
  if (reference) {
    const channel = resolveChannel(reference.value, `${path}.reference.value`, ground);
    const other = ground.channels[channel].shape;
    if (reference.frames === 'all' && String(other) !== String(shape)) {
      throw figureError(
        `${path}.reference.value`,
        `${channel} has frames of shape [${other.join(', ')}], and \`value\` of [${shape.join(', ')}]; to be drawn element by ` +
          'element they have to be alike',
      );
    }
  }
  checkWhere(where, `${path}.where`, ground);
  for (const [i, axis] of cellAxes.entries()) checkAxis(axis, `${path}.cellAxes[${i}]`, ground, where);
  if (seed >= ground.seeds) {
    throw figureError(`${path}.seed`, `there is no seed ${seed}; the sweep has seeds 0 to ${ground.seeds - 1}`);
  }
  if (typeof panels !== 'string') {
    for (const [i, { at }] of panels.entries()) checkCell(at, where, `${path}.panels[${i}]`, ground);
  } else if (panels !== 'cell') {
    checkOthersFixed([resolveAxis(panels, `${path}.panels`, ground).group], path, where, ground);
  }
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
  checkFrame(figure.frame, shapes[0].channel, path, ground);
  checkWhere(figure.where, `${path}.where`, ground);
  for (const [i, { at }] of (figure.cells ?? [{ at: {} }]).entries()) {
    checkCell(at, figure.where, figure.cells ? `${path}.cells[${i}]` : path, ground);
  }
}

/** @param channel by its full name */
function checkFrame(
  frame: 'last' | number | undefined,
  channel: string,
  path: string,
  { frameCounts = {} }: FigureGround,
): void {
  if (typeof frame !== 'number' || !Object.hasOwn(frameCounts, channel) || frame < frameCounts[channel]) return;
  throw noSuchFrame(`${path}.frame`, frame, `${channel} has`, frameCounts[channel]);
}

function checkValue(value: FigureValue, element: readonly number[], path: string, ground: FigureGround): void {
  if (typeof value !== 'string') {
    const { name, labels } = resolveClassifier(value.classifier, `${path}.value`, ground);
    const unknown = value.labels.find((label) => !labels.includes(label));
    if (unknown === undefined) return;
    throw figureError(`${path}.value`, `${name} has no label "${unknown}"; its labels are ${labels.join(', ')}`);
  }
  const { shape } = ground.channels[resolveChannel(value, `${path}.value`, ground)];
  const fits =
    element.length === shape.length && element.every((i, axis) => Number.isInteger(i) && i >= 0 && i < shape[axis]);
  if (fits) return;
  const example = shape.length === 0 ? 'leave `element` out' : `write element: [${shape.map(() => 0).join(', ')}]`;
  throw figureError(`${path}.element`, `${value} has frames of shape [${shape.join(', ')}]; ${example}`);
}

function checkWhere(where: Where = {}, path: string, ground: FigureGround): void {
  const axes = Object.entries(where).map(([name, value]) => {
    const axis = resolveAxis(name, path, ground);
    if (axis.values.some((known) => sameJson(known, value))) return { ...axis, value };
    const known = axis.values.map((each) => JSON.stringify(each)).join(', ');
    throw figureError(`${path}.${name}`, `the axis has no value ${JSON.stringify(value)}; it has ${known}`);
  });
  for (const { name, group, values } of axes) {
    const together = axes.filter((other) => other.group === group);
    if (values.some((_, i) => together.every((other) => sameJson(other.values[i], other.value)))) continue;
    const names = together.map((other) => other.name).join(' and ');
    throw figureError(
      `${path}.${name}`,
      `${names} vary together and never have these values at once; give one of them`,
    );
  }
}

/** A cell that is shown by itself: every axis that varies has one value, here or in `where`. */
function checkCell(at: Where, where: Where = {}, path: string, ground: FigureGround): void {
  checkWhere(at, `${path}.at`, ground);
  for (const [name, value] of Object.entries(where)) {
    if (!Object.hasOwn(at, name) || sameJson(at[name], value)) continue;
    throw figureError(
      `${path}.at.${name}`,
      `\`where\` keeps only the cells at ${JSON.stringify(value)}; leave one out`,
    );
  }
  checkWhere({ ...where, ...at }, `${path}.at`, ground);
  checkOthersFixed([], path, { ...where, ...at }, ground);
}

/** The axis is swept, and its scale can take the values that are drawn. */
function checkAxis(axis: FigureAxis, path: string, ground: FigureGround, where: Where = {}): void {
  const { values, divisors } = drawnValues(axis, path, ground, where);
  values.forEach((value, i) => {
    if (typeof value !== 'number') return;
    const at = drawnAt(axis, value, divisors[i]);
    if (!Number.isFinite(at)) throw figureError(path, `${axis.axis} = ${value} has no place on the axis; leave it out`);
    if (axis.scale === 'log' && at <= 0) {
      throw figureError(
        `${path}.scale`,
        `a log scale needs values above 0, and ${axis.axis} = ${value} is drawn at ${at}`,
      );
    }
  });
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
