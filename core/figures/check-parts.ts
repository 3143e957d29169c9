// Checks that several kinds of figure share: values, cells, axes and limits against what is measured and swept.
import type { ContourOverlay, FigureAxis, FigureValue, GuideLine, HeatMapDeclaration } from '../contracts/figure.js';
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

export type OfRuns = Pick<HeatMapDeclaration, 'value' | 'element' | 'frame' | 'where'>;

export function checkOfRuns({ value, element = [], frame, where }: OfRuns, path: string, ground: FigureGround): void {
  checkWhere(where, `${path}.where`, ground);
  checkValue(value, element, path, ground);
  if (typeof value === 'string') checkFrame(frame, resolveChannel(value, `${path}.value`, ground), path, ground);
}

/** @param channel by its full name */
export function checkFrame(
  frame: 'last' | number | undefined,
  channel: string,
  path: string,
  { frameCounts = {} }: FigureGround,
): void {
  if (typeof frame !== 'number' || !Object.hasOwn(frameCounts, channel) || frame < frameCounts[channel]) return;
  throw noSuchFrame(`${path}.frame`, frame, `${channel} has`, frameCounts[channel]);
}

export function checkValue(value: FigureValue, element: readonly number[], path: string, ground: FigureGround): void {
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

export function checkWhere(where: Where = {}, path: string, ground: FigureGround): void {
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
export function checkCell(at: Where, where: Where = {}, path: string, ground: FigureGround): void {
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
export function checkAxis(axis: FigureAxis, path: string, ground: FigureGround, where: Where = {}): void {
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
export function checkOthersFixed(
  shown: readonly number[],
  path: string,
  where: Where = {},
  ground: FigureGround,
): void {
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

/** A fraction is a fraction, and 0 would leave nothing of any number. */
export function checkFactor({ value, factor }: Pick<HeatMapDeclaration, 'value' | 'factor'>, path: string): void {
  if (factor === undefined) return;
  if (typeof value !== 'string') throw figureError(`${path}.factor`, 'a fraction of runs has no other convention');
  if (factor === 0) throw figureError(`${path}.factor`, 'is 0; leave it out');
}

/** A guide can end at a contour only where there are some. */
export function checkGuides(
  { guides = [], contours }: { readonly guides?: readonly GuideLine[]; readonly contours?: ContourOverlay },
  path: string,
): void {
  const stray = guides.findIndex(({ to }) => to === 'contour' && contours === undefined);
  if (stray < 0) return;
  throw figureError(`${path}.guides[${stray}].to`, 'there are no contours; give a number, or add `contours` to a map');
}

/** @param path of the limits */
export function checkLimits(limits: readonly [number, number] | undefined, isLog: boolean, path: string): void {
  if (limits === undefined) return;
  const [low, high] = limits;
  if (!(low < high)) throw figureError(path, 'expected [lower, upper] with lower < upper');
  if (isLog && low <= 0) throw figureError(path, 'a log scale needs limits above 0');
}

/** Two independent axes, and no other that varies. */
export function checkMapAxes(
  { x, y, where }: { readonly x: FigureAxis; readonly y: FigureAxis; readonly where?: Where },
  path: string,
  ground: FigureGround,
): void {
  checkWhere(where, `${path}.where`, ground);
  const groups = [resolveAxis(x.axis, `${path}.x.axis`, ground), resolveAxis(y.axis, `${path}.y.axis`, ground)].map(
    ({ group }) => group,
  );
  if (groups[0] === groups[1]) {
    throw figureError(`${path}.y.axis`, 'varies together with the x axis; choose an independent one');
  }
  checkOthersFixed(groups, path, where, ground);
  checkAxis(x, `${path}.x`, ground, where);
  checkAxis(y, `${path}.y`, ground, where);
}
