// Checkpoints that other programs have written: files of arrays in a folder, folders with such files in them, and shards
// that are one checkpoint together, in the order of the step numbers in their names.
import { basename, dirname, extname, join, relative } from 'node:path';
import { EigenflowError } from '../../core/errors.js';
import { isNamed, isNamedFolder, listNamed, statusNamed } from '../../node/files/named-file.js';
import { isResults } from '../../node/results/results-folder.js';
import { readJson } from '../../node/scenario/read-json.js';
import { stepsOfNames } from './checkpoint-steps.js';
import { howToConvert, isForeign } from './foreign-checkpoints.js';

export interface CheckpointFile {
  /** The file, or the folder of its files. */
  readonly path: string;
  /** Files of arrays, which are read as one. */
  readonly files: readonly string[];
  /** The number of its step in its name; 0 where a single checkpoint has none. */
  readonly number: number;
}

export interface Checkpoints {
  /** Ascending in their numbers. */
  readonly found: readonly CheckpointFile[];
  /** What the numbers are called in the names, such as `epoch`; '' where they have no name. */
  readonly label: string;
  /** Files of arrays that were left out, such as the final weights beside the folders of checkpoints. */
  readonly left: readonly string[];
}

const ENDINGS = ['.npz', '.safetensors'];
/** Folders within a folder of a checkpoint, as diffusers writes them. */
const DEEPEST = 3;

const endingOf = (name: string) => extname(name).toLowerCase();
export const holdsArrays = (name: string) => ENDINGS.includes(endingOf(name));
const stemOf = (name: string) => (holdsArrays(name) ? name.slice(0, -extname(name).length) : name);

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly isFolder: boolean;
}

function list(folder: string): Entry[] {
  return listNamed(folder)
    .filter((name) => !name.startsWith('.'))
    .map((name) => {
      const path = join(folder, name);
      return { name, path, isFolder: isNamedFolder(path) };
    });
}

/** `model-00001-of-00002.safetensors`: with zeros, unlike step 100 of 300. */
const SHARD = /^(.*?)[-_.]?(0\d+)-of-(0\d+)$/;
const INDEX = '.safetensors.index.json';

const fault = (path: string, message: string) => new EigenflowError('results', path, message);

/** Files of arrays that lie beside each other, put together where they are shards. */
interface Group {
  /** Without ending, and without the number of the shard. */
  readonly stem: string;
  readonly files: readonly string[];
}

/** @throws EigenflowError `results` or `file` where a shard is missing */
function shardsOf(folder: string, stem: string, files: readonly Entry[]): readonly string[] {
  const index = join(folder, `${stem}${INDEX}`);
  if (isNamed(index)) {
    const { weight_map: map } = (readJson(index) ?? {}) as { weight_map?: unknown };
    const names =
      typeof map === 'object' && map !== null ? [...new Set(Object.values(map as Record<string, unknown>))] : [];
    const missing = names.find((name) => !files.some((file) => file.name === name));
    if (missing !== undefined) throw fault(index, `names ${String(missing)}, which is not there: a shard is missing`);
    return files.filter(({ name }) => names.length === 0 || names.includes(name)).map(({ path }) => path);
  }
  const count = Number(SHARD.exec(stemOf(files[0].name))?.[3]);
  if (files.length !== count) {
    throw fault(
      folder,
      `holds ${files.length} of ${count} shards of ${stem}: ${files.map(({ name }) => name).join(', ')}`,
    );
  }
  return files.map(({ path }) => path);
}

function groupsIn(folder: string, entries: readonly Entry[]): Group[] {
  const files = entries.filter(({ name, isFolder }) => !isFolder && holdsArrays(name));
  const groups = new Map<string, Entry[]>();
  for (const file of files) {
    // A file with another ending is another checkpoint, whatever its name.
    const stem = SHARD.exec(stemOf(file.name))?.[1] ?? file.name;
    groups.set(stem, [...(groups.get(stem) ?? []), file]);
  }
  return [...groups].map(([stem, parts]): Group => {
    if (stem === parts[0].name) return { stem: stemOf(stem), files: [parts[0].path] };
    return { stem, files: shardsOf(folder, stem, parts) };
  });
}

/** Names of weights, beside which other files of arrays are states of an optimiser and the like. */
const USUAL = ['model', 'pytorch_model', 'diffusion_pytorch_model', 'adapter_model'];

