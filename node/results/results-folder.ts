// A results folder: where its parts lie, its manifest, and which scenarios may share one.
import { basename, dirname, join, resolve } from 'node:path';
import { EigenflowError, isEigenflowError } from '../../core/errors.js';
import { canonical, RESULTS_SCHEMA } from '../../core/scenario/identity.js';
import { sweptPaths, withoutSwept } from '../../core/scenario/paths.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { isTree, type Tree } from '../../core/schema/schema.js';
import { isHeld, listHeld, readHeld } from '../files/held-files.js';
import { isNamed, isNamedFolder } from '../files/named-file.js';
import {
  type CheckpointRecord,
  checkManifest,
  type Manifest,
  type ResolvedRun,
  type StoredScenario,
} from './check-manifest.js';
import { sealOf } from './seal.js';

export type { CheckpointRecord, Manifest, ResolvedRun, StoredScenario };

export const manifestPath = (folder: string) => join(folder, 'manifest.json');
/** In the folder of a comparison, which has no manifest: each dynamics has a results folder of its own in it. */
export const comparisonPath = (folder: string) => join(folder, 'comparison.json');
/** Holds a folder for each classifier that was applied to stored runs. */
export const analysisFolder = (folder: string) => join(folder, 'analysis');
export const runPath = (folder: string, id: string) => join(folder, 'runs', `${checkId(id)}.npz`);
export const checkpointPath = (folder: string, id: string) => join(folder, 'checkpoints', `${checkId(id)}.npz`);

/** Ids are hashes; they are also read from tables, which may come from anywhere and name a file elsewhere. */
const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/;

export const isRunId = (text: string) => RUN_ID.test(text);

function checkId(id: string): string {
  if (isRunId(id)) return id;
  throw new EigenflowError('results', JSON.stringify(id.slice(0, 80)), 'is not the name of a run');
}

/** A sweep of 1e6 axis values has 20 MB. */
const MOST_MANIFEST_BYTES = 2 ** 28;

/** What a folder may hold before its manifest is written. */
const FIRST_NAMES = /^(runs|checkpoints|claims|failures|jobs|\.manifest\.json\..*\.tmp)$/;
/** What commands write later: a folder that also has runs, and has lost its manifest, is still one of results. */
const LATER_NAMES =
  /^((runs|cells|verdicts|boundaries|classifiers|evidence|digests)\.csv|dataset\..*|(map|submission)\.json|report\.html|figures|fits|analysis|ends|quarantine|\..*\.tmp)$/;

/** Whether all that is there may come from eigenflow: whoever names a folder by mistake must not find results in it. */
function isOurs(names: readonly string[]): boolean {
  const rest = names.filter((name) => !FIRST_NAMES.test(name));
  return rest.length === 0 || (names.includes('runs') && rest.every((name) => LATER_NAMES.test(name)));
}

/** Whether the folder has a manifest, as results have. */
export const isResults = (folder: string): boolean => isNamedFolder(folder) && isHeld(folder, manifestPath(folder));

const manifestSeal = ({ seal: _seal, ...content }: Manifest) => sealOf(content);

/** A manifest as it is stored: the last line seals the rest. */
export function manifestText({ seal: _seal, ...content }: Manifest): string {
  return `${JSON.stringify({ ...content, seal: manifestSeal(content) }, null, 2)}\n`;
}

/** Whether a manifest is as it was written; older ones do not say. */
export const manifestIs = (manifest: Manifest): 'intact' | 'altered' | 'unsealed' =>
  manifest.seal === undefined ? 'unsealed' : manifest.seal === manifestSeal(manifest) ? 'intact' : 'altered';

