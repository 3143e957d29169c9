// The maps that a study offers: those that its figures declare, then one for each classifier and each number of a run.
import type { FigureData } from '../../analysis/figures/figure-data.js';
import type { Axis } from '../../core/contracts/classifier.js';
import type { FigureAxis, FigureDeclaration, HeatMapDeclaration } from '../../core/contracts/figure.js';
import { checkFigure } from '../../core/figures/check.js';
import { sameJson } from '../../core/figures/sources.js';
import { canonical } from '../../core/scenario/identity.js';
import type { MapTable, MapView, Place } from '../protocol.js';
import { ROW } from './one-row.js';

/** Axes of a map, and the values of all others. */
export interface MapAxes {
  readonly x: FigureAxis;
  readonly y: FigureAxis;
  readonly where?: Place['at'];
}

/** Maps that the figures of a scenario declare, panel by panel. */
export function declaredMaps(figures: readonly FigureDeclaration[] = []): MapView[] {
  return figures.flatMap((figure): MapView[] => {
    if (figure.kind === 'phase-map' || figure.kind === 'heat-map') {
      const { name, width: _width, published: _published, ...declaration } = figure;
      return [{ name, title: figure.title ?? name, declaration }];
    }
    if (figure.kind !== 'panels') return [];
    return figure.panels.flatMap((panel, i) =>
      panel.kind === 'phase-map' || panel.kind === 'heat-map'
        ? [{ name: `${figure.name}-${i + 1}`, title: panel.title ?? figure.title ?? figure.name, declaration: panel }]
        : [],
    );
  });
}

/**
 * Axes of a map where no figure says: the first two that vary on their own, and the first values of all others. A single one
 * has a row.
 */
export function usualAxes(axes: readonly Axis[]): MapAxes | undefined {
  const groups = new Map<number, Axis>();
  for (const axis of axes) if (!groups.has(axis.group)) groups.set(axis.group, axis);
  const [x, y, ...others] = [...groups.values()];
  if (!x) return undefined;
  return {
    x: { axis: x.name },
    y: y ? { axis: y.name } : { axis: ROW.name, label: '' },
    where: Object.fromEntries(others.map(({ name, values }) => [name, values[0]])),
  };
}

export const classifierMap = (classifier: string, axes: MapAxes): MapView => ({
  name: `label.${classifier}`,
  title: `Phases by ${classifier}`,
  declaration: { kind: 'phase-map', classifier, ...axes },
});

export const numberMap = (value: string, axes: MapAxes): MapView => ({
  name: value,
  title: value,
  declaration: { kind: 'heat-map', value, ...axes },
});

/** Phase maps first: they are what a study is about. */
export const phasesFirst = (views: readonly MapView[]): MapView[] =>
  [...views].sort((a, b) => Number(b.declaration.kind === 'phase-map') - Number(a.declaration.kind === 'phase-map'));

/** Maps of a results folder. */
export function mapsOfResults({ manifest, ground }: FigureData): MapView[] {
  const declared = declaredMaps(manifest.scenario.figures);
  const axes = declared[0]?.declaration ?? usualAxes(manifest.axes);
  if (!axes) return [];
  const { x, y, where } = axes;
  const shared = { x, y, ...(where && { where }) };
  const own = manifest.scenario.classifier?.use;
  const isDeclared = ({ declaration }: MapView) =>
    declared.some(({ declaration: other }) =>
      declaration.kind === 'phase-map'
        ? other.kind === 'phase-map' && (other.classifier ?? own) === declaration.classifier
        : other.kind === 'heat-map' && canonical(other.value) === canonical(declaration.value),
    );
  const classifiers = Object.keys(ground.classifiers).map((name) => classifierMap(name, shared));
  const numbers = Object.entries(ground.channels)
    .filter(([, { shape }]) => shape.length === 0)
    .map(([channel]) => numberMap(channel, shared));
  const all = [...declared, ...[...classifiers, ...numbers].filter((view) => !isDeclared(view))];
  const fits = ({ declaration }: MapView) => {
    try {
      checkFigure({ ...declaration, name: 'map' } as FigureDeclaration, '', ground);
      return true;
    } catch {
      return false;
    }
  };
  return phasesFirst(all.filter(fits));
}

/** Above this ratio of the largest to the smallest value, colours follow the logarithm. */
const WIDE = 100;

/**
 * Draws with logarithmic colours what spans decades, where the declaration leaves the scale open.
 *
 * @param draw one table of a declaration
 */
export function withFittingColors<Declaration extends Omit<HeatMapDeclaration, 'name'>>(
  declaration: Declaration,
  draw: (declaration: Declaration) => Extract<MapTable, { kind: 'heat-map' }>['table'],
) {
  const table = draw(declaration);
  if (declaration.color !== undefined || typeof declaration.value !== 'string') return table;
  const values = table.cells.map(({ value }) => value).filter(Number.isFinite);
  const low = Math.min(...values);
  return low > 0 && Math.max(...values) > WIDE * low ? draw({ ...declaration, color: 'log' }) : table;
}

/** Whether a run with these axes lies at a place; axes that the place does not name may have any value. */
export const isAt = (axes: Place['at'], at: Place['at']) =>
  Object.entries(at).every(([name, value]) => sameJson(axes[name] ?? null, value));
