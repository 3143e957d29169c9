// The bias correction of an exponential average that starts at 0.
import { power, type StepNumber } from 'eigenflow';

/** Bits of the number of a step: runs are shorter than 2^31 steps. */
const BITS = 31;

/**
 * 1 - beta^t with t = 1, 2, ... in step 0, 1, ...: a pure function of the step, so that a checkpoint loses nothing,
 * with the same bits in every engine. beta^t is a product of beta^(2^k), each rounded once: of relative error below 16
 * units in the last place, of none at t = 1, 2, 4.
 */
export interface BiasCorrection extends StepNumber {
  /** Writes 1 - beta^t into the slot. */
  write(t: number, slot: Float64Array): void;
}

export function biasCorrection(beta: number): BiasCorrection {
  const powers = Float64Array.from({ length: BITS }, (_, k) => power(beta, 1 << k));
  const product = (t: number) => powers.reduce((all, one, k) => ((t >> k) & 1 ? all * one : all), 1);
  // beta^t by the digits of t to the base of 64: a step is short, and products bit by bit would be a tenth of it.
  const [ones, sixtyFours, higher] = [0, 6, 12].map((shift) =>
    Float64Array.from({ length: 64 }, (_, digit) => product(digit << shift)),
  );
  // From here on the correction is 1 to the last bit.
  const horizon = powers.findIndex((one) => one < 2 ** -54);
  const settled = horizon < 0 ? 2 ** 31 : 1 << horizon;
  const write = (t: number, slot: Float64Array) => {
    if (t >= settled) {
      slot[0] = 1;
      return;
    }
    const low = ones[t & 63] * sixtyFours[(t >> 6) & 63] * higher[(t >> 12) & 63];
    slot[0] = 1 - low;
    // In the slot, because a double that is carried round a loop may be boxed at every turn.
    for (let k = 18, rest = t >> 18; rest !== 0; k++, rest >>= 1) if (rest & 1) slot[0] = 1 - (1 - slot[0]) * powers[k];
  };
  const slot = Float64Array.of(1 - beta);
  return { slot, range: [1 - beta, 1], follow: (at) => write(at.step + 1, slot), write };
}
