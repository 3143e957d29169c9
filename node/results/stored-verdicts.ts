// What classifiers have said of the runs of a results folder: the scenario's own classifier at the top, those of an
// analysis in a folder each.
import { join } from 'node:path';
import type { Json } from '../../core/contracts/json.js';
import { EigenflowError, suggest } from '../../core/errors.js';
import { parseOwnCsv } from '../files/csv-cell.js';
import { isHeld, listHeld, readHeld, statusHeld } from '../files/held-files.js';
import { analysisFolder, type Manifest } from './results-folder.js';
import { axisValue } from './runs-table.js';

export interface StoredVerdicts {
  readonly classifier: string;
  readonly labels: readonly string[];
  /** By the id of the run; empty where nothing could be said. */
  readonly byRun: ReadonlyMap<string, string>;
  readonly crossings: readonly StoredBoundaryPoint[];
}

/** A row of boundaries.csv. */
export interface StoredBoundaryPoint {
  readonly between: readonly [string, string];
  readonly along: string;
  /** Values of the axes of the line. */
  readonly at: Readonly<Record<string, Json>>;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Folders with verdicts by the name of the classifier; that of the scenario first. */
function folders(folder: string, { scenario }: Manifest): Map<string, string> {
  const found = new Map<string, string>();
  const own = scenario.classifier?.use;
  if (own !== undefined && isHeld(folder, join(folder, 'verdicts.csv'))) found.set(own, folder);
  const analyses = analysisFolder(folder);
  for (const name of listHeld(folder, analyses).sort()) {
    if (found.has(name) || statusHeld(folder, join(analyses, name))?.isFile()) continue;
    if (isHeld(folder, join(analyses, name, 'verdicts.csv'))) found.set(name, join(analyses, name));
  }
  return found;
}

/** Labels of every classifier whose verdicts are stored. */
export function storedClassifiers(folder: string, manifest: Manifest): Record<string, readonly string[]> {
  const entries = [...folders(folder, manifest)].map(([name, at]): [string, string[]] => {
    const [header = []] = readTable(folder, join(at, 'verdicts.csv'));
    return [name, labelsOf(header)];
  });
  return Object.fromEntries(entries);
}

/**
 * @param classifier default: that of the scenario
 * @throws EigenflowError `results` when it has left no verdicts, `file` when they cannot be read
 */
export function readVerdicts(folder: string, manifest: Manifest, classifier?: string): StoredVerdicts {
  const found = folders(folder, manifest);
  const name = classifier ?? manifest.scenario.classifier?.use;
  const at = found.get(name ?? '');
  if (name === undefined || at === undefined) {
    const known = [...found.keys()];
    const wanted = name === undefined ? 'no classifier' : `no verdicts of "${name}"${suggest(name, known)}`;
    throw new EigenflowError('results', folder, `${wanted}; stored: ${known.join(', ') || 'none'}`);
  }
  const [header = [], ...rows] = readTable(folder, join(at, 'verdicts.csv'));
  const [id, label] = [header.indexOf('id'), header.indexOf('label')];
  return {
    classifier: name,
    labels: labelsOf(header),
    byRun: new Map(rows.map((row) => [row[id], row[label]])),
    crossings: readCrossings(folder, join(at, 'boundaries.csv'), manifest),
  };
}

const PROBABILITY = 'probability ';

function labelsOf(header: readonly string[]): string[] {
  return header.filter((name) => name.startsWith(PROBABILITY)).map((name) => name.slice(PROBABILITY.length));
}

function readCrossings(folder: string, path: string, { axes }: Manifest): StoredBoundaryPoint[] {
  if (!isHeld(folder, path)) return [];
  const [header = [], ...rows] = readTable(folder, path);
  return rows.map((row) => {
    const cell = (name: string) => row[header.indexOf(name)] ?? '';
    const fixed = axes.filter(({ name }) => cell(name) !== '');
    return {
      between: [cell('label'), cell('other label')],
      along: cell('along'),
      at: Object.fromEntries(fixed.map(({ name }) => [name, axisValue(cell(name))])),
      value: Number(cell('position')),
      low: Number(cell('position low')),
      high: Number(cell('position high')),
    };
  });
}

const readTable = (folder: string, path: string): string[][] => parseOwnCsv(readHeld(folder, path).toString());
