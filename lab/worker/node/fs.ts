// In a tab, in place of `node:fs`: the files of studies, which the readers of results folders open as they do on a disk.
// Folders are mounted by name. Readers cannot write; what a tab computes is put into a folder by `putFile`.
import { Buffer } from 'buffer';
import { readPart, readStudyFile, type StudyFile } from '../study-file.js';

const mounted = new Map<string, Map<string, StudyFile>>();
/** Names of folders with what is in them, by mounted folder. */
const folders = new Map<string, Map<string, Set<string>>>();
const opened: StudyFile[] = [];

/** Notes a file in all folders above it. */
function enter(entries: Map<string, Set<string>>, path: string): void {
  const parts = path.split('/');
  for (let depth = 0; depth < parts.length; depth++) {
    const folder = parts.slice(0, depth).join('/');
    if (!entries.has(folder)) entries.set(folder, new Set());
    entries.get(folder)?.add(parts[depth]);
  }
}

/** Makes files readable under `/NAME`. @returns the path of the folder */
export function mountFolder(name: string, files: readonly StudyFile[]): string {
  const entries = new Map<string, Set<string>>([['', new Set()]]);
  for (const { path } of files) enter(entries, path);
  mounted.set(name, new Map(files.map((file) => [file.path, file])));
  folders.set(name, entries);
  return `/${name}`;
}

/** Puts a file into a mounted folder, in place of one of this name. */
export function putFile(folder: string, path: string, content: Uint8Array | string): void {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  mounted.get(folder.slice(1))?.set(path, { path, size: bytes.length, source: { bytes } });
  enter(folders.get(folder.slice(1)) ?? new Map(), path);
}

/** All files of a mounted folder. */
export const filesIn = (folder: string): StudyFile[] => [...(mounted.get(folder.slice(1))?.values() ?? [])];

/** Forgets a folder and its bytes. */
export function unmountFolder(folder: string): void {
  mounted.delete(folder.slice(1));
  folders.delete(folder.slice(1));
}

/** Name of the mounted folder, and the path in it. */
function split(path: string): readonly [string, string] {
  const [, name = '', ...rest] = path.split('/');
  return [name, rest.filter((part) => part !== '').join('/')];
}

function find(path: string): StudyFile | undefined {
  const [name, rest] = split(path);
  return mounted.get(name)?.get(rest);
}

function entriesOf(path: string): ReadonlySet<string> | undefined {
  const [name, rest] = split(path);
  return folders.get(name)?.get(rest);
}

function failure(code: string, path: string, what: string): Error {
  return Object.assign(new Error(`${code}: ${what}, '${path}'`), { code, path });
}

const missing = (path: string) => failure('ENOENT', path, 'no such file or directory');

/** What Node tells of a file, as far as readers ask. */
interface Stats {
  readonly size: number;
  readonly mtimeMs: number;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

const statsOf = (file: StudyFile | undefined): Stats => ({
  size: file?.size ?? 0,
  mtimeMs: 0,
  isFile: () => file !== undefined,
  isDirectory: () => file === undefined,
  isSymbolicLink: () => false,
});

/** Flags of those who write are there for them to be asked for, and refused. There are no links and no pipes here. */
export const constants = { O_RDONLY: 0, O_WRONLY: 1, O_CREAT: 64, O_APPEND: 1024 };

export const existsSync = (path: string): boolean => find(path) !== undefined || entriesOf(path) !== undefined;

export function statSync(path: string, { throwIfNoEntry = true } = {}): Stats | undefined {
  if (existsSync(path)) return statsOf(find(path));
  if (throwIfNoEntry) throw missing(path);
  return undefined;
}

export const lstatSync = statSync;

export function readdirSync(path: string, { withFileTypes = false } = {}): unknown[] {
  const entries = entriesOf(path);
  if (entries === undefined) throw find(path) ? failure('ENOTDIR', path, 'not a directory') : missing(path);
  const names = [...entries];
  return withFileTypes ? names.map((name) => ({ ...statsOf(find(`${path}/${name}`)), name, parentPath: path })) : names;
}

export function openSync(path: string, flags: number | string = constants.O_RDONLY): number {
  if (flags !== constants.O_RDONLY && flags !== 'r') throw failure('EROFS', path, 'nothing is written in a tab');
  const file = find(path);
  if (file === undefined) throw existsSync(path) ? failure('EISDIR', path, 'is a directory') : missing(path);
  return opened.push(file) - 1;
}

export const fstatSync = (descriptor: number): Stats => statsOf(opened[descriptor]);

export function closeSync(descriptor: number): void {
  delete opened[descriptor];
  while (opened.length > 0 && !(opened.length - 1 in opened)) opened.pop();
}

export function readFileSync(from: string | number, encoding?: BufferEncoding | { encoding?: BufferEncoding }) {
  const file = typeof from === 'number' ? opened[from] : find(from);
  if (file === undefined) throw missing(String(from));
  let content: Uint8Array;
  try {
    content = readStudyFile(file);
  } catch (error) {
    throw failure('EIO', file.path, error instanceof Error ? error.message : String(error));
  }
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const code = typeof encoding === 'string' ? encoding : encoding?.encoding;
  return code === undefined ? bytes : bytes.toString(code);
}

/** @returns how many bytes were read: fewer than asked for at the end of the file */
export function readSync(
  descriptor: number,
  into: Uint8Array,
  offset: number,
  length: number,
  position: number,
): number {
  const file = opened[descriptor];
  let part: Uint8Array;
  try {
    part = readPart(file, position, length);
  } catch (error) {
    throw failure('EIO', file.path, error instanceof Error ? error.message : String(error));
  }
  into.set(part, offset);
  return part.length;
}

/** What only writers call, and the watchers of other processes. */
const refuse = (what: string) => (): never => {
  throw failure('EROFS', what, 'nothing is written in a tab');
};

export const appendFileSync = refuse('appendFileSync');
export const createReadStream = refuse('createReadStream');
export const createWriteStream = refuse('createWriteStream');
export const ftruncateSync = refuse('ftruncateSync');
export const fsyncSync = refuse('fsyncSync');
export const futimesSync = refuse('futimesSync');
export const linkSync = refuse('linkSync');
export const mkdirSync = refuse('mkdirSync');
export const mkdtempSync = refuse('mkdtempSync');
export const readlinkSync = refuse('readlinkSync');
export const renameSync = refuse('renameSync');
export const rmSync = refuse('rmSync');
export const rmdirSync = refuse('rmdirSync');
export const symlinkSync = refuse('symlinkSync');
export const unlinkSync = refuse('unlinkSync');
export const utimesSync = refuse('utimesSync');
export const writeFileSync = refuse('writeFileSync');
export const writeSync = refuse('writeSync');
export const realpathSync = (path: string): string => path;
