/**
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, Parallel random numbers: as easy as 1, 2, 3): four words of 32 bits
 * as a pure function of a counter of four words and a key of two. Four blocks, counter3 = block .. block + 3, run side
 * by side, one 32-bit lane each.
 */

const MULTIPLIER_0: i32 = 0xd2511f53;
const MULTIPLIER_1: i32 = 0xcd9e8d57;
const WEYL_0: i32 = 0x9e3779b9;
const WEYL_1: i32 = 0xbb67ae85;

/** Words 0 to 3 of the four blocks computed last, lane b for block + b. */
export let word0: v128 = i32x4.splat(0);
export let word1: v128 = i32x4.splat(0);
export let word2: v128 = i32x4.splat(0);
export let word3: v128 = i32x4.splat(0);

/** Fills word0 .. word3. */
// @ts-ignore: decorator
@inline
export function fourBlocks(key0: i32, key1: i32, counter0: i32, counter1: i32, counter2: i32, block: i32): void {
  let c0 = i32x4.splat(counter0);
  let c1 = i32x4.splat(counter1);
  let c2 = i32x4.splat(counter2);
  let c3 = i32x4.add(i32x4.splat(block), i32x4(0, 1, 2, 3));
  const m0 = i32x4.splat(MULTIPLIER_0), m1 = i32x4.splat(MULTIPLIER_1);
  for (let round = 0; round < 10; round++) {
    const a = i64x2.extmul_low_i32x4_u(c0, m0), b = i64x2.extmul_high_i32x4_u(c0, m0);
    const c = i64x2.extmul_low_i32x4_u(c2, m1), d = i64x2.extmul_high_i32x4_u(c2, m1);
    c0 = v128.xor(v128.xor(v128.shuffle<i32>(c, d, 1, 3, 5, 7), c1), i32x4.splat(key0));
    c2 = v128.xor(v128.xor(v128.shuffle<i32>(a, b, 1, 3, 5, 7), c3), i32x4.splat(key1));
    c1 = v128.shuffle<i32>(c, d, 0, 2, 4, 6);
    c3 = v128.shuffle<i32>(a, b, 0, 2, 4, 6);
    key0 += WEYL_0;
    key1 += WEYL_1;
  }
  word0 = c0;
  word1 = c1;
  word2 = c2;
  word3 = c3;
}

/** One block: counter (4 words), key (2 words), out (4 words), all in memory. For known-answer tests. */
export function philox(counter: usize, key: usize, out: usize): void {
  fourBlocks(load<i32>(key), load<i32>(key, 4),
    load<i32>(counter), load<i32>(counter, 4), load<i32>(counter, 8), load<i32>(counter, 12));
  store<i32>(out, i32x4.extract_lane(word0, 0));
  store<i32>(out, i32x4.extract_lane(word1, 0), 4);
  store<i32>(out, i32x4.extract_lane(word2, 0), 8);
  store<i32>(out, i32x4.extract_lane(word3, 0), 12);
}
