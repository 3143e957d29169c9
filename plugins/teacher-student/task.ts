// The task before any training: the teacher, the student's first weights, inputs and labels. Whether they were drawn
// or read from a file is forgotten beyond this interface.
import type { Vector } from 'eigenflow';
import type { MatrixShape } from './architecture.js';

/** Writes what belongs to one sample at `out[position ..]`; the same number always gives the same sample. */
export type WriteSample = (sample: number, out: Vector, position: number) => void;

/** Inputs that are never trained on. */
export interface TestInputs {
  readonly samples: number;
  readonly input: WriteSample;
  /** Puts the target of a sample in place of the teacher's outputs; absent where these are the targets. */
  readonly target?: WriteSample;
  /** As `HeldOut.leavesOut`. */
  readonly leavesOut?: string;
}

export interface Task {
  /** From the inputs to the read-out. */
  readonly matrices: readonly MatrixShape[];
  /** The teacher's entries of each matrix (rows x cols, in the arena); the student shares those not trained. */
  readonly teacher: readonly Vector[];
  /** Writes the student's first entries of matrix number `layer` (rows x cols). */
  initialise(layer: number, out: Vector): void;
  /** Size of the training set; Infinity for one-pass data. */
  readonly samples: number;
  /** Inputs of a sample. */
  readonly input: WriteSample;
  readonly test: TestInputs | { /** Why there are none, and what would give some. */ readonly missing: string };
  /** Turns the teacher's outputs, found in place, into the training target of a sample. */
  readonly label: WriteSample;
}
