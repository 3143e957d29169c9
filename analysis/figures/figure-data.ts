// What figures are drawn from: a results folder with its grid of runs, the channels that an analysis of it has added, and
// the verdicts of every classifier.
import type { FigureGround } from '../../core/figures/sources.js';
import { isHeld } from '../../node/files/held-files.js';
import type { NpzArrays } from '../../node/files/npz.js';
import { analysisFolder, manifestPath, readManifest } from '../../node/results/results-folder.js';
import type { RunRow } from '../../node/results/runs-table.js';
import { readVerdicts, type StoredVerdicts, storedClassifiers } from '../../node/results/stored-verdicts.js';
import { openRun } from '../export/frames.js';
import { type RunGrid, readRunGrid } from '../export/run-grid.js';

export interface FigureData extends RunGrid {
  readonly ground: FigureGround;
  /** The file that holds this channel of a run; undefined where there is none. */
  open(channel: string, run: RunRow | undefined): NpzArrays | undefined;
  /** Of a classifier, by default the scenario's. @throws EigenflowError `results` when there are none */
  verdicts(classifier?: string): StoredVerdicts;
}

/** @throws EigenflowError `results` when the folder holds no results, `file` when they cannot be read */
export function openFigureData(folder: string): FigureData {
  const grid = readRunGrid(folder);
  const { manifest } = grid;
  const analysis = analysisFolder(folder);
  const added = isHeld(folder, manifestPath(analysis)) ? readManifest(analysis).channels : {};
  const known = new Map<string | undefined, StoredVerdicts>();
  return {
    ...grid,
    ground: {
      ...manifest,
      channels: { ...added, ...manifest.channels },
      classifiers: storedClassifiers(folder, manifest),
    },
    open: (channel, run) => openRun(Object.hasOwn(manifest.channels, channel) ? folder : analysis, run),
    verdicts(classifier) {
      const stored = known.get(classifier) ?? readVerdicts(folder, manifest, classifier);
      known.set(classifier, stored);
      return stored;
    },
  };
}
