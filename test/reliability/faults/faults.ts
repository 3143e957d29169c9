// Lets every operation on files fail that a command makes, one after the other, and looks at what is left: what was stored is
// whole, the command says how it ended, and the next one completes to the same bytes.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import h5wasm, { type Dataset } from 'h5wasm/node';
import { verifyFolder } from '../../../node/results/verify.js';
import { eigenflowMany } from '../../cli/command.js';

/** What can go wrong, see faults.c. */
export const KINDS = ['EIO', 'ENOSPC', 'short', 'kill'] as const;
export type FaultKind = (typeof KINDS)[number];

/** The operations of Linux with glibc, and a compiler for them. */
export const canInject = process.platform === 'linux' && hasCompiler();

function hasCompiler(): boolean {
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** @returns the library that stands between a process and its files */
export function compileFaults(folder: string): string {
  const library = join(folder, 'faults.so');
  const source = fileURLToPath(new URL('./faults.c', import.meta.url));
  execFileSync('cc', ['-O2', '-shared', '-fPIC', '-o', library, source, '-ldl']);
  return library;
}

interface Faulty {
  readonly folder: string;
  readonly args: readonly string[];
  readonly kind: FaultKind | 'none';
  /** Which operation fails; 0 for none. */
  readonly at: number;
}

interface Ended {
  /** Missing where the process has gone. */
  readonly status?: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Operations that could have failed. */
  readonly points: number;
  /** The one that did. */
  readonly which: string;
}

const GONE: Ended = { stdout: '', stderr: '', points: 0, which: 'the process has gone' };

/** Seconds for one command, on a machine that is busy with other things. */
const LIMIT = 120;

/** The commands one after the other in one process; where it dies, the rest in another one. */
async function outcomesOf(library: string, cases: readonly Faulty[]): Promise<Ended[]> {
  const ended: Ended[] = [];
  while (ended.length < cases.length) {
    ended.push(...(await batch(library, cases.slice(ended.length))));
    if (ended.length < cases.length) ended.push(GONE);
  }
  return ended;
}

function batch(library: string, cases: readonly Faulty[]): Promise<Ended[]> {
  const script = fileURLToPath(new URL('./many-faults.mjs', import.meta.url));
  // Operations of io_uring go by no function.
  const env = { ...process.env, LD_PRELOAD: library, UV_USE_IO_URING: '0' };
  return new Promise((resolve) => {
    const timeout = 1000 * LIMIT * (1 + cases.length / 20);
    const child = spawn(process.execPath, [script], { env, stdio: ['pipe', 'pipe', 'ignore'], timeout });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    const lines = () => text.split('\n').filter((line) => line !== '');
    child.on('close', () => resolve(lines().map((line) => JSON.parse(line) as Ended)));
    child.stdin.end(JSON.stringify(cases.map((one) => ({ ...one, below: join(one.folder, 'results') }))));
  });
}

/** Times of computing differ from call to call. */
const withoutSeconds = (text: string) =>
  text.replace(/^((?:[^,\n]*,)+(?:completed|diverged),\d+,[0-9a-f]+,)[\d.]*,/gm, '$1,');

await h5wasm.ready;

/** What is in a netCDF file: the file itself holds the time at which it was written. */
function netcdfContent(path: string): string {
  try {
    const file = new h5wasm.File(path, 'r');
    try {
      const values = (name: string) => [...((file.get(name) as Dataset).value as Iterable<unknown>)].join();
      return file
        .keys()
        .sort()
        .map((name) => `${name} ${values(name)}`)
        .join('\n');
    } finally {
      file.close();
    }
  } catch {
    return 'no netCDF file';
  }
}

/** Every file with its content, without what processes at work keep for themselves. */
function contentOf(folder: string, within = ''): Map<string, string> {
  const found = new Map<string, string>();
  if (!existsSync(folder)) return found;
  for (const name of readdirSync(join(folder, within)).sort()) {
    const path = join(within, name);
    if (lstatSync(join(folder, path)).isDirectory()) {
      for (const [inner, text] of contentOf(folder, path)) found.set(inner, text);
    } else if (!/(^|\/)claims\//.test(path)) {
      const text = name.endsWith('.nc')
        ? netcdfContent(join(folder, path))
        : readFileSync(join(folder, path), 'latin1');
      found.set(path, name === 'runs.csv' ? withoutSeconds(text) : text);
    }
  }
  return found;
}

const isUnfinished = (path: string) => /(^|\/)\..+\.tmp(\/|$)/.test(path);

/** Names of files that one has and the other has not, or has otherwise. */
function differing(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] {
  const names = new Set([...one.keys(), ...other.keys()]);
  return [...names].filter((name) => !isUnfinished(name) && one.get(name) !== other.get(name));
}

export interface Subject {
  readonly name: string;
  /** A folder as it is before the command; its results are in `results`. */
  readonly before: string;
  readonly args: readonly string[];
}

export interface Injected {
  readonly name: string;
  readonly kind: FaultKind;
  /** Operations that could fail in this way. */
  readonly points: number;
  /** Of these, looked at. */
  readonly tried: number;
  readonly faults: readonly string[];
}

interface Reference {
  readonly content: ReadonlyMap<string, string>;
  readonly stdout: string;
}

/** What is wrong with what a command has left behind that met a fault. */
function faultsAfter(
  root: string,
  kind: FaultKind,
  ended: Ended,
  before: ReadonlyMap<string, string>,
  whole: Reference,
) {
  const results = join(root, 'results');
  const content = contentOf(results);
  const faults: string[] = [];
  const { status, stdout, stderr } = ended;
  if (status === undefined && kind !== 'kill') faults.push('the process broke down or did not come back');
  if (status === 0) {
    const other = differing(content, whole.content);
    if (other.length > 0) faults.push(`says that all is well, and ${other.slice(0, 3).join(', ')} are otherwise`);
    if (stdout !== whole.stdout) faults.push('says that all is well, and something else than usual');
  } else if (status !== undefined) {
    if (kind === 'short') faults.push(`takes a transfer in two parts for an error: ${stderr.slice(0, 200)}`);
    if ((stdout + stderr).trim() === '') faults.push(`ends with ${status} and says nothing`);
    if (/\n {4}at /.test(stdout + stderr)) faults.push(`breaks: ${(stdout + stderr).slice(0, 300)}`);
  }
  // Old or new, and nothing between.
  const torn = [...content].filter(
    ([name, text]) => !isUnfinished(name) && text !== before.get(name) && text !== whole.content.get(name),
  );
  const inPlace = /^(failures|quarantine)\/|^runs\.csv$|\.csv$/;
  const lost = [...before.keys()].filter((name) => /^runs\//.test(name) && !content.has(name));
  if (lost.length > 0) faults.push(`${lost[0]} is lost`);
  for (const [name] of torn) if (!inPlace.test(name)) faults.push(`${name} is neither as before nor as it should be`);
  if (existsSync(join(results, 'manifest.json'))) {
    const found = verifyFolder(results, false).findings.filter(({ kind: what }) => what !== 'lost');
    if (found.length > 0) faults.push(`${found[0].path} ${found[0].reason}`);
  }
  return faults;
}

/** What is wrong with what the same command makes of it afterwards. */
function faultsOfNext(root: string, status: number | null, said: string, whole: Reference): string[] {
  if (status !== 0) return [`the next call ends with ${status}: ${said.slice(0, 300)}`];
  const content = contentOf(join(root, 'results'));
  const other = differing(content, whole.content);
  const left = [...content.keys()].filter(isUnfinished);
  return [
    ...(other.length > 0 ? [`after the next call ${other.slice(0, 3).join(', ')} are otherwise`] : []),
    ...(left.length > 0 ? [`${left[0]} is left over`] : []),
  ];
}

/** At most so many folders at once. */
const BATCH = 40;

/** @param every look at every such operation, from the first on; 1: at all */
export async function inject(
  library: string,
  base: string,
  { name, before, args }: Subject,
  kind: FaultKind,
  every = 1,
): Promise<Injected> {
  const copy = (what: string) => {
    const root = join(base, what);
    cpSync(before, root, { recursive: true });
    return root;
  };
  const plain = copy('whole');
  const [{ status, stdout, stderr, points }] = await outcomesOf(library, [{ folder: plain, args, kind, at: 0 }]);
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  const whole = { content: contentOf(join(plain, 'results')), stdout: stdout };
  const contentBefore = contentOf(join(before, 'results'));
  const places = Array.from({ length: points }, (_, i) => i + 1).filter((at) => (at - 1) % every === 0);
  const faults: string[] = [];
  for (let from = 0; from < places.length; from += BATCH) {
    const some = places.slice(from, from + BATCH);
    const cases = some.map((at): Faulty => ({ folder: copy(String(at)), args, kind, at }));
    const ended: Ended[] = [];
    // Whoever is killed takes the process with it.
    if (kind === 'kill') for (const one of cases) ended.push((await batch(library, [one]))[0] ?? GONE);
    else ended.push(...(await outcomesOf(library, cases)));
    const found = cases.map(({ folder }, i) => faultsAfter(folder, kind, ended[i], contentBefore, whole));
    const next = eigenflowMany(cases.map(({ folder }) => ({ folder, args })));
    for (const [i, { folder, at }] of cases.entries()) {
      const { status: last, stdout: out, stderr: said } = next[i];
      const all = [...found[i], ...faultsOfNext(folder, last, said + out, whole)];
      faults.push(...all.map((fault) => `${name}, ${kind} at ${at} (${ended[i].which}): ${fault}`));
      rmSync(folder, { recursive: true });
    }
  }
  rmSync(plain, { recursive: true });
  return { name, kind, points, tried: places.length, faults };
}