/** Files of one checkpoint, in its folder or in folders in it. @throws EigenflowError `results` where it is not clear which */
function filesWithin(folder: string, depth = 0): readonly string[] {
  const entries = list(folder);
  const groups = groupsIn(folder, entries);
  const usual = groups.filter(({ stem }) => USUAL.includes(stem));
  if (groups.length > 1 && usual.length !== 1) {
    const names = groups.flatMap(({ files }) => files.map((file) => basename(file))).join(', ');
    const message = `holds ${names}: a checkpoint is one file, or shards with model${INDEX}; move away what is not meant`;
    throw fault(folder, message);
  }
  const [own] = usual.length === 1 ? usual : groups;
  if (own !== undefined) return own.files;
  if (depth === DEEPEST) return [];
  return entries.filter(({ isFolder }) => isFolder).flatMap(({ path }) => filesWithin(path, depth + 1));
}

interface Candidate {
  readonly name: string;
  readonly path: string;
  readonly files: readonly string[];
  readonly isFolder: boolean;
}

function candidatesIn(folder: string): Candidate[] {
  const entries = list(folder);
  const here = groupsIn(folder, entries).map(({ stem, files }): Candidate => {
    return { name: stem, path: files.length === 1 ? files[0] : folder, files, isFolder: false };
  });
  const below = entries
    .filter(({ name, path, isFolder }) => isFolder && /\d/.test(name) && !isResults(path))
    .map(({ name, path }): Candidate => ({ name, path, files: filesWithin(path), isFolder: true }));
  return [...here, ...below.filter(({ files }) => files.length > 0)];
}

/** What is to be said where there is nothing to read. */
function nothingIn(folder: string): EigenflowError {
  const entries = list(folder);
  const within = entries.filter(({ isFolder }) => isFolder).flatMap(({ path }) => list(path));
  const foreign = [...entries, ...within]
    .filter(({ name, isFolder }) => !isFolder && isForeign(name))
    .map(({ path }) => path);
  if (foreign.length > 0) return fault(folder, howToConvert(foreign));
  return fault(
    folder,
    'holds no checkpoints (and no results: there is no manifest.json): no files that end in .npz or .safetensors, and no folders step-N with such files',
  );
}

/**
 * Files `.npz` and `.safetensors` in the folder, and folders with a number in their names that hold such files, in
 * themselves or in folders in them. Files of one checkpoint that are shards belong together. Names without a number, such as
 * the final weights beside the folders of checkpoints, are left out. A file in place of the folder is a single checkpoint.
 *
 * @throws EigenflowError `results` when there are none, when two have the same number, or it is not clear which number of
 *   the names is the step
 */
export function listCheckpoints(folder: string): Checkpoints {
  const status = statusNamed(folder);
  if (status?.isFile()) {
    if (!holdsArrays(folder)) {
      throw fault(folder, isForeign(folder) ? howToConvert([folder]) : 'does not end in .npz or .safetensors');
    }
    const numbers = stepsOfNames([stemOf(basename(folder))])?.numbers ?? [];
    return { found: [{ path: folder, files: [folder], number: numbers[0] ?? 0 }], label: '', left: [] };
  }
  if (!status?.isDirectory()) {
    throw fault(folder, 'is no folder; name one with checkpoints as .npz or .safetensors');
  }
  const all = candidatesIn(folder);
  if (all.length === 0) throw nothingIn(folder);
  const [only] = all;
  if (all.length === 1) {
    const number = stepsOfNames([only.name])?.numbers[0] ?? 0;
    return { found: [{ path: only.path, files: only.files, number }], label: '', left: [] };
  }
  const numbered = all.filter(({ name }) => /\d/.test(name));
  const left = all.filter(({ name }) => !/\d/.test(name));
  if (numbered.length === 0) {
    const ending = extname(only.files[0]);
    throw fault(
      folder,
      `${basename(only.path)} has no step number in its name; rename it to, for example, step-1000${ending}`,
    );
  }
  const steps = stepsOfNames(numbered.map(({ name }) => name));
  if (steps === undefined) {
    const names = numbered.slice(0, 2).map(({ path }) => basename(path));
    throw fault(
      folder,
      `several numbers differ between ${names.join(' and ')}, and none is called a step; put "step-" before the one that is`,
    );
  }
  const found = numbered
    .map(({ path, files }, i) => ({ path, files, number: steps.numbers[i] as number }))
    .sort((a, b) => a.number - b.number);
  const second = found.findIndex(({ number }, i) => i > 0 && number === found[i - 1].number);
  if (second > 0) {
    const names = [found[second - 1], found[second]].map(({ path }) => relative(folder, path) || basename(path));
    const what = steps.label === '' ? 'the number' : steps.label;
    throw fault(folder, `${names.join(' and ')} both have ${what} ${found[second].number}; move one of them away`);
  }
  return { found, label: steps.label, left: left.map(({ path }) => relative(folder, path) || basename(dirname(path))) };
}
