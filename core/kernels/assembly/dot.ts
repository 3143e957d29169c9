/** The inner product that the matrix decompositions share: short vectors, two running pairs. */
import { madd, pair, sum } from './simd';

/** Sum over i of a[i] b[i]. */
// @ts-ignore: decorator
@inline
export function dot(a: usize, b: usize, n: i32): f64 {
  let s0 = pair(0), s1 = pair(0);
  let end = a + ((<usize>n & ~3) << 3);
  for (; a < end; a += 32, b += 32) {
    s0 = madd(v128.load(a), v128.load(b), s0);
    s1 = madd(v128.load(a, 16), v128.load(b, 16), s1);
  }
  if (n & 2) {
    s0 = madd(v128.load(a), v128.load(b), s0);
    a += 16;
    b += 16;
  }
  let total = sum(f64x2.add(s0, s1));
  if (n & 1) total += load<f64>(a) * load<f64>(b);
  return total;
}
