// Makes a captured step faster, to the same bits: where a gradient is only written to be used by the update of the weights at
// once, it need not be left in memory. `outer` and `sgdStep` become `outerDescend`; `outer` of four samples and an update
// that waits for roots and divisions are made together, so that the products are there by the time they are needed.
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

interface Outer {
  readonly call: number;
  readonly numbers: readonly number[];
  readonly cols: number;
  readonly samples: number;
  readonly gradient: number;
  readonly length: number;
}

/** Calls that take the place of the update, for one `outer`; and where a number of the update stands in them. */
interface Joint {
  readonly calls: readonly KernelCall[];
  /** By its place in the update, for those that may be scheduled: place in the last of the calls. */
  readonly placeOf: (place: number) => number;
}

const DOUBLE = 8;
/** Places in the numbers of every update. */
const [THETA, GRADIENT] = [0, 1];
/** Places in the numbers of `sgdStep`. */
const [RATE, DECAY] = [3, 4];
/** Place of the rate in the numbers of `outerDescend`. */
const FUSED_RATE = 7;

/**
 * What `outer` may be made together with: how many addresses the numbers begin with, which the length follows; and what
 * must not be there, numbers at these places: decay in the gradient, the largest square, a velocity.
 */
const ADAPTIVE: Readonly<Record<string, { readonly addresses: number; readonly absent: readonly number[] }>> = {
  adamStep: { addresses: 5, absent: [4, 12] },
  rmspropStep: { addresses: 5, absent: [4, 10] },
  adagradStep: { addresses: 3, absent: [8] },
};

/** An update of the weights of one `outer` alone: its addresses, where there are any, moved on to these weights. */
function onPart({ name, numbers }: KernelCall, addresses: number, { gradient, length }: Outer): KernelCall {
  const shift = gradient - numbers[GRADIENT];
  const moved = numbers.slice(0, addresses).map((address) => address && address + shift);
  return { name, numbers: [...moved, length, ...numbers.slice(addresses + 1)] };
}

/** @returns how the update is made together with an `outer`; undefined where it is not */
function joining(
  update: KernelCall,
  isScheduled: (place: number) => boolean,
): ((outer: Outer) => Joint | undefined) | undefined {
  const { name, numbers } = update;
  if (name === 'sgdStep') {
    if (numbers[DECAY] !== 0 || isScheduled(DECAY)) return undefined;
    return ({ numbers: outer, gradient }) => {
      const theta = numbers[THETA] + gradient - numbers[GRADIENT];
      return {
        calls: [{ name: 'outerDescend', numbers: [...outer.slice(0, 6), theta, numbers[RATE], gradient] }],
        placeOf: () => FUSED_RATE,
      };
    };
  }
  const adaptive = ADAPTIVE[name];
  if (!adaptive || adaptive.absent.some((place) => numbers[place] !== 0 || isScheduled(place))) return undefined;
  return (outer) => {
    // These updates take weights four by four, and what they compute for one depends on its three companions.
    if (outer.samples !== 4 || outer.cols % 8 !== 0) return undefined;
    return {
      calls: [{ name: 'outerForNext', numbers: outer.numbers }, onPart(update, adaptive.addresses, outer)],
      placeOf: (place) => place,
    };
  };
}

/** The calls of `outer` that fill a gradient of `length` numbers without gap or overlap; undefined where they do not. */
function tilesOf(
  calls: readonly KernelCall[],
  from: number,
  gradient: number,
  length: number,
): readonly Outer[] | undefined {
  const end = gradient + DOUBLE * length;
  const outers = calls.flatMap(({ name, numbers }, call): Outer[] => {
    if (name !== 'outer' || call < from) return [];
    const [, rows, , cols, , samples, target] = numbers;
    if (target < gradient || target >= end) return [];
    return [{ call, numbers, cols, samples, gradient: target, length: rows * cols }];
  });
  let next = gradient;
  for (const { gradient: start, length: size } of [...outers].sort((a, b) => a.gradient - b.gradient)) {
    if (start !== next) return undefined;
    next += DOUBLE * size;
  }
  return next === end ? outers : undefined;
}

/**
 * @param step its last call may be `sgdStep` without weight decay, or an update with roots; in any other step nothing
 * changes
 * @param startOf where the vector begins in which an address lies: two addresses with the same start may overlap
 */
export function fuseUpdate<P extends Place>(step: Step<P>, startOf: (address: number) => number): Step<P> {
  const { calls, scheduled } = step;
  const last = calls.length - 1;
  if (last < 1) return step;
  const update = calls[last];
  const join = joining(update, (at) => scheduled.some(({ call, place }) => call === last && place === at));
  if (!join) return step;
  const [theta, gradient] = update.numbers;
  const length = update.numbers[ADAPTIVE[update.name]?.addresses ?? 2];
  const before = calls.slice(0, last);
  const [weights, gradients] = [startOf(theta), startOf(gradient)];
  // A gradient of an earlier evaluation that something else has used is no concern of the update.
  const usesGradient = (call: KernelCall) => addressesOf(call).some((address) => startOf(address) === gradients);
  const from = before.findLastIndex((call) => call.name !== 'outer' && usesGradient(call)) + 1;
  const outers = tilesOf(before, from, gradient, length);
  const joints = outers?.map(join);
  if (!outers || !joints?.every((joint) => joint !== undefined)) return step;
  const fused = new Set(outers.map(({ call }) => call));
  // Each update waits until the end: nobody else may need the gradient, or write to what an update still has to read.
  for (const [call, made] of before.entries()) {
    if (call < from) continue;
    const touched = fused.has(call) ? addressesOf(made).slice(0, -1) : addressesOf(made);
    if (touched.some((address) => startOf(address) === gradients)) return step;
    if (fused.has(call) && touched.some((address) => startOf(address) === weights)) return step;
    const written = fused.has(call) ? [] : writesOf(made).map(startOf);
    if (written.includes(weights)) return step;
    const awaiting = outers.filter((outer) => outer.call < call).flatMap((outer) => addressesOf(calls[outer.call]));
    if (awaiting.some((address) => written.includes(startOf(address)))) return step;
  }
  const kept = before.flatMap((made, call) => (fused.has(call) ? [] : [{ made, call }]));
  const newPlace = new Map(kept.map(({ call }, i) => [call, i]));
  const updates = joints.flatMap((joint) => joint.calls);
  /** Where the call that takes the numbers of the update stands, for each `outer`. */
  const takers = joints.map((_, i) => {
    return kept.length + joints.slice(0, i + 1).reduce((sum, joint) => sum + joint.calls.length, 0) - 1;
  });
  return {
    calls: [...kept.map(({ made }) => made), ...updates],
    scheduled: scheduled.flatMap((number): P[] => {
      if (number.call === last) {
        return joints.map(({ placeOf }, i) => ({ ...number, call: takers[i], place: placeOf(number.place) }));
      }
      const call = newPlace.get(number.call);
      return call === undefined ? [] : [{ ...number, call }];
    }),
  };
}
