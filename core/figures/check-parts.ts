// Checks that several kinds of figure share: values, cells, axes and limits against what is measured and swept.
import type { FigureAxis, FigureValue, HeatMapDeclaration } from './declaration.js';
import {
  drawnValues,
  type FigureGround,
  figureError,
  resolveAxis,
  resolveChannel,
  resolveClassifier,
  sameJson,
  type Where,
} from './ground.js';

export type OfRuns = Pick<HeatMapDeclaration, 'value' | 'element' | 'where'>;

export function checkOfRuns({ value, element = [], where }: OfRuns, path: string, ground: FigureGround): void {
  checkWhere(where, `${path}.where`, ground);
  checkValue(value, element, path, ground);
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
  for (const [name, value] of Object.entries(where)) {
    const axis = resolveAxis(name, path, ground);
    if (axis.values.some((known) => sameJson(known, value))) continue;
    const known = axis.values.map((each) => JSON.stringify(each)).join(', ');
    throw figureError(`${path}.${name}`, `the axis has no value ${JSON.stringify(value)}; it has ${known}`);
  }
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

export function checkLimits(limits: readonly [number, number] | undefined, isLog: boolean, path: string): void {
  if (limits === undefined) return;
  const [low, high] = limits;
  if (!(low < high)) throw figureError(`${path}.limits`, 'expected [lower, upper] with lower < upper');
  if (isLog && low <= 0) throw figureError(`${path}.limits`, 'a log scale needs limits above 0');
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
  drawnValues(x, `${path}.x`, ground, where);
  drawnValues(y, `${path}.y`, ground, where);
}
