// Checks the figures of a scenario against its axes and channels: a mistake is found before the first run, not after
// the last.
import type { ChannelRecord } from '../engine/run.js';
import { EigenflowError, suggest } from '../errors.js';
import type { Json } from '../parameters/check.js';
import type { FigureDeclaration, HeatMapDeclaration } from './declaration.js';

/** What the figures draw from; a manifest of results has it. */
export interface FigureGround {
  readonly axes: readonly { readonly name: string; readonly values: readonly Json[]; readonly group: number }[];
  readonly channels: Readonly<Record<string, ChannelRecord>>;
  readonly seeds: number;
}

/** @throws EigenflowError `scenario` naming the figure and the mistake. */
export function checkFigures(figures: readonly FigureDeclaration[], ground: FigureGround): void {
  const names = new Set<string>();
  figures.forEach((figure, i) => {
    const path = `figures[${i}]`;
    if (typeof figure.name !== 'string' || !/^[\w-][\w.-]*$/.test(figure.name)) {
      throw fail(`${path}.name`, `${JSON.stringify(figure.name)} cannot be a file name; use letters, digits, - and _`);
    }
    if (names.has(figure.name)) throw fail(`${path}.name`, `two figures are called "${figure.name}"; rename one`);
    names.add(figure.name);
    checkFigure(figure, path, ground);
  });
}

function checkFigure(figure: FigureDeclaration, path: string, ground: FigureGround): void {
  const channels = Object.keys(ground.channels);
  if (!(figure.value in ground.channels)) {
    const loaded = `The observers measure: ${channels.join(', ') || 'nothing'}`;
    throw fail(`${path}.value`, `no channel called "${figure.value}"${suggest(figure.value, channels)}. ${loaded}`);
  }
  for (const [name, value] of Object.entries(figure.where ?? {})) {
    const axis = axisOf(name, `${path}.where`, ground);
    if (axis.values.some((known) => JSON.stringify(known) === JSON.stringify(value))) continue;
    const known = axis.values.map((each) => JSON.stringify(each)).join(', ');
    throw fail(`${path}.where.${name}`, `the axis has no value ${JSON.stringify(value)}; it has ${known}`);
  }
  if (figure.kind === 'heat-map') {
    checkElement(figure, path, ground);
    const x = axisOf(figure.x.axis, `${path}.x.axis`, ground);
    const y = axisOf(figure.y.axis, `${path}.y.axis`, ground);
    if (x.group === y.group) throw fail(`${path}.y.axis`, 'varies together with the x axis; choose an independent one');
    checkOthersFixed([x.group, y.group], path, figure, ground);
    checkLimits(figure, path);
  } else if (figure.kind === 'flow') {
    const panels = figure.panels ?? 'cell';
    const { seed = 0 } = figure;
    if (!Number.isInteger(seed) || seed < 0 || seed >= ground.seeds) {
      throw fail(`${path}.seed`, `there is no seed ${seed}; the sweep has seeds 0 to ${ground.seeds - 1}`);
    }
    if (panels !== 'cell') checkOthersFixed([axisOf(panels, `${path}.panels`, ground).group], path, figure, ground);
  } else {
    const { kind } = figure as { kind: unknown };
    throw fail(`${path}.kind`, `no figure of kind ${JSON.stringify(kind)}; there are "heat-map" and "flow"`);
  }
}

function axisOf(name: string, path: string, { axes }: FigureGround) {
  const axis = axes.find((candidate) => candidate.name === name);
  if (axis !== undefined) return axis;
  const names = axes.map((candidate) => candidate.name);
  throw fail(path, `no sweep axis called "${name}"${suggest(name, names)}. Swept: ${names.join(', ') || 'nothing'}`);
}

/** A cell must not mix runs of different settings. */
function checkOthersFixed(
  shown: readonly number[],
  path: string,
  figure: FigureDeclaration,
  ground: FigureGround,
): void {
  const fixed = new Set(Object.keys(figure.where ?? {}).map((name) => axisOf(name, `${path}.where`, ground).group));
  const open = ground.axes.find(
    ({ group, values }) => values.length > 1 && !shown.includes(group) && !fixed.has(group),
  );
  if (open === undefined) return;
  throw fail(
    path,
    `the sweep also varies ${open.name}; choose one value, for example ` +
      `where: { '${open.name}': ${JSON.stringify(open.values[0])} }`,
  );
}

function checkElement({ element = [], value }: HeatMapDeclaration, path: string, { channels }: FigureGround): void {
  const { shape } = channels[value];
  const fits =
    element.length === shape.length && element.every((i, axis) => Number.isInteger(i) && i >= 0 && i < shape[axis]);
  if (fits) return;
  const example = shape.length === 0 ? 'leave `element` out' : `write element: [${shape.map(() => 0).join(', ')}]`;
  throw fail(`${path}.element`, `${value} has frames of shape [${shape.join(', ')}]; ${example}`);
}

function checkLimits({ limits, color }: HeatMapDeclaration, path: string): void {
  if (limits === undefined) return;
  const [low, high] = limits;
  if (!(low < high)) throw fail(`${path}.limits`, 'expected [lower, upper] with lower < upper');
  if (color === 'log' && low <= 0) throw fail(`${path}.limits`, 'a log scale needs limits above 0');
}

function fail(path: string, message: string): EigenflowError {
  return new EigenflowError('scenario', path, message);
}