/** @throws EigenflowError `results` when the folder holds no results or they cannot be read */
export function readManifest(folder: string): Manifest {
  const path = manifestPath(folder);
  if (!isResults(folder)) {
    const why = !isNamed(folder)
      ? 'there is no such folder; check the path'
      : !isNamedFolder(folder)
        ? 'it is a file; name the folder that "eigenflow run" wrote'
        : isHeld(folder, comparisonPath(folder))
          ? `it is a comparison; name one of the results folders in it, such as ${join(folder, 'reference')}`
          : 'it has no manifest.json';
    throw new EigenflowError('results', folder, `is not a results folder: ${why}`);
  }
  let content: Manifest;
  try {
    content = JSON.parse(readHeld(folder, path, { maxBytes: MOST_MANIFEST_BYTES }).toString());
  } catch (cause) {
    if (isEigenflowError(cause)) throw cause;
    throw new EigenflowError(
      'results',
      path,
      'is not valid JSON; restore it, or use another --out folder. If it is lost, delete it: the run command with the ' +
        'scenario file writes it again, and stored runs are found',
      { cause },
    );
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
  checkManifest(content as unknown as Tree, path);
  return content;
}

/**
 * The scenario of runs, which could be run again.
 *
 * @throws EigenflowError `results` for an analysis of checkpoints, which has none
 */
export function scenarioOfRuns(
  folder: string,
  { scenario, checkpoints }: Pick<Manifest, 'scenario' | 'checkpoints'>,
): Scenario {
  if (checkpoints === undefined) return scenario as Scenario;
  const message = 'is an analysis of checkpoints: it knows no model, data or optimiser that this would need';
  throw new EigenflowError('results', folder, message);
}

/** What two scenarios must share to be one study: all that runs use but the extent of the grid. */
function study(scenario: StoredScenario): Record<string, unknown> {
  const {
    title: _title,
    description: _description,
    figures: _figures,
    classifier: _classifier,
    sweep,
    ...rest
  } = withoutSwept(scenario);
  return {
    ...rest,
    seed: scenario.seed ?? 1,
    'sweep.axes': sweptPaths(sweep).sort(),
    'sweep.independent': sweep?.independent ?? false,
  };
}

/** Longer training, and more to measure, is another study, which may begin with what is stored here. */
function goOn(folder: string, changed: readonly string[]): string {
  const isLength = (path: string) => ['epochs', 'steps', 'time'].includes(path);
  if (changed.every((path) => path.startsWith('observers'))) {
    return `; with --continue-from ${folder} and another --out, what is measured in it is taken over, and observers that were added look at the weights stored in it`;
  }
  if (!changed.every(isLength)) return '';
  return isHeld(folder, join(folder, 'ends'))
    ? `; with --continue-from ${folder} and another --out, longer runs go on from those in it`
    : '; had it been computed with --keep-checkpoints, longer runs could go on from those in it';
}

function differences(a: unknown, b: unknown, path = ''): string[] {
  if (canonical(a) === canonical(b)) return [];
  if (!isTree(a) || !isTree(b)) return [path];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((key) => differences(a[key], b[key], path === '' ? key : `${path}.${key}`));
}

/**
 * Refuses a folder that holds another study; extending a grid or adding seeds is the same study.
 *
 * @throws EigenflowError `results` that names what differs
 */
export function checkSameStudy(folder: string, scenario: StoredScenario): void {
  if (!isNamed(folder)) return;
  if (!isNamedFolder(folder)) {
    throw new EigenflowError('results', folder, 'is a file, not a folder; choose another --out folder');
  }
  if (!isResults(folder)) {
    // Another process may be creating the folder at this moment.
    const names = listHeld(folder, folder);
    if (isOurs(names)) return;
    const lost = names.includes('runs')
      ? ' (it has runs and no manifest.json: move what is not of eigenflow elsewhere)'
      : '';
    throw new EigenflowError('results', folder, `holds other files and no results; choose another --out folder${lost}`);
  }
  const stored = readManifest(folder).scenario;
  const changed = differences(study(stored), study(scenario));
  if (changed.length > 0) {
    throw new EigenflowError(
      'results',
      folder,
      `holds results of another scenario ("${stored.title}"; they differ in ${changed.join(', ')}). ` +
        `Choose another --out folder, or delete this one${goOn(folder, changed)}`,
    );
  }
}

/** @throws EigenflowError `results` for a folder that an analysis has written: there is no study to go on with */
export function refuseAnalysis(
  folder: string,
  { scenario, checkpoints, title }: Pick<Manifest, 'scenario' | 'checkpoints' | 'title'>,
): void {
  const fail = (what: string, remedy: string) =>
    new EigenflowError('results', folder, `is an analysis of ${what}: there is nothing to compute; ${remedy}`);
  // Older analyses have no record of the checkpoints, but the model that stood in for theirs.
  if (checkpoints !== undefined || scenario.model?.use === 'recorded-weights') {
    throw fail('checkpoints', '"eigenflow analyse" on the folder with the checkpoints looks at them again');
  }
  const runs = dirname(resolve(folder));
  const isBeside = basename(resolve(folder)) === basename(analysisFolder(runs)) && isResults(runs);
  if (isBeside && title.endsWith(': analysis')) {
    throw fail(
      'stored runs',
      `"eigenflow run ${dirname(folder)}" goes on with the runs, "eigenflow analyse" looks at them again`,
    );
  }
}
