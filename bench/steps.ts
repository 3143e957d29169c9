/** The published step in four forms with the same arithmetic: kernels, kernels played from a tape, plain JavaScript, C. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { activationCode } from '../core/kernels/kernels.js';
import { createTape, type Tape } from '../core/kernels/tape.js';
import { BATCH, COLS, type Problem, ROWS, SAMPLES } from './problem.js';

/** Runs `steps` steps from the first batch on, without resetting the weights. */
export type Stepper = (steps: number, rate: number) => void;

export function kernelStepper({ kernels: k, arena, weights, readout, inputs, targets }: Problem): Stepper {
  const { vector } = arena;
  const index = arena.indices(BATCH);
  const [target, sampleWeights, out, slope] = [vector(BATCH), vector(BATCH), vector(BATCH), vector(BATCH)];
  const [z, hidden, upstream] = [vector(BATCH * ROWS), vector(BATCH * ROWS), vector(BATCH * ROWS)];
  const scratch = vector(ROWS * COLS);
  const loss = vector(1);
  sampleWeights.fill(1 / BATCH);
  return (steps, rate) => {
    let first = 0;
    for (let step = 0; step < steps; step++) {
      for (let s = 0; s < BATCH; s++) {
        index[s] = first + s;
        target[s] = targets[first + s];
      }
      k.dense(weights, ROWS, COLS, inputs, index, BATCH, z);
      k.activate(activationCode.tanh, z, BATCH * ROWS, hidden);
      k.dense(readout, 1, ROWS, hidden, null, BATCH, out);
      k.halfMeanSquare(out, target, sampleWeights, BATCH, 1, slope, loss);
      k.denseTransposed(readout, 1, ROWS, slope, BATCH, upstream);
      k.activationGradient(activationCode.tanh, z, hidden, BATCH * ROWS, upstream, upstream);
      k.outerDescend(upstream, ROWS, inputs, COLS, index, BATCH, weights, rate, scratch);
      first = first + BATCH === SAMPLES ? 0 : first + BATCH;
    }
  };
}

/** The same calls captured once and played, an epoch at most at a time: how the engine makes them. */
export function tapeStepper({ kernels: k, arena, weights, readout, inputs, targets }: Problem): Stepper {
  const { vector } = arena;
  const order = arena.indices(SAMPLES);
  for (let s = 0; s < SAMPLES; s++) order[s] = s;
  const index = order.subarray(0, BATCH);
  const [target, sampleWeights, out, slope] = [vector(BATCH), vector(BATCH), vector(BATCH), vector(BATCH)];
  const [z, hidden, upstream] = [vector(BATCH * ROWS), vector(BATCH * ROWS), vector(BATCH * ROWS)];
  const scratch = vector(ROWS * COLS);
  const [loss, sum] = [vector(1), vector(1)];
  sampleWeights.fill(1 / BATCH);
  const record = (rate: number) =>
    k.record(() => {
      k.gather(targets, 1, index, BATCH, target);
      k.dense(weights, ROWS, COLS, inputs, index, BATCH, z);
      k.activate(activationCode.tanh, z, BATCH * ROWS, hidden);
      k.dense(readout, 1, ROWS, hidden, null, BATCH, out);
      k.halfMeanSquare(out, target, sampleWeights, BATCH, 1, slope, loss);
      k.denseTransposed(readout, 1, ROWS, slope, BATCH, upstream);
      k.activationGradient(activationCode.tanh, z, hidden, BATCH * ROWS, upstream, upstream);
      k.outerDescend(upstream, ROWS, inputs, COLS, index, BATCH, weights, rate, scratch);
    });
  const tapes = new Map<number, Tape | undefined>();
  return (steps, rate) => {
    if (!tapes.has(rate)) tapes.set(rate, createTape(k, arena, record(rate), [{ first: index, stride: 4 * BATCH }]));
    for (let left = steps; left > 0; left -= SAMPLES / BATCH) {
      tapes.get(rate)?.play(Math.min(left, SAMPLES / BATCH), loss, Number.POSITIVE_INFINITY, sum);
    }
  };
}

/** What one would write without kernels: loops over typed arrays, the hidden layer kept for the backward pass. */
export function plainStepper({ weights, readout, inputs, targets }: Problem): Stepper {
  const hidden = new Float64Array(BATCH * ROWS);
  const upstream = new Float64Array(BATCH * ROWS);
  const gradient = new Float64Array(ROWS * COLS);
  const loss = new Float64Array(1);
  return (steps, rate) => {
    let first = 0;
    for (let step = 0; step < steps; step++) {
      loss[0] = 0;
      for (let s = 0; s < BATCH; s++) {
        const x = (first + s) * COLS;
        let out = 0;
        for (let k = 0; k < ROWS; k++) {
          let z = 0;
          for (let l = 0; l < COLS; l++) z += weights[k * COLS + l] * inputs[x + l];
          const h = Math.tanh(z);
          hidden[s * ROWS + k] = h;
          out += readout[k] * h;
        }
        const error = out - targets[first + s];
        loss[0] += (0.5 * error * error) / BATCH;
        for (let k = 0; k < ROWS; k++) {
          const h = hidden[s * ROWS + k];
          upstream[s * ROWS + k] = (error / BATCH) * readout[k] * (1 - h * h);
        }
      }
      for (let k = 0; k < ROWS; k++) {
        for (let l = 0; l < COLS; l++) {
          let g = 0;
          for (let s = 0; s < BATCH; s++) g += upstream[s * ROWS + k] * inputs[(first + s) * COLS + l];
          gradient[k * COLS + l] = g;
        }
      }
      for (let i = 0; i < ROWS * COLS; i++) weights[i] -= rate * gradient[i];
      first = first + BATCH === SAMPLES ? 0 : first + BATCH;
    }
  };
}

export interface Program {
  /** What gcc calls itself, and the flags. */
  readonly compiler: string;
  run(steps: number, rate: number): { nanoseconds: number; sum: number; squares: number };
  remove(): void;
}

/** Compiles c/step.c into a temporary folder; a reason in words when there is no gcc. */
export function compileC(problem: Problem): Program | string {
  const folder = mkdtempSync(join(tmpdir(), 'eigenflow-bench-'));
  const data = join(folder, 'data.bin');
  const program = join(folder, 'step');
  const flags = ['-O3', '-march=native', '-ffast-math'];
  try {
    const version = execFileSync('gcc', ['--version'], { encoding: 'utf8' }).split('\n')[0];
    const source = fileURLToPath(new URL('./c/step.c', import.meta.url));
    // libmvec holds the vector tanh of glibc; other systems do without.
    try {
      execFileSync('gcc', [...flags, '-o', program, source, '-lmvec', '-lm'], { stdio: 'pipe' });
    } catch {
      execFileSync('gcc', [...flags, '-o', program, source, '-lm'], { stdio: 'pipe' });
    }
    problem.reset();
    writeFileSync(data, problem.bytes());
    return {
      compiler: `${version}, ${flags.join(' ')}`,
      run(steps, rate) {
        const text = execFileSync(program, [data, String(steps), String(rate)], { encoding: 'utf8' });
        const [nanoseconds, sum, squares] = text.trim().split(' ').map(Number);
        return { nanoseconds, sum, squares };
      },
      remove: () => rmSync(folder, { recursive: true, force: true }),
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    return `gcc cannot compile bench/c/step.c: ${(error as Error).message.split('\n')[0]}`;
  }
}
