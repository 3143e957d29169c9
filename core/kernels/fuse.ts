// Makes a captured step of plain descent faster, to the same bits: where a gradient is only written to be subtracted from the
// weights at once, `outer` and `sgdStep` become `outerDescend`, which need not leave it in memory.
import type { KernelCall } from './kernels.js';
import { addressesOf, writesOf } from './playable.js';

/** A number of a call that takes another value at each step. */
interface Place {
  readonly call: number;
  /** Which of the numbers of the call. */
  readonly place: number;
}

interface Step<P extends Place> {
  readonly calls: readonly KernelCall[];
  readonly scheduled: readonly P[];
}

/** Places in the numbers of `sgdStep`. */
const RATE = 3;
const DECAY = 4;
/** Place of the rate in the numbers of `outerDescend`. */
const FUSED_RATE = 7;
const DOUBLE = 8;

interface Outer {
  readonly call: number;
  readonly numbers: readonly number[];
  readonly gradient: number;
  readonly length: number;
}

/** The calls of `outer` that fill a gradient of `length` numbers without gap or overlap; undefined where they do not. */
function tilesOf(calls: readonly KernelCall[], gradient: number, length: number): readonly Outer[] | undefined {
  const end = gradient + DOUBLE * length;
  const outers = calls.flatMap(({ name, numbers }, call): Outer[] => {
    if (name !== 'outer') return [];
    const [, rows, , cols, , , target] = numbers;
    return target >= gradient && target < end ? [{ call, numbers, gradient: target, length: rows * cols }] : [];
  });
  let next = gradient;
  for (const { gradient: start, length: size } of [...outers].sort((a, b) => a.gradient - b.gradient)) {
    if (start !== next) return undefined;
    next += DOUBLE * size;
  }
  return next === end ? outers : undefined;
}

/**
 * @param step its last call may be `sgdStep` without weight decay; in any other step nothing changes
 * @param startOf where the vector begins in which an address lies: two addresses with the same start may overlap
 */
export function fuseDescent<P extends Place>(step: Step<P>, startOf: (address: number) => number): Step<P> {
  const { calls, scheduled } = step;
  const last = calls.length - 1;
  if (last < 1 || calls[last].name !== 'sgdStep') return step;
  const [theta, gradient, length, rate, decay] = calls[last].numbers;
  if (decay !== 0 || scheduled.some(({ call, place }) => call === last && place === DECAY)) return step;
  const before = calls.slice(0, last);
  const outers = tilesOf(before, gradient, length);
  if (!outers) return step;
  const fused = new Set(outers.map(({ call }) => call));
  const [weights, gradients] = [startOf(theta), startOf(gradient)];
  // Each update waits until the end: nobody else may need the gradient, or write to what an update still has to read.
  for (const [call, made] of before.entries()) {
    const touched = fused.has(call) ? addressesOf(made).slice(0, -1) : addressesOf(made);
    if (touched.some((address) => startOf(address) === gradients)) return step;
    if (fused.has(call) && touched.some((address) => startOf(address) === weights)) return step;
    const written = fused.has(call) ? [] : writesOf(made).map(startOf);
    if (written.includes(weights)) return step;
    const awaiting = outers.filter((outer) => outer.call < call).flatMap((outer) => addressesOf(calls[outer.call]));
    if (awaiting.some((address) => written.includes(startOf(address)))) return step;
  }
  const kept = before.flatMap((made, call) => (fused.has(call) ? [] : [{ made, call }]));
  const updates = outers.map(
    ({ numbers, gradient: target }): KernelCall => ({
      name: 'outerDescend',
      numbers: [...numbers.slice(0, 6), theta + (target - gradient), rate, target],
    }),
  );
  const newPlace = new Map(kept.map(({ call }, i) => [call, i]));
  return {
    calls: [...kept.map(({ made }) => made), ...updates],
    scheduled: scheduled.flatMap((number): P[] => {
      if (number.call === last && number.place === RATE) {
        return updates.map((_, i) => ({ ...number, call: kept.length + i, place: FUSED_RATE }));
      }
      const call = newPlace.get(number.call);
      return call === undefined ? [] : [{ ...number, call }];
    }),
  };
}
