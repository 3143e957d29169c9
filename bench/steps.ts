/** The published step in four forms with the same arithmetic: kernels, kernels played from a tape, plain JavaScript, C. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { activationCode } from '../core/kernels/kernels.js';
import { createTape, type Tape } from '../core/kernels/tape.js';
import { type Problem, SAMPLES } from './problem.js';

/** Runs `steps` steps from the first batch on, without resetting the weights. */
export type Stepper = (steps: number, rate: number) => void;

export function kernelStepper({ kernels: k, arena, rows, cols, batch, ...data }: Problem): Stepper {
  const { weights, readout, inputs, targets } = data;
  const { vector } = arena;
  const index = arena.indices(batch);
  const [target, sampleWeights, out, slope] = [vector(batch), vector(batch), vector(batch), vector(batch)];
  const [z, hidden, upstream] = [vector(batch * rows), vector(batch * rows), vector(batch * rows)];
  const scratch = vector(rows * cols);
  const loss = vector(1);
  sampleWeights.fill(1 / batch);
  return (steps, rate) => {
    let first = 0;
    for (let step = 0; step < steps; step++) {
      for (let s = 0; s < batch; s++) {
        index[s] = first + s;
        target[s] = targets[first + s];
      }
      k.dense(weights, rows, cols, inputs, index, batch, z);
      k.activate(activationCode.tanh, z, batch * rows, hidden);
      k.dense(readout, 1, rows, hidden, null, batch, out);
      k.halfMeanSquare(out, target, sampleWeights, batch, 1, slope, loss);
      k.denseTransposed(readout, 1, rows, slope, batch, upstream);
      k.activationGradient(activationCode.tanh, z, hidden, batch * rows, upstream, upstream);
      k.outerDescend(upstream, rows, inputs, cols, index, batch, weights, rate, scratch);
      first = first + batch === SAMPLES ? 0 : first + batch;
    }
  };
}

/** The same calls captured once and played, an epoch at most at a time: how the engine makes them. */
export function tapeStepper({ kernels: k, arena, rows, cols, batch, ...data }: Problem): Stepper {
  const { weights, readout, inputs, targets } = data;
  const { vector } = arena;
  const order = arena.indices(SAMPLES);
  for (let s = 0; s < SAMPLES; s++) order[s] = s;
  const index = order.subarray(0, batch);
  const [target, sampleWeights, out, slope] = [vector(batch), vector(batch), vector(batch), vector(batch)];
  const [z, hidden, upstream] = [vector(batch * rows), vector(batch * rows), vector(batch * rows)];
  const scratch = vector(rows * cols);
  const [loss, sum] = [vector(1), vector(1)];
  sampleWeights.fill(1 / batch);
  const record = (rate: number) =>
    k.record(() => {
      k.gather(targets, 1, index, batch, target);
      k.dense(weights, rows, cols, inputs, index, batch, z);
      k.activate(activationCode.tanh, z, batch * rows, hidden);
      k.dense(readout, 1, rows, hidden, null, batch, out);
      k.halfMeanSquare(out, target, sampleWeights, batch, 1, slope, loss);
      k.denseTransposed(readout, 1, rows, slope, batch, upstream);
      k.activationGradient(activationCode.tanh, z, hidden, batch * rows, upstream, upstream);
      k.outerDescend(upstream, rows, inputs, cols, index, batch, weights, rate, scratch);
    });
  const tapes = new Map<number, Tape | undefined>();
  return (steps, rate) => {
    if (!tapes.has(rate)) tapes.set(rate, createTape(k, arena, record(rate), [{ first: index, stride: 4 * batch }]));
    for (let left = steps; left > 0; left -= SAMPLES / batch) {
      tapes.get(rate)?.play(Math.min(left, SAMPLES / batch), loss, Number.POSITIVE_INFINITY, sum);
    }
  };
}

/** What one would write without kernels: loops over typed arrays, the hidden layer kept for the backward pass. */
export function plainStepper({ rows, cols, batch, weights, readout, inputs, targets }: Problem): Stepper {
  const hidden = new Float64Array(batch * rows);
  const upstream = new Float64Array(batch * rows);
  const gradient = new Float64Array(rows * cols);
  const loss = new Float64Array(1);
  return (steps, rate) => {
    let first = 0;
    for (let step = 0; step < steps; step++) {
      loss[0] = 0;
      for (let s = 0; s < batch; s++) {
        const x = (first + s) * cols;
        let out = 0;
        for (let k = 0; k < rows; k++) {
          let z = 0;
          for (let l = 0; l < cols; l++) z += weights[k * cols + l] * inputs[x + l];
          const h = Math.tanh(z);
          hidden[s * rows + k] = h;
          out += readout[k] * h;
        }
        const error = out - targets[first + s];
        loss[0] += (0.5 * error * error) / batch;
        for (let k = 0; k < rows; k++) {
          const h = hidden[s * rows + k];
          upstream[s * rows + k] = (error / batch) * readout[k] * (1 - h * h);
        }
      }
      for (let k = 0; k < rows; k++) {
        for (let l = 0; l < cols; l++) {
          let g = 0;
          for (let s = 0; s < batch; s++) g += upstream[s * rows + k] * inputs[(first + s) * cols + l];
          gradient[k * cols + l] = g;
        }
      }
      for (let i = 0; i < rows * cols; i++) weights[i] -= rate * gradient[i];
      first = first + batch === SAMPLES ? 0 : first + batch;
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
export function compileC(problem: Problem, further: readonly string[] = []): Program | string {
  const folder = mkdtempSync(join(tmpdir(), 'eigenflow-bench-'));
  const data = join(folder, 'data.bin');
  const program = join(folder, 'step');
  const flags = ['-O3', '-march=native', '-ffast-math', ...further];
  const { rows, cols, batch } = problem;
  const sizes = [`-DROWS=${rows}`, `-DCOLS=${cols}`, `-DBATCH=${batch}`, `-DSAMPLES=${SAMPLES}`];
  try {
    const version = execFileSync('gcc', ['--version'], { encoding: 'utf8' }).split('\n')[0];
    const source = fileURLToPath(new URL('./c/step.c', import.meta.url));
    // libmvec holds the vector tanh of glibc; other systems do without.
    try {
      execFileSync('gcc', [...flags, ...sizes, '-o', program, source, '-lmvec', '-lm'], { stdio: 'pipe' });
    } catch {
      execFileSync('gcc', [...flags, ...sizes, '-o', program, source, '-lm'], { stdio: 'pipe' });
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
