// A results folder: manifest.json, runs.csv, one npz per finished run, and checkpoints of unfinished ones. Written so
// that a killed process leaves nothing half-written.
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ChannelRecord } from '../engine/run.js';
import { EigenflowError } from '../errors.js';
import { canonical, RESULTS_SCHEMA } from '../scenario/identity.js';
import type { RunConfig } from '../scenario/run-config.js';
import type { Scenario } from '../scenario/scenario.js';
import type { Axis } from '../scenario/sweep.js';
import { writeFileAtomic } from './atomic-file.js';
import { explainFileError } from './file-error.js';
import { formatRunsTable, parseRunsTable, type RunRow, runsTableHeader, runsTableRow } from './runs-table.js';

export interface Manifest {
  readonly format: 'eigenflow-results';
  readonly schema: number;
  readonly title: string;
  readonly scenario: Scenario;
  readonly versions: {
    readonly eigenflow: string;
    readonly node: string;
    readonly plugins: Readonly<Record<string, string>>;
  };
  /** Sources of the components that were used. */
  readonly citations: readonly string[];
  readonly kernels: { readonly name: string; readonly hash: string; readonly portable: boolean };
  readonly axes: readonly (Axis & { readonly unit: string })[];
  readonly seeds: number;
  readonly channels: Readonly<Record<string, ChannelRecord>>;
  readonly labels: readonly string[];
}

export const manifestPath = (folder: string) => join(folder, 'manifest.json');
export const runPath = (folder: string, id: string) => join(folder, 'runs', `${id}.npz`);
export const checkpointPath = (folder: string, id: string) => join(folder, 'checkpoints', `${id}.npz`);
const tablePath = (folder: string) => join(folder, 'runs.csv');

/** @throws EigenflowError `results` when the folder holds no results or they cannot be read */
export function readManifest(folder: string): Manifest {
  const path = manifestPath(folder);
  if (!existsSync(path)) {
    throw new EigenflowError('results', folder, 'is not a results folder: it has no manifest.json');
  }
  let content: Manifest;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new EigenflowError('results', path, 'is not valid JSON; restore it, or use another --out folder', { cause });
  }
  if (content?.format !== 'eigenflow-results') {
    throw new EigenflowError('results', path, 'is not a manifest of eigenflow results');
  }
  if (content.schema !== RESULTS_SCHEMA) {
    throw new EigenflowError(
      'results',
      path,
      `has version ${content.schema} of the results' format; this eigenflow reads version ${RESULTS_SCHEMA}. ` +
        'Use the eigenflow that wrote it, or another --out folder',
    );
  }
  return content;
}

/** What two scenarios must share to be one study: all but the extent of the grid, titles, figures and classifier. */
function study(scenario: Scenario): Record<string, unknown> {
  const {
    title: _title,
    description: _description,
    figures: _figures,
    classifier: _classifier,
    sweep,
    ...rest
  } = scenario;
  const { axes = {}, zip = [] } = sweep ?? {};
  const zipped = zip.flatMap((entry: unknown) =>
    typeof entry === 'string' ? [entry] : Array.isArray(entry) ? entry : Object.keys(entry as object),
  );
  return {
    ...rest,
    seed: scenario.seed ?? 1,
    'sweep.axes': [...new Set([...Object.keys(axes), ...zipped])].sort(),
    'sweep.independent': sweep?.independent ?? false,
  };
}

function differences(a: unknown, b: unknown, path = ''): string[] {
  if (canonical(a) === canonical(b)) return [];
  const isTree = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isTree(a) || !isTree(b)) return [path];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((key) => differences(a[key], b[key], path === '' ? key : `${path}.${key}`));
}

/**
 * Refuses a folder that holds another study; extending a grid or adding seeds is the same study.
 *
 * @throws EigenflowError `results` that names what differs
 */
export function checkSameStudy(folder: string, scenario: Scenario): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) {
    throw new EigenflowError('results', folder, 'is a file, not a folder; choose another --out folder');
  }
  if (!existsSync(manifestPath(folder))) {
    if (readdirSync(folder).length === 0) return;
    throw new EigenflowError('results', folder, 'holds other files and no results; choose another --out folder');
  }
  const stored = readManifest(folder).scenario;
  const changed = differences(study(stored), study(scenario));
  if (changed.length > 0) {
    throw new EigenflowError(
      'results',
      folder,
      `holds results of another scenario ("${stored.title}"; they differ in ${changed.join(', ')}). ` +
        'Choose another --out folder, or delete this one',
    );
  }
}

/** An open results folder. */
export interface ResultsFolder {
  readonly folder: string;
  /** Rows of the runs that have ended: stored runs, and failed ones of earlier attempts. */
  readonly rows: ReadonlyMap<string, RunRow>;
  isStored(id: string): boolean;
  /** Records the end of a run. @throws EigenflowError `file` when the disk is full or refuses */
  append(row: RunRow): void;
  /** Rewrites runs.csv in the order of the sweep, with final labels. */
  finalise(rows: readonly RunRow[]): Promise<void>;
}

/**
 * Creates the folder, or opens it to go on.
 *
 * @param runs the runs of the sweep: rows of others are left out of the table, their files stay
 */
export async function openResults(
  folder: string,
  manifest: Manifest,
  runs: readonly RunConfig[],
): Promise<ResultsFolder> {
  try {
    mkdirSync(join(folder, 'runs'), { recursive: true });
    mkdirSync(join(folder, 'checkpoints'), { recursive: true });
  } catch (error) {
    throw explainFileError(error, folder, 'write');
  }
  await writeFileAtomic(manifestPath(folder), `${JSON.stringify(manifest, null, 2)}\n`);
  const axes = manifest.axes.map((axis) => axis.name);
  const stored = new Set(
    readdirSync(join(folder, 'runs'))
      .filter((file) => file.endsWith('.npz'))
      .map((file) => file.slice(0, -'.npz'.length)),
  );
  const known = existsSync(tablePath(folder)) ? parseRunsTable(readFileSync(tablePath(folder), 'utf8'), axes) : [];
  const wanted = new Set(runs.map((run) => run.id));
  const rows = new Map(
    known
      .filter((row) => wanted.has(row.id) && (stored.has(row.id) || row.status === 'failed'))
      .map((row) => [row.id, row]),
  );
  await writeFileAtomic(tablePath(folder), formatRunsTable(axes, [...rows.values()]));
  return {
    folder,
    rows,
    isStored: (id) => stored.has(id),
    append(row) {
      rows.set(row.id, row);
      try {
        appendFileSync(tablePath(folder), runsTableRow(axes, row));
      } catch (error) {
        throw explainFileError(error, tablePath(folder), 'write');
      }
      if (row.status === 'failed') return;
      stored.add(row.id);
      rmSync(checkpointPath(folder, row.id), { force: true });
    },
    async finalise(ordered) {
      await writeFileAtomic(
        tablePath(folder),
        runsTableHeader(axes) + ordered.map((r) => runsTableRow(axes, r)).join(''),
      );
    },
  };
}
