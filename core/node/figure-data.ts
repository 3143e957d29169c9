// What figures are drawn from: a results folder with its grid of runs and the verdicts of every classifier.
import type { FigureGround } from '../figures/ground.js';
import { type RunGrid, readRunGrid } from './export/run-grid.js';
import { readVerdicts, type StoredVerdicts, storedClassifiers } from './stored-verdicts.js';

export interface FigureData extends RunGrid {
  readonly ground: FigureGround;
  /** Of a classifier, by default the scenario's. @throws EigenflowError `results` when there are none */
  verdicts(classifier?: string): StoredVerdicts;
}

/** @throws EigenflowError `results` when the folder holds no results, `file` when they cannot be read */
export function openFigureData(folder: string): FigureData {
  const grid = readRunGrid(folder);
  const { manifest } = grid;
  const known = new Map<string | undefined, StoredVerdicts>();
  return {
    ...grid,
    ground: { ...manifest, classifiers: storedClassifiers(folder, manifest) },
    verdicts(classifier) {
      const stored = known.get(classifier) ?? readVerdicts(folder, manifest, classifier);
      known.set(classifier, stored);
      return stored;
    },
  };
}
