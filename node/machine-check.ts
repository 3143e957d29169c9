// Checks a machine, and a folder on it, for what eigenflow needs: kernels, SIMD, Node, space, and a file system on which
// files can be created exclusively, synced and renamed.
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../core/errors.js';
import { openMemory } from '../core/kernels/arena.js';
import { kernelBuild } from '../core/kernels/create-kernels.js';
import { createStream } from '../core/random/stream.js';
import { sweepTemporary, temporaryName } from './files/temporary-name.js';
import { choosePlayer, inWords } from './native/choose-player.js';
import { foreignLibraries, subnormalNumbersWork } from './native/subnormal.js';

export interface Check {
  readonly name: string;
  /** 'note' where eigenflow works without it. */
  readonly verdict: 'good' | 'bad' | 'note';
  readonly text: string;
}

const OLDEST_NODE = [20, 19];
const FEW_BYTES = 2 ** 30;
const SYNCS = 20;

const good = (name: string, text: string): Check => ({ name, verdict: 'good', text });
const bad = (name: string, text: string): Check => ({ name, verdict: 'bad', text });
const note = (name: string, text: string): Check => ({ name, verdict: 'note', text });

/** One function whose body is `instructions`. */
function moduleWith(instructions: readonly number[]): Uint8Array<ArrayBuffer> {
  const body = [0, ...instructions, 0x1a, 0x0b];
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  return Uint8Array.from([...header, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, body.length + 2, 1, body.length, ...body]);
}

/** `v128.const 0`. */
const ZERO = [0xfd, 0x0c, ...new Array<number>(16).fill(0)];
const SIMD = moduleWith(ZERO);
/** `f64x2.relaxed_madd` of three zeros. */
const RELAXED = moduleWith([...ZERO, ...ZERO, ...ZERO, 0xfd, 0x87, 0x02]);

function checkNode(): Check {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  const text = `${process.version}, ${availableParallelism()} cores, ${(totalmem() / 2 ** 30).toFixed(1)} GiB of memory`;
  return isOld ? bad('Node', `${text}; ${OLDEST_NODE.join('.')} or later is needed`) : good('Node', text);
}

/** Normal variates of a stream, whose bits are the same on every machine. */
const EXPECTED = [1.439642066868105, -0.7959230005914524, -2.120760754357648, -0.21336274937656902];

function checkKernels(): Check {
  try {
    const out = openMemory('strict').withRoom(({ arena, kernels }) => {
      const numbers = arena.vector(EXPECTED.length);
      createStream(kernels, 1, ['doctor']).normals(0, numbers);
      return numbers;
    });
    const { hash } = kernelBuild('strict');
    return EXPECTED.every((value, i) => Object.is(value, out[i]))
      ? good('kernels', `strict build ${hash}: the bits of other machines`)
      : bad('kernels', `strict build ${hash} gives ${[...out].join(', ')} and not the bits of other machines`);
  } catch (error) {
    return bad('kernels', messageOf(error));
  }
}

function checkSimd(): Check[] {
  const relaxed = WebAssembly.validate(RELAXED);
  return [
    WebAssembly.validate(SIMD) ? good('SIMD', 'fixed width') : bad('SIMD', 'missing: the kernels cannot be loaded'),
    note('relaxed SIMD', relaxed ? 'there (--kernels relaxed)' : 'not in this Node; --kernels relaxed is refused'),
  ];
}

/** WebAssembly has the same bits: where there is no native player, nothing is bad. */
function checkPlayer(): Check {
  const chosen = choosePlayer('auto');
  return chosen.path === undefined ? note('player', inWords(chosen)) : good('player', chosen.name);
}

/** After a native player was loaded, if there is one: it is a library of this process as well. */
function checkSubnormalNumbers(): Check {
  if (subnormalNumbersWork()) return good('subnormals', 'numbers below 2.2e-308 are computed with');
  const suspects = [process.env.LD_PRELOAD, ...foreignLibraries()].filter((path) => path);
  return bad(
    'subnormals',
    'numbers below 2.2e-308 become 0, so that results are not those of other machines. A library that was linked with ' +
      `-ffast-math has done this to the whole process; it is among: ${suspects.join(', ') || 'those of the system'}`,
  );
}

function checkSpace(folder: string): Check {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const text = `${(free / 2 ** 30).toFixed(1)} GiB free`;
  return free < FEW_BYTES ? bad('disk', `${text}: little`) : good('disk', text);
}

const DOCTOR = 'eigenflow-doctor';

/** Writes, syncs and renames as storing a run does; creates exclusively as claiming one does; compares the clocks. */
function checkFolder(folder: string): Check[] {
  sweepTemporary(folder, (name) => name === DOCTOR);
  const place = temporaryName(join(folder, DOCTOR));
  mkdirSync(place);
  try {
    const started = performance.now();
    for (let i = 0; i < SYNCS; i++) {
      const file = openSync(join(place, 'a'), 'w');
      writeFileSync(file, 'x'.repeat(4096));
      fsyncSync(file);
      closeSync(file);
      renameSync(join(place, 'a'), join(place, 'b'));
    }
    const each = (performance.now() - started) / SYNCS;
    const skew = (statSync(join(place, 'b')).mtimeMs - Date.now()) / 1000;
    let exclusive = false;
    try {
      writeFileSync(join(place, 'b'), '', { flag: 'wx' });
    } catch (error) {
      exclusive = (error as NodeJS.ErrnoException).code === 'EEXIST';
    }
    return [
      good('storing', `write, sync and rename take ${each.toFixed(1)} ms`),
      exclusive
        ? good('claims', 'files are created exclusively')
        : bad('claims', 'an existing file was created again: run one process only on this file system'),
      Math.abs(skew) < 60
        ? good('clock', `agrees with that of the file system to ${Math.abs(skew).toFixed(0)} s`)
        : note('clock', `differs from that of the file system by ${skew.toFixed(0)} s; claims do not depend on it`),
    ];
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function checkSlurm(): Check {
  try {
    const version = execFileSync('sbatch', ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return good('Slurm', version.trim());
  } catch {
    return note('Slurm', 'no sbatch on PATH; runs are computed on this machine');
  }
}

/** @param folder where results shall lie */
export function checkMachine(folder: string): Check[] {
  const onDisk = (check: () => Check | Check[], name: string) => {
    try {
      return check();
    } catch (error) {
      return bad(name, messageOf(error));
    }
  };
  return [
    checkNode(),
    ...checkSimd(),
    checkKernels(),
    checkPlayer(),
    checkSubnormalNumbers(),
    onDisk(() => checkSpace(folder), 'disk'),
    onDisk(() => checkFolder(folder), 'storing'),
    checkSlurm(),
  ].flat();
}
