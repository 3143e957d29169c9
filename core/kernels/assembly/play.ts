/**
 * Plays a tape of kernel calls: what a step calls from JavaScript, called from here. Saves the way in and out of the
 * module for each of them, which takes a small step as long as a tenth of its arithmetic.
 *
 * A call takes 16 places of 8 bytes: its number in the list of ../tape.ts, then its arguments, each an integer in the
 * lower half of a place or a double. Arguments that change from step to step are given by three integers each: a patch by
 * the address of the argument, its value at the first step, and what is added to it from step to step; a read by the
 * address of the argument, that of its value at the first step, and the bytes from there to that of the next one.
 */
import { activate, activationGradient } from './activations';
import { adamOfFourSamples, adamStep, adamwOfFourSamples } from './adam';
import { denseTransposed, outer, outerDescend } from './backward';
import { crossEntropy } from './cross-entropy';
import { dense } from './dense';
import { halfMeanSquare } from './loss';
import { ascend, clipNorm, normalise } from './norms';
import { momentumStep, nesterovStep, sgdStep } from './optimisers';
import { outputLoss } from './output-loss';
import { adagradOfFourSamples, adagradStep, rmspropOfFourSamples, rmspropStep } from './rmsprop';
import { signStep } from './sign-step';
import { addRow, axpy, copy, dotInto, gather, scale } from './vector';

const CALL: usize = 128;
/** Number of an `outer` of four samples whose gradient goes into the update that follows, and nowhere else. */
const OUTER_FOR_NEXT: i32 = 25;

// @ts-ignore: decorator
@inline
function int(call: usize, place: usize): i32 {
  return load<i32>(call + (place << 3));
}

// @ts-ignore: decorator
@inline
function double(call: usize, place: usize): f64 {
  return load<f64>(call + (place << 3));
}

function make(c: usize): void {
  switch (load<i32>(c)) {
    case 0:
      activate(int(c, 1), int(c, 2), int(c, 3), int(c, 4));
      return;
    case 1:
      activationGradient(int(c, 1), int(c, 2), int(c, 3), int(c, 4), int(c, 5), int(c, 6));
      return;
    case 2:
      dense(int(c, 1), int(c, 2), int(c, 3), int(c, 4), int(c, 5), int(c, 6), int(c, 7));
      return;
    case 3:
      denseTransposed(int(c, 1), int(c, 2), int(c, 3), int(c, 4), int(c, 5), int(c, 6));
      return;
    case 4:
      outer(int(c, 1), int(c, 2), int(c, 3), int(c, 4), int(c, 5), int(c, 6), int(c, 7));
      return;
    case 5:
      outerDescend(
        int(c, 1), int(c, 2), int(c, 3), int(c, 4), int(c, 5), int(c, 6), int(c, 7), double(c, 8), int(c, 9),
      );
      return;
    case 6:
      gather(int(c, 1), int(c, 2), int(c, 3), int(c, 4), int(c, 5));
      return;
    case 7:
      halfMeanSquare(int(c, 1), int(c, 2), int(c, 3), int(c, 4), int(c, 5), int(c, 6), int(c, 7));
      return;
    case 8:
      sgdStep(int(c, 1), int(c, 2), int(c, 3), double(c, 4), double(c, 5));
      return;
    case 9:
      momentumStep(int(c, 1), int(c, 2), int(c, 3), int(c, 4), double(c, 5), double(c, 6), double(c, 7));
      return;
    case 10:
      nesterovStep(int(c, 1), int(c, 2), int(c, 3), int(c, 4), double(c, 5), double(c, 6), double(c, 7));
      return;
    case 11:
      dotInto(int(c, 1), int(c, 2), int(c, 3), int(c, 4));
      return;
    case 12:
      axpy(double(c, 1), int(c, 2), int(c, 3), int(c, 4));
      return;
    case 13:
      scale(double(c, 1), int(c, 2), int(c, 3));
      return;
    case 14:
      copy(int(c, 1), int(c, 2), int(c, 3));
      return;
    case 15:
      crossEntropy(
        double(c, 1), int(c, 2), int(c, 3), int(c, 4), int(c, 5), int(c, 6), int(c, 7), int(c, 8),
      );
      return;
    case 16:
      outputLoss(
        int(c, 1), double(c, 2), int(c, 3), int(c, 4), int(c, 5), int(c, 6), int(c, 7), int(c, 8), int(c, 9),
      );
      return;
    case 17:
      addRow(double(c, 1), int(c, 2), int(c, 3), int(c, 4), int(c, 5));
      return;
    case 18:
      adamStep(
        int(c, 1), int(c, 2), int(c, 3), int(c, 4), int(c, 5), int(c, 6), double(c, 7), double(c, 8),
        double(c, 9), double(c, 10), double(c, 11), double(c, 12), double(c, 13), double(c, 14),
      );
      return;
    case 19:
      rmspropStep(
        int(c, 1), int(c, 2), int(c, 3), int(c, 4), int(c, 5), int(c, 6), double(c, 7), double(c, 8),
        double(c, 9), double(c, 10), double(c, 11),
      );
      return;
    case 20:
      adagradStep(
        int(c, 1), int(c, 2), int(c, 3), int(c, 4), double(c, 5), double(c, 6), double(c, 7), double(c, 8), double(c, 9),
      );
      return;
    case 21:
      signStep(int(c, 1), int(c, 2), int(c, 3), int(c, 4), double(c, 5), double(c, 6), double(c, 7), double(c, 8));
      return;
    case 22:
      clipNorm(int(c, 1), int(c, 2), double(c, 3), int(c, 4));
      return;
    case 23:
      normalise(int(c, 1), int(c, 2), double(c, 3), int(c, 4));
      return;
    case 24:
      ascend(int(c, 1), int(c, 2), int(c, 3), double(c, 4), int(c, 5));
      return;
  }
}

