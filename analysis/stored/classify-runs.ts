// Classifiers on stored runs: the tables of each, and where they disagree.
import { join } from 'node:path';
import { classifySweep } from '../../core/phases/phase-map.js';
import { makeHeldFolder, writeHeld } from '../../node/files/held-files.js';
import { createRecordReader } from '../../node/results/run-file.js';
import { writeVerdicts } from '../../node/results/verdicts.js';
import { agreementTable, type Judgement } from './agreement.js';
import type { Analysis } from './analysis.js';

/**
 * Writes `<out>/<classifier>/verdicts.csv`, `cells.csv` and `boundaries.csv`, and `<out>/classifiers.csv`.
 *
 * @returns in the order of the request
 */
export async function judge(analysis: Analysis): Promise<Judgement[]> {
  const { folder, out, manifest, runs, failed, channels, classifiers } = analysis;
  const read = createRecordReader([
    { folder: out, channels },
    { folder, channels: manifest.channels },
  ]);
  const rows = runs.map(({ row }) => row);
  const judgements: Judgement[] = [];
  for (const { name, classifier } of classifiers) {
    const records = runs.map(({ row, config }) => read(row, config));
    const verdict = classifySweep(classifier, records, manifest.axes);
    const target = join(out, name);
    makeHeldFolder(folder, target);
    await writeVerdicts(folder, target, rows, verdict, classifier.labels, manifest.axes, failed);
    judgements.push({ classifier: name, labels: classifier.labels, verdict });
  }
  if (judgements.length > 0) {
    const axes = manifest.axes.map(({ name }) => name);
    await writeHeld(folder, join(out, 'classifiers.csv'), agreementTable(judgements, axes));
  }
  return judgements;
}
