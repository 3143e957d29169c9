// Random numbers for analyses: resampling and Monte Carlo tables. Drawn from the project's own streams, so that an
// error bar has the same bits on every machine.
import { openWorkspace, type Workspace } from '../kernels/arena.js';
import { createStream } from '../random/stream.js';

/** A sequence. Unlike the streams of a run it is used up: not for the dynamics. */
export interface RandomSource {
  /** Uniform on (0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Uniform integer 0 .. bound - 1, probabilities 1/bound within 2^-52. */
  below(bound: number): number;
}

const BLOCK = 1024;
const BYTES = 2 ** 19;

/** One small WebAssembly memory for all analyses of a thread: each reserves gigabytes of address space. */
let shared: { readonly workspace: Workspace; readonly block: Float64Array } | undefined;

function sharedBlock() {
  if (!shared) {
    const workspace = openWorkspace(BYTES);
    shared = { workspace, block: workspace.arena.vector(BLOCK) };
  }
  return shared;
}

/**
 * @param seed a non-negative safe integer
 * @param name what the numbers are for: sources of other names are independent
 */
export function createRandomSource(seed: number, name: string): RandomSource {
  const { workspace, block } = sharedBlock();
  const sequence = (kind: 'uniforms' | 'normals') => {
    const stream = createStream(workspace.kernels, seed, ['analysis', name, kind]);
    const held = new Float64Array(BLOCK);
    let next = BLOCK;
    let counter = 0;
    return () => {
      if (next === BLOCK) {
        stream[kind](counter, block);
        held.set(block);
        counter += 1;
        next = 0;
      }
      return held[next++];
    };
  };
  const uniform = sequence('uniforms');
  const normal = sequence('normals');
  return { uniform, normal, below: (bound) => Math.floor(uniform() * bound) };
}
