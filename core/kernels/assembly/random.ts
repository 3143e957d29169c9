/**
 * Random vectors as pure functions of (key, counters, index). Block b = floor(i / 2) of Philox serves elements 2b and
 * 2b + 1. Its words w0 .. w3 form two numbers of 64 bits, A = w0 + 2^32 w1 and B = w2 + 2^32 w3, and
 *   uniform:   element 2b from A, 2b + 1 from B;  u(A) = (floor(A / 2^12) + 1/2) / 2^52, in (0, 1), exact
 *   normal:    r = sqrt(-2 log u(A)); element 2b is r cos(2 pi u(B)), 2b + 1 is r sin(2 pi u(B))  (Box and Muller 1958)
 *   integer:   floor(A bound / 2^64) and floor(B bound / 2^64)
 */
import { logNormal } from './log';
import { fourBlocks, word0, word1, word2, word3 } from './philox';
import { madd, pair, ROUNDER } from './simd';

/** Room for the last, incomplete group of eight elements. */
const scratch: usize = memory.data(64, 16);

const KIND_UNIFORM: i32 = 0;
const KIND_NORMAL: i32 = 1;

/** u(A) for a pair of 64-bit numbers: 52 bits below the leading 1 of a double in [1, 2), less 1 - 2^-53. */
// @ts-ignore: decorator
@inline
function unit(bits: v128): v128 {
  const m = v128.or(i64x2.shr_u(bits, 12), i64x2.splat(0x3ff0000000000000));
  return f64x2.sub(m, pair(0.9999999999999999));
}

/** Writes four normals from two pairs of uniforms: 0 and 1 from lane 0, 2 and 3 from lane 1. */
// @ts-ignore: decorator
@inline
function boxMuller(u: v128, turns: v128, out: usize, offset: usize): void {
  const radius = f64x2.sqrt(f64x2.mul(pair(-2), logNormal(u)));
  // turns = q/4 + f, |f| <= 1/8, without rounding.
  const counter = f64x2.add(f64x2.mul(turns, pair(4)), pair(ROUNDER));
  const f = f64x2.sub(turns, f64x2.mul(f64x2.sub(counter, pair(ROUNDER)), pair(0.25)));
  const v = f64x2.mul(f, f);
  let s = madd(v, pair(3.7813664021991253), pair(-15.093829322542394));
  s = madd(s, v, pair(42.058685506754735));
  s = madd(s, v, pair(-76.70585970878473));
  s = madd(s, v, pair(81.60524927596823));
  s = madd(s, v, pair(-41.34170224039968));
  const sine = f64x2.mul(f, madd(s, v, pair(6.283185307179586)));
  let c = madd(v, pair(-1.6970200845368533), pair(7.903101638245543));
  c = madd(c, v, pair(-26.426251140434637));
  c = madd(c, v, pair(60.244641331611724));
  c = madd(c, v, pair(-85.45681720654005));
  c = madd(c, v, pair(64.93939402266801));
  c = madd(c, v, pair(-19.739208802178716));
  const cosine = madd(c, v, pair(1));
  // Quadrant q: (cos, sin) of the whole angle is (c, s), (-s, c), (-c, -s), (s, -c).
  const odd = i64x2.ne(v128.and(counter, i64x2.splat(1)), i64x2.splat(0));
  const sineSign = i64x2.shl(v128.and(counter, i64x2.splat(2)), 62);
  const cosineSign = i64x2.shl(v128.and(i64x2.add(counter, i64x2.splat(1)), i64x2.splat(2)), 62);
  const x = f64x2.mul(radius, v128.xor(v128.bitselect(sine, cosine, odd), cosineSign));
  const y = f64x2.mul(radius, v128.xor(v128.bitselect(cosine, sine, odd), sineSign));
  v128.store(out + offset, v128.shuffle<f64>(x, y, 0, 2));
  v128.store(out + offset, v128.shuffle<f64>(x, y, 1, 3), 16);
}

