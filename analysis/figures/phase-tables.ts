// Reads what phase maps draw from the stored verdicts of a results folder.
import type {
  ClassifierComparisonDeclaration,
  HeatMapDeclaration,
  PhaseMapDeclaration,
} from '../../core/contracts/figure.js';
import { drawnValues, sameJson } from '../../core/figures/sources.js';
import { type HeatMapTable, tabulateHeatMap } from './draw/heat-map-table.js';
import { type PhaseMapTable, tabulatePhases } from './draw/phase-map-table.js';
import type { FigureData } from './figure-data.js';
import type { FigureNumbers } from './figure-tables.js';
import { describeWhere, gridPoints, runIds, runLabel } from './grid-points.js';

/** @throws EigenflowError `results` when the classifier has left no verdicts. Check the declaration first. */
export function readPhaseMap(
  data: FigureData,
  declaration: Omit<PhaseMapDeclaration, 'name'>,
): FigureNumbers<PhaseMapTable> {
  const { manifest, ground } = data;
  const { x, y, where = {}, classifier } = declaration;
  const verdicts = data.verdicts(classifier);
  const points = gridPoints(data, where);
  const table = tabulatePhases(declaration, {
    xValues: drawnValues(x, 'x', ground, where),
    yValues: drawnValues(y, 'y', ground, where),
    seeds: data.realisations,
    runs: points.map(({ axes, run }) => ({ x: axes[x.axis], y: axes[y.axis], ...runLabel(verdicts, run) })),
    classifier: verdicts.classifier,
    labels: verdicts.labels,
    crossings: verdicts.crossings
      .filter(({ at }) => Object.entries(where).every(([name, value]) => !(name in at) || sameJson(at[name], value)))
      .map(({ at, ...crossing }) => ({ ...crossing, at: at[crossing.along === x.axis ? y.axis : x.axis] ?? null })),
    title: manifest.title,
    where: describeWhere(where),
  });
  return { table, runs: runIds(points) };
}

/** Classifiers with the same labels as most others: they can agree. */
function comparable(data: FigureData): string[] {
  const byLabels = new Map<string, string[]>();
  for (const [name, labels] of Object.entries(data.ground.classifiers)) {
    const key = labels.join('\0');
    byLabels.set(key, [...(byLabels.get(key) ?? []), name]);
  }
  return [...byLabels.values()].reduce((most, names) => (names.length > most.length ? names : most), []);
}

/** The fraction of runs to which the classifiers that share a set of labels do not all give the same one. */
export function readDisagreement(
  data: FigureData,
  { x, y, where }: Omit<ClassifierComparisonDeclaration, 'name'>,
): FigureNumbers<HeatMapTable> {
  const { manifest, ground } = data;
  const compared = comparable(data);
  const all = compared.map((name) => data.verdicts(name));
  const points = gridPoints(data, where);
  const declaration: HeatMapDeclaration = {
    kind: 'heat-map',
    name: 'disagreement',
    title: 'Where they disagree',
    value: { labels: [] },
    note: `Compared: ${compared.join(', ')}.`,
    x,
    y,
  };
  const table = tabulateHeatMap(declaration, {
    xValues: drawnValues(x, 'x', ground, where),
    yValues: drawnValues(y, 'y', ground, where),
    seeds: data.realisations,
    runs: points.map(({ axes, run }) => {
      const labels = all.map((verdicts) => runLabel(verdicts, run));
      const missing = labels.find(({ label }) => label === undefined);
      const value = labels.some(({ label }) => label !== labels[0].label) ? 1 : 0;
      return { x: axes[x.axis], y: axes[y.axis], ...(missing ? { value: Number.NaN, ...missing } : { value }) };
    }),
    title: manifest.title,
    where: describeWhere(where),
    valueLabel: 'fraction of runs with different labels',
  });
  return { table, runs: runIds(points) };
}
