/**
 * Section 2, only with --peers: the published step in Python, each package installed into a venv made on the spot. The
 * venv stays in the folder for temporary files, so that the next run need not download again.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clock } from './measure.js';
import { checksum, createProblem } from './problem.js';
import { kernelStepper } from './steps.js';

export interface Peer {
  readonly name: string;
  /** Null when it was skipped; then `note` says why. */
  readonly nanoseconds: number | null;
  /** Time of the peer over the time of our kernels, measured right after it. */
  readonly ratioToKernels: number | null;
  readonly note: string;
}

const PEERS: { name: string; packages: string[]; variants: string[] }[] = [
  { name: 'numpy', packages: ['numpy'], variants: ['numpy'] },
  { name: 'numba', packages: ['numpy', 'numba'], variants: ['numba'] },
  { name: 'JAX', packages: ['numpy', 'jax'], variants: ['jax-jit', 'jax-scan'] },
  // Its wheels bring gigabytes of GPU libraries on some systems: the last, so that the others are measured by then.
  { name: 'PyTorch', packages: ['torch'], variants: ['torch'] },
];

const RATE = 1e-3;
const CHECK_STEPS = 3000;
/** Milliseconds. */
const INSTALL_TIMEOUT = 600_000;

const folder = join(tmpdir(), 'eigenflow-bench-peers');
const venv = join(folder, 'venv');

/** The interpreter with the packages of the peers; there once they have been measured. */
export const peerPython = () => join(venv, 'bin', 'python');

export function measurePeers(): Peer[] {
  const python = peerPython();
  mkdirSync(folder, { recursive: true });
  const problem = createProblem();
  const data = join(folder, 'data.bin');
  writeFileSync(data, problem.bytes());
  const stepper = kernelStepper(problem);
  stepper(CHECK_STEPS, RATE);
  const ours = checksum(problem.weights);
  const skip = (name: string, note: string): Peer => ({ name, nanoseconds: null, ratioToKernels: null, note });
  const firstLine = (error: unknown) => {
    const { stderr, message } = error as { stderr?: string; message: string };
    const lines = (stderr || message).trim().split('\n');
    return lines[lines.length - 1].slice(0, 160);
  };
  try {
    if (!existsSync(python)) execFileSync('python3', ['-m', 'venv', venv], { stdio: 'pipe', encoding: 'utf8' });
  } catch (error) {
    return PEERS.map(({ name }) => skip(name, `skipped, no Python venv: ${firstLine(error)}`));
  }
  const script = fileURLToPath(new URL('./peers/step.py', import.meta.url));
  return PEERS.flatMap(({ name, packages, variants }) => {
    try {
      const options = ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', ...packages];
      execFileSync(python, options, { stdio: 'pipe', encoding: 'utf8', timeout: INSTALL_TIMEOUT });
    } catch (error) {
      return [skip(name, `skipped, cannot be installed: ${firstLine(error)}`)];
    }
    return variants.map((variant): Peer => {
      try {
        const run = execFileSync(python, [script, variant, data, String(CHECK_STEPS), String(RATE)], {
          stdio: 'pipe',
          encoding: 'utf8',
          timeout: 600_000,
        });
        const result = JSON.parse(run) as { version: string; nanoseconds: number; sum: number; squares: number };
        const difference = Math.max(Math.abs(result.sum / ours[0] - 1), Math.abs(result.squares / ours[1] - 1));
        if (!(difference < 1e-6)) return skip(variant, `skipped, its weights differ by ${difference}`);
        problem.reset();
        const own = clock(100_000, (steps) => stepper(steps, RATE));
        const { nanoseconds, version } = result;
        return { name: variant, nanoseconds, ratioToKernels: nanoseconds / own, note: version };
      } catch (error) {
        return skip(variant, `skipped, does not run: ${firstLine(error)}`);
      }
    });
  });
}
