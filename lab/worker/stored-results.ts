// A results folder as the page asks for it, read by the code that reads it on a disk.
import { openFigureData } from '../../analysis/figures/figure-data.js';
import { readHeatMap } from '../../analysis/figures/figure-tables.js';
import { readPhaseMap } from '../../analysis/figures/phase-tables.js';
import type { RunConfig } from '../../core/scenario/resolve.js';
import { digestOfSeries } from '../../node/results/run-digest.js';
import { readRun } from '../../node/results/run-file.js';
import type { Replay, StoredRun } from '../protocol.js';
import { countNumbers, firstDifference } from './first-difference.js';
import { isAt, mapsOfResults, withFittingColors } from './map-views.js';
import { withRow } from './one-row.js';
import { fixedAt, type StoredRuns } from './stored-runs.js';

/**
 * @param files that are there, by path from the folder
 * @param runs of the scenario, as this page resolves it; asked for when the first of them is computed again
 * @param digests of the arrays of runs, by id, where their files are left out
 */
export function openStoredResults(
  folder: string,
  files: ReadonlySet<string>,
  runs: () => readonly RunConfig[],
  digests: ReadonlyMap<string, string>,
): StoredRuns {
  const data = withRow(openFigureData(folder));
  const rows = data.runs.filter((run) => run !== undefined);
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  let configs: ReadonlyMap<string, RunConfig> | undefined;
  const configOf = (id: string) => {
    configs ??= new Map(runs().map((config) => [config.id, config]));
    return configs.get(id);
  };
  const proofOf = (id: string): StoredRun['proof'] => {
    if (files.has(`runs/${id}.npz`)) return 'arrays';
    if (digests.has(id)) return 'digest';
    return rowOf.get(id)?.trajectory === undefined ? 'none' : 'trajectory';
  };
  return {
    maps: mapsOfResults(data),
    rows,
    count: { runs: rows.length, provable: rows.filter(({ id }) => proofOf(id) !== 'none').length },
    draw(view, given) {
      const { declaration } = view;
      const where = fixedAt(view, given);
      if (declaration.kind === 'phase-map') {
        return { kind: 'phase-map', table: readPhaseMap(data, { ...declaration, where }).table };
      }
      const table = withFittingColors({ ...declaration, where }, (each) => readHeatMap(data, each).table);
      return { kind: 'heat-map', table };
    },
    at(at) {
      const verdicts = Object.keys(data.ground.classifiers).map((name) => [name, data.verdicts(name)] as const);
      return rows
        .filter(({ axes }) => isAt(axes, at))
        .sort((a, b) => a.seed - b.seed)
        .map(({ id, seed, status, steps, trajectory }) => ({
          id,
          seed,
          status,
          steps,
          trajectory,
          labels: Object.fromEntries(verdicts.map(([name, { byRun }]) => [name, byRun.get(id) ?? ''])),
          proof: proofOf(id),
        }));
    },
    config: (id) =>
      configOf(id) ??
      'this run is not one of the scenario as this page understands it: it was made by another version of eigenflow, or ' +
        'its table was changed',
    label: (id, classifier) =>
      classifier in data.ground.classifiers ? (data.verdicts(classifier).byRun.get(id) ?? '') : undefined,
    compare(id, result): Replay {
      const row = rowOf.get(id);
      const proof = proofOf(id);
      if (proof === 'arrays') {
        const difference = firstDifference(result, readRun(folder, id));
        if (difference) return difference;
      }
      if (row !== undefined && row.status !== result.status) {
        const message = `it ${result.status}; the table says ${row.status}`;
        return { verdict: 'other bits', proof: 'trajectory', message };
      }
      if (proof === 'arrays') return { verdict: 'same bits', proof, numbers: countNumbers(result) };
      if (proof === 'digest') {
        if (digestOfSeries(result.series) === digests.get(id)) {
          return { verdict: 'same bits', proof, numbers: countNumbers(result) };
        }
        const message = 'the digest of its numbers is another one; where they differ is not stored';
        return { verdict: 'other bits', proof, message };
      }
      if (proof === 'trajectory' && result.trajectory === row?.trajectory) {
        return { verdict: 'same bits', proof, numbers: countNumbers(result) };
      }
      if (proof === 'trajectory') {
        return { verdict: 'other bits', proof, message: 'the weights went another way than those that are stored' };
      }
      return { verdict: 'not comparable', message: 'nothing is stored that it could be held against' };
    },
  };
}