/** Elements 2 block .. 2 block + 7. */
// @ts-ignore: decorator
@inline
function eight(
  kind: i32, key0: i32, key1: i32, counter0: i32, counter1: i32, counter2: i32, block: i32, out: usize,
): void {
  fourBlocks(key0, key1, counter0, counter1, counter2, block);
  const a01 = unit(v128.shuffle<i32>(word0, word1, 0, 4, 1, 5));
  const a23 = unit(v128.shuffle<i32>(word0, word1, 2, 6, 3, 7));
  const b01 = unit(v128.shuffle<i32>(word2, word3, 0, 4, 1, 5));
  const b23 = unit(v128.shuffle<i32>(word2, word3, 2, 6, 3, 7));
  if (kind == KIND_UNIFORM) {
    v128.store(out, v128.shuffle<f64>(a01, b01, 0, 2));
    v128.store(out, v128.shuffle<f64>(a01, b01, 1, 3), 16);
    v128.store(out, v128.shuffle<f64>(a23, b23, 0, 2), 32);
    v128.store(out, v128.shuffle<f64>(a23, b23, 1, 3), 48);
  } else {
    boxMuller(a01, b01, out, 0);
    boxMuller(a23, b23, out, 32);
  }
}

export function uniforms(
  key0: i32, key1: i32, counter0: i32, counter1: i32, counter2: i32, n: i32, out: usize,
): void {
  let i = 0;
  for (; i + 8 <= n; i += 8, out += 64) {
    eight(KIND_UNIFORM, key0, key1, counter0, counter1, counter2, i >> 1, out);
  }
  if (i < n) {
    eight(KIND_UNIFORM, key0, key1, counter0, counter1, counter2, i >> 1, scratch);
    memory.copy(out, scratch, <usize>(n - i) << 3);
  }
}

export function normals(
  key0: i32, key1: i32, counter0: i32, counter1: i32, counter2: i32, n: i32, out: usize,
): void {
  let i = 0;
  for (; i + 8 <= n; i += 8, out += 64) {
    eight(KIND_NORMAL, key0, key1, counter0, counter1, counter2, i >> 1, out);
  }
  if (i < n) {
    eight(KIND_NORMAL, key0, key1, counter0, counter1, counter2, i >> 1, scratch);
    memory.copy(out, scratch, <usize>(n - i) << 3);
  }
}

/** floor((low + 2^32 high) bound / 2^64). */
// @ts-ignore: decorator
@inline
function scaled(low: i32, high: i32, bound: u64): i32 {
  return <i32>((<u64>(<u32>high) * bound + ((<u64>(<u32>low) * bound) >> 32)) >> 32);
}

export function integers(
  bound: i32, key0: i32, key1: i32, counter0: i32, counter1: i32, counter2: i32, n: i32, out: usize,
): void {
  const b = <u64>(<u32>bound);
  for (let i = 0; i < n; i += 8, out += 32) {
    fourBlocks(key0, key1, counter0, counter1, counter2, i >> 1);
    const target = i + 8 <= n ? out : scratch;
    store<i32>(target, scaled(i32x4.extract_lane(word0, 0), i32x4.extract_lane(word1, 0), b));
    store<i32>(target, scaled(i32x4.extract_lane(word2, 0), i32x4.extract_lane(word3, 0), b), 4);
    store<i32>(target, scaled(i32x4.extract_lane(word0, 1), i32x4.extract_lane(word1, 1), b), 8);
    store<i32>(target, scaled(i32x4.extract_lane(word2, 1), i32x4.extract_lane(word3, 1), b), 12);
    store<i32>(target, scaled(i32x4.extract_lane(word0, 2), i32x4.extract_lane(word1, 2), b), 16);
    store<i32>(target, scaled(i32x4.extract_lane(word2, 2), i32x4.extract_lane(word3, 2), b), 20);
    store<i32>(target, scaled(i32x4.extract_lane(word0, 3), i32x4.extract_lane(word1, 3), b), 24);
    store<i32>(target, scaled(i32x4.extract_lane(word2, 3), i32x4.extract_lane(word3, 3), b), 28);
    if (target == scratch) memory.copy(out, scratch, <usize>(n - i) << 2);
  }
}
