// Capability of a model: it is a committee, one hidden layer with one output, that learns the outputs of another committee
// on endless standard normal inputs. Few numbers then say all about it, in the limit of many inputs.
import type { ActivationName } from '../kernels/kernels.js';
import type { Block } from './block.js';
import type { Vector } from './vector.js';

/** A layer of the student: where its weights stand, and the factor that they are multiplied by. */
export interface CommitteeLayer {
  /** Where they stand among the trained weights; absent where they are not trained. */
  readonly block?: Block;
  /** Where they are not trained: row-major, as many as the layer has. Absent where they are. */
  readonly weights?: Vector;
  /** Factor of the weights in what the layer computes, 1 for a plain matrix. */
  readonly scale: number;
}

/**
 * With inputs x ~ N(0, 1), independent, no sample twice, and f the activation:
 *
 *     student  sum_i (readOut.scale v_i) f(firstLayer.scale w_i . x)
 *     targets  sum_m teacherReadOut_m f(teacher_m . x) + labelNoise x N(0, 1)
 *
 * Plain descent on the blocks is meant, without `Model.learningRateFactors`.
 */
export interface Committee {
  /** N, numbers in x. */
  readonly inputs: number;
  /** K, units of the student. */
  readonly students: number;
  /** M, units of the teacher. */
  readonly teachers: number;
  readonly activation: ActivationName;
  /** K x N */
  readonly firstLayer: CommitteeLayer;
  /** 1 x K */
  readonly readOut: CommitteeLayer;
  /** M x N, all factors included. */
  readonly teacher: Vector;
  /** M numbers, all factors included. */
  readonly teacherReadOut: Vector;
  /** Standard deviation of the noise on each training target. */
  readonly labelNoise: number;
}
