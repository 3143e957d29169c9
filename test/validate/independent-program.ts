// The program in C that shares nothing with eigenflow: compiled on the spot, run in as many processes as there are cores.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/**
 * @param setting width, learning rate, epochs
 * @param measured epochs over which the Lyapunov exponent is measured; none by default
 * @returns the numbers that it prints for each seed
 */
export type Compute = (
  setting: readonly [number, number, number],
  seeds: number,
  measured?: number,
) => Promise<readonly (readonly number[])[]>;

/** One task after the other on each of some lanes. */
function createLanes(count: number) {
  const free = Array.from({ length: count }, () => Promise.resolve());
  let next = 0;
  return <T>(task: () => Promise<T>): Promise<T> => {
    const lane = next++ % count;
    const result = free[lane].then(task);
    free[lane] = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  };
}

/** @throws Error when gcc is missing or refuses */
export async function withIndependentProgram<T>(work: (compute: Compute) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'eigenflow-independent-'));
  const program = join(folder, 'program');
  const source = fileURLToPath(new URL('./c/published-protocol.c', import.meta.url));
  const parts = availableParallelism();
  const queue = createLanes(parts);
  try {
    execFileSync('gcc', ['-O3', '-march=native', '-ffast-math', '-o', program, source, '-lm']);
    return await work(async (setting, seeds, measured) => {
      const each = Math.ceil(seeds / parts);
      const outputs = Array.from({ length: parts }, (_, i) => {
        const range = [i * each, Math.min(each, seeds - i * each)];
        const numbers = [...setting, ...range, ...(measured === undefined ? [] : [measured])];
        return queue(() => promisify(execFile)(program, numbers.map(String)));
      });
      const lines = (await Promise.all(outputs)).flatMap(({ stdout }) => stdout.trim().split('\n'));
      return lines.map((line) => line.split(' ').map(Number));
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