/** Two calls as one: an update, and the `outer` of four samples that makes the gradient for it. */
function makeJointly(o: usize, c: usize): void {
  const upstream: usize = int(o, 1), rows = int(o, 2), x: usize = int(o, 3), cols = int(o, 4), index: usize = int(o, 5);
  switch (load<i32>(c)) {
    case 18:
      if (double(c, 14) == 0) {
        adamOfFourSamples(
          upstream, rows, x, cols, index, int(c, 1), int(c, 3), int(c, 4), double(c, 7), double(c, 8), double(c, 9),
          double(c, 10), double(c, 11), double(c, 12),
        );
      } else {
        adamwOfFourSamples(
          upstream, rows, x, cols, index, int(c, 1), int(c, 3), int(c, 4), double(c, 7), double(c, 8), double(c, 9),
          double(c, 10), double(c, 11), double(c, 12), double(c, 14),
        );
      }
      return;
    case 19:
      rmspropOfFourSamples(
        upstream, rows, x, cols, index, int(c, 1), int(c, 3), int(c, 4), double(c, 7), double(c, 8), double(c, 10),
      );
      return;
    case 20:
      adagradOfFourSamples(
        upstream, rows, x, cols, index, int(c, 1), int(c, 3), double(c, 5), double(c, 6), double(c, 7), double(c, 8),
      );
      return;
  }
}

export function play(
  tape: usize, calls: i32, patches: usize, patchCount: i32, reads: usize, readCount: i32, steps: i32, value: usize,
  limit: f64, sum: usize,
): i32 {
  const end = tape + <usize>calls * CALL;
  const patchEnd = patches + <usize>patchCount * 12;
  const readEnd = reads + <usize>readCount * 12;
  let total = load<f64>(sum);
  let step = 0;
  while (step < steps) {
    for (let p = patches; p < patchEnd; p += 12) {
      store<i32>(load<i32>(p), load<i32>(p, 4) + step * load<i32>(p, 8));
    }
    for (let r = reads; r < readEnd; r += 12) {
      store<f64>(load<i32>(r), load<f64>(load<i32>(r, 4) + step * load<i32>(r, 8)));
    }
    for (let call = tape; call < end; call += CALL) {
      if (load<i32>(call) == OUTER_FOR_NEXT) {
        makeJointly(call, call + CALL);
        call += CALL;
      } else {
        make(call);
      }
    }
    step += 1;
    const v = load<f64>(value);
    total += v;
    // Written so that NaN, which compares as false, is caught too.
    if (!(v < limit)) break;
  }
  store<f64>(sum, total);
  return step;
}
