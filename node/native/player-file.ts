// The file of the native player: where it lies, how it is compiled, and that it is taken only where it belongs. It
// is named by all that it depends on, the compiler apart, which a compute node may not have: sources, flags,
// operating system, architecture and what the processor can do.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { cpus, homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { sweepOnce, temporaryName } from '../files/temporary-name.js';
import { packageFile } from '../scenario/load-module.js';

const SOURCE = 'player.c';
/**
 * No contraction: a product and a sum are two roundings. Never fast-math, not even when linking: it would switch off
 * subnormal numbers in the whole process.
 */
const FLAGS = [
  ...['-std=gnu11', '-O3', '-ffp-contract=off', '-fno-math-errno', '-fwrapv', '-fno-strict-aliasing'],
  ...['-fvisibility=hidden', '-fPIC', '-shared', '-w'],
];
const PLATFORM_FLAGS: Readonly<Record<string, readonly string[]>> = {
  darwin: ['-undefined', 'dynamic_lookup'],
};
const ARCHITECTURE_FLAGS: Readonly<Record<string, readonly string[]>> = { x64: ['-march=native'], arm64: [] };

export const flagsOfPlayer = (): readonly string[] => [
  ...FLAGS,
  ...(ARCHITECTURE_FLAGS[process.arch] ?? []),
  ...(PLATFORM_FLAGS[process.platform] ?? []),
];

/** Why there can be no player here, whatever is installed; undefined where there can. */
export function whyNever(): string | undefined {
  if (process.platform === 'win32') return 'there is none for Windows';
  if (ARCHITECTURE_FLAGS[process.arch] === undefined) return `there is none for processors of the kind ${process.arch}`;
  return undefined;
}

/** What the processor can do, in its own words. */
function processor(): string {
  try {
    return /^(flags|Features)\s*:.*$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[0] ?? '';
  } catch {
    return cpus()[0]?.model ?? '';
  }
}

const sourceFolder = (): string => packageFile('native');

let known: string | undefined;

/** Names of files for this machine begin with this. */
function prefix(): string {
  if (known !== undefined) return known;
  const hash = createHash('sha256');
  for (const name of readdirSync(sourceFolder()).sort()) {
    if (/\.[ch]$/.test(name)) hash.update(name).update(readFileSync(join(sourceFolder(), name)));
  }
  hash.update([...flagsOfPlayer(), process.platform, process.arch, processor()].join('\n'));
  known = `player-${hash.digest('hex').slice(0, 16)}-`;
  return known;
}

/** Where the player lies that this version of a compiler makes for this machine. */
export const playerPath = (version: string): string => join(playerFolder(), `${prefix()}${version}.node`);

/** Where players lie: of all versions, compilers and machines that share this home. */
export function playerFolder(): string {
  const { XDG_CACHE_HOME } = process.env;
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'eigenflow');
}

function playersIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^player-[0-9a-f]+-.+\.node$/.test(name));
  } catch {
    return [];
  }
}

/** Code that is loaded must be this user's or the system's, and nobody else may write to it. */
function isTrusted(path: string): boolean {
  const file = lstatSync(path);
  return file.isFile() && (file.mode & 0o022) === 0 && (file.uid === process.getuid?.() || file.uid === 0);
}

/** Players that were built for this machine and these sources, by path. */
export function builtPlayers(): string[] {
  const folder = playerFolder();
  return playersIn(folder)
    .filter((name) => name.startsWith(prefix()))
    .map((name) => join(folder, name))
    .filter(isTrusted)
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
}

/** What compiles: `CC`, or `cc`. */
export const compilerOfPlayer = (): string[] => (process.env.CC?.trim() || 'cc').split(/\s+/);

/** Name and version of the compiler, as in `gcc-12.2.0`. @throws where it cannot be called */
export function compilerVersion([program, ...words]: readonly string[]): string {
  const text = execFileSync(program, [...words, '--version'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = text.split('\n');
  const name = /clang/i.test(line) ? 'clang' : 'gcc';
  return `${name}-${/\d+(\.\d+)+/.exec(line)?.[0] ?? 'unknown'}`;
}

/** Compiled aside and renamed into place: whole or not at all, with many jobs starting at once. */
export function compilePlayer(to: string, flags = flagsOfPlayer(), compiler = compilerOfPlayer()): void {
  const [program, ...words] = compiler;
  sweepOnce(dirname(to));
  const aside = temporaryName(to);
  try {
    execFileSync(program, [...words, ...flags, '-o', aside, join(sourceFolder(), SOURCE)], {
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    renameSync(aside, to);
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Removes every player, those of other machines and versions too. @returns how many there were */
export function removePlayers(): number {
  const names = playersIn(playerFolder());
  for (const name of names) rmSync(join(playerFolder(), name), { force: true });
  return names.length;
}

/** The compiler of a built player, from its name: `gcc 12.2.0`. */
export function compilerIn(path: string): string {
  return (/player-[0-9a-f]+-(.+)\.node$/.exec(path)?.[1] ?? 'unknown').replace('-', ' ');
}
