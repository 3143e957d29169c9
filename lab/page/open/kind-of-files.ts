// What files that a user opens are, by their names and sizes alone: nothing is read that could be too large or of no use.

export interface NamedFile {
  /** With the folders that it was dropped in. */
  readonly path: string;
  /** Unit: bytes. */
  readonly size: number;
}

export type Kind =
  | { readonly kind: 'study' | 'checkpoints'; readonly name: string }
  | { readonly kind: 'archive' | 'plugin'; readonly name: string }
  | { readonly kind: 'nothing'; readonly message: string };

const MiB = 2 ** 20;
/** What is read at once, by its ending; unit: bytes. A study's own files are read one by one, when they are needed. */
const MOST: Readonly<Record<string, number>> = { json: 8 * MiB, js: MiB, mjs: MiB, zip: 512 * MiB };
/** A checkpoint is read by a worker, which holds one matrix at a time. */
const MOST_CHECKPOINT = 1024 * MiB;
/** A folder with more is not a study by mistake: somebody has dropped a disk. */
const MOST_FILES = 20_000;

const baseOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
export const endingOf = (path: string) => /\.([a-z0-9]+)$/i.exec(baseOf(path))?.[1].toLowerCase() ?? '';
const folderOf = (path: string) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : baseOf(path));

const inMiB = (size: number) => `${(size / MiB).toFixed(size < 10 * MiB ? 1 : 0)} MiB`;

const WANTED =
  'Open a results folder or a zip of one, an exported map (map.json with runs.csv), a scenario (.json), checkpoints (.npz, ' +
  '.safetensors), or a plugin (.js).';

const nothing = (message: string): Kind => ({ kind: 'nothing', message });

/** Why a file of this ending cannot be opened, with what to do. */
function strangerMessage(path: string): string {
  const name = baseOf(path);
  switch (endingOf(path)) {
    case 'ts':
    case 'mts':
      return `${name} is TypeScript, which a page does not read. As a plugin: npx esbuild ${name} --bundle --format=esm --external:eigenflow --outfile=plugin.js. As a scenario: eigenflow lab ${name} opens it.`;
    case 'pt':
    case 'pth':
    case 'ckpt':
    case 'bin':
      return `${name} is a pickle of PyTorch, which can run code and is not read. Save it with safetensors.torch.save_file, or see docs/analysing-checkpoints.md.`;
    case 'h5':
    case 'hdf5':
    case 'keras':
      return `${name} is a file of HDF5 or Keras. Save its arrays with numpy.savez, or see docs/analysing-checkpoints.md.`;
    case 'gz':
    case 'tar':
    case 'tgz':
      return `${name} is no zip. Unpack it and open the folder, or pack it with zip -r.`;
    default:
      return `${name} is nothing that this page opens. ${WANTED}`;
  }
}

const tooLarge = ({ path, size }: NamedFile, most: number) =>
  nothing(
    `${baseOf(path)} has ${inMiB(size)}, and a tab takes ${inMiB(most)} of such a file: use the command, eigenflow run or eigenflow analyse.`,
  );

/** Files that systems leave in folders. */
const isLitter = ({ path }: NamedFile) => path.split('/').some((name) => name.startsWith('.') || name === '__MACOSX');

export const withoutLitter = <F extends NamedFile>(files: readonly F[]): readonly F[] =>
  files.filter((file) => !isLitter(file));

export function kindOfFiles(given: readonly NamedFile[]): Kind {
  const files = withoutLitter(given);
  if (files.length === 0) return nothing(`There are no files in what was opened. ${WANTED}`);
  if (files.length > MOST_FILES) return nothing(`That are ${files.length} files; open the results folder itself.`);
  const names = files.map(({ path }) => baseOf(path));
  const name = folderOf(files[0].path);
  const holds = (wanted: string) => files.some(({ path }) => baseOf(path) === wanted && path.split('/').length <= 2);
  if (holds('manifest.json') || holds('map.json') || holds('comparison.json')) return { kind: 'study', name };
  const empty = files.find(({ size }) => size === 0);
  if (empty) return nothing(`${baseOf(empty.path)} is empty: 0 bytes.`);
  const [first] = files;
  const ending = endingOf(first.path);
  if (files.length === 1) {
    if (first.size > (MOST[ending] ?? Number.POSITIVE_INFINITY)) return tooLarge(first, MOST[ending]);
    if (ending === 'zip') return { kind: 'archive', name: names[0] };
    if (ending === 'js' || ending === 'mjs') return { kind: 'plugin', name: names[0] };
    if (ending === 'json') return { kind: 'study', name: names[0] };
  }
  const checkpoints = files.filter(({ path }) => ['npz', 'safetensors'].includes(endingOf(path)));
  const scenarios = files.filter(({ path }) => endingOf(path) === 'json' && !path.endsWith('.index.json'));
  // A scenario with the arrays that it names.
  if (scenarios.length === 1 && scenarios[0].size <= MOST.json && !scenarios[0].path.includes('/')) {
    return { kind: 'study', name: baseOf(scenarios[0].path) };
  }
  if (checkpoints.length > 0) {
    const large = checkpoints.find(({ size }) => size > MOST_CHECKPOINT);
    return large ? tooLarge(large, MOST_CHECKPOINT) : { kind: 'checkpoints', name };
  }
  if (files.length === 1) return nothing(strangerMessage(first.path));
  return nothing(
    `${name} holds ${names.slice(0, 3).join(', ')} and is no results folder: there is no manifest.json. ${WANTED}`,
  );
}
