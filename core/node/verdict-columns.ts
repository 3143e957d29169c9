// The verdicts that a results folder holds, read back: of its own classifier, and of those that looked at it later.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCsv } from './csv-cell.js';
import { explainFileError } from './file-error.js';
import type { Manifest } from './results-folder.js';

export interface StoredVerdicts {
  readonly classifier: string;
  /** In the order of the legend. */
  readonly labels: readonly string[];
  /** Label of a run by its id; empty where it says nothing. */
  readonly byRun: ReadonlyMap<string, string>;
}

const PROBABILITY = 'probability ';

function read(path: string, classifier: string): StoredVerdicts | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const [header = [], ...rows] = parseCsv(readFileSync(path, 'utf8'));
    const id = header.indexOf('id');
    const label = header.indexOf('label');
    if (id < 0 || label < 0) return undefined;
    return {
      classifier,
      labels: header.filter((name) => name.startsWith(PROBABILITY)).map((name) => name.slice(PROBABILITY.length)),
      byRun: new Map(rows.map((cells) => [cells[id], cells[label]])),
    };
  } catch (error) {
    throw explainFileError(error, path, 'read');
  }
}

/** The scenario's own classifier first. @throws EigenflowError `file` when a table cannot be read */
export function readVerdicts(folder: string, { scenario }: Manifest): StoredVerdicts[] {
  const own = scenario.classifier?.use;
  const analysis = join(folder, 'analysis');
  const later = existsSync(analysis) ? readdirSync(analysis).sort() : [];
  return [
    ...(own ? [read(join(folder, 'verdicts.csv'), own)] : []),
    ...later.filter((name) => name !== own).map((name) => read(join(analysis, name, 'verdicts.csv'), name)),
  ].flatMap((verdicts) => verdicts ?? []);
}
