// Classifies stored runs and writes what the verdicts rest on: verdicts.csv, one row per run with the probability of
// every label and the evidence.
import { join } from 'node:path';
import type { Classifier, Verdict } from '../contracts/classifier.js';
import { writeFileAtomic } from './atomic-file.js';
import { textCell } from './csv-cell.js';
import { readManifest } from './results-folder.js';
import { readRecord } from './run-file.js';
import type { RunRow } from './runs-table.js';

function verdictsTable(rows: readonly RunRow[], verdicts: readonly Verdict[], labels: readonly string[]): string {
  const evidence = [...new Set(verdicts.flatMap((verdict) => Object.keys(verdict.evidence)))];
  const header = ['id', 'label', ...labels.map((label) => `probability ${label}`), ...evidence];
  const number = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? '' : String(value));
  const lines = rows.map((row, i) =>
    [
      row.id,
      verdicts[i].label,
      ...labels.map((label) => number(verdicts[i].probabilities[label])),
      ...evidence.map((name) => number(verdicts[i].evidence[name])),
    ]
      .map(textCell)
      .join(','),
  );
  return `${[header.map(textCell).join(','), ...lines].join('\n')}\n`;
}

/**
 * @param rows runs that have ended; failed ones keep an empty label
 * @returns the rows with their labels
 */
export async function classifyStored(
  folder: string,
  classifier: Classifier,
  rows: readonly RunRow[],
): Promise<RunRow[]> {
  const { channels } = readManifest(folder);
  const ended = rows.filter((row) => row.status !== 'failed');
  const records = ended.map((row) => readRecord(folder, row, channels));
  const verdicts =
    classifier.scope === 'run' ? records.map((record) => classifier.classify(record)) : classifier.classify(records);
  await writeFileAtomic(join(folder, 'verdicts.csv'), verdictsTable(ended, verdicts, classifier.labels));
  const labels = new Map(ended.map((row, i) => [row.id, verdicts[i].label]));
  return rows.map((row) => ({ ...row, label: labels.get(row.id) ?? '' }));
}
