/** Elementwise functions, sums and updates of whole vectors. Sums run over four even/odd partial pairs, then add up. */
import { expPair } from './exp';
import { logPair } from './log';
import { madd, pair, sum } from './simd';
import { cosPair, sinPair } from './trigonometry';

export function expAll(x: usize, n: i32, out: usize): void {
  const end = x + ((<usize>n & ~1) << 3);
  for (; x < end; x += 16, out += 16) v128.store(out, expPair(v128.load(x)));
  if (n & 1) store<f64>(out, f64x2.extract_lane(expPair(v128.load64_splat(x)), 0));
}

export function logAll(x: usize, n: i32, out: usize): void {
  const end = x + ((<usize>n & ~1) << 3);
  for (; x < end; x += 16, out += 16) v128.store(out, logPair(v128.load(x)));
  if (n & 1) store<f64>(out, f64x2.extract_lane(logPair(v128.load64_splat(x)), 0));
}

export function sinAll(x: usize, n: i32, out: usize): void {
  const end = x + ((<usize>n & ~1) << 3);
  for (; x < end; x += 16, out += 16) v128.store(out, sinPair(v128.load(x)));
  if (n & 1) store<f64>(out, f64x2.extract_lane(sinPair(v128.load64_splat(x)), 0));
}

export function cosAll(x: usize, n: i32, out: usize): void {
  const end = x + ((<usize>n & ~1) << 3);
  for (; x < end; x += 16, out += 16) v128.store(out, cosPair(v128.load(x)));
  if (n & 1) store<f64>(out, f64x2.extract_lane(cosPair(v128.load64_splat(x)), 0));
}

export function dotInto(a: usize, b: usize, n: i32, slot: usize): void {
  let s0 = pair(0), s1 = pair(0), s2 = pair(0), s3 = pair(0);
  let end = a + ((<usize>n & ~7) << 3);
  for (; a < end; a += 64, b += 64) {
    s0 = madd(v128.load(a), v128.load(b), s0);
    s1 = madd(v128.load(a, 16), v128.load(b, 16), s1);
    s2 = madd(v128.load(a, 32), v128.load(b, 32), s2);
    s3 = madd(v128.load(a, 48), v128.load(b, 48), s3);
  }
  end = a + ((<usize>n & 6) << 3);
  for (; a < end; a += 16, b += 16) s0 = madd(v128.load(a), v128.load(b), s0);
  let total = sum(f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3)));
  if (n & 1) total += load<f64>(a) * load<f64>(b);
  store<f64>(slot, total);
}

/** y += alpha x. */
export function axpy(alpha: f64, x: usize, n: i32, y: usize): void {
  const a = pair(alpha);
  const end = x + ((<usize>n & ~1) << 3);
  for (; x < end; x += 16, y += 16) v128.store(y, madd(a, v128.load(x), v128.load(y)));
  if (n & 1) store<f64>(y, f64x2.extract_lane(madd(a, v128.load64_splat(x), v128.load64_splat(y)), 0));
}

export function scale(alpha: f64, x: usize, n: i32): void {
  const a = pair(alpha);
  const end = x + ((<usize>n & ~1) << 3);
  for (; x < end; x += 16) v128.store(x, f64x2.mul(a, v128.load(x)));
  if (n & 1) store<f64>(x, alpha * load<f64>(x));
}

export function copy(x: usize, n: i32, out: usize): void {
  // A call for the copy of a single number would take ten times as long as the number.
  if (n == 1) store<f64>(out, load<f64>(x));
  else memory.copy(out, x, <usize>n << 3);
}

/** Bytes of a row from which on calling for a copy of the whole is faster than copying in pairs. */
const LONG_ROW: usize = 512;

/** Copies rows index[0..n-1] of x, each `cols` long, below one another. */
export function gather(x: usize, cols: i32, index: usize, n: i32, out: usize): void {
  const end = index + (<usize>n << 2);
  if (cols == 1) {
    for (; index < end; index += 4, out += 8) store<f64>(out, load<f64>(x + (<usize>load<i32>(index) << 3)));
    return;
  }
  const bytes = <usize>cols << 3;
  for (; index < end; index += 4) {
    let from = x + <usize>load<i32>(index) * bytes;
    const next = out + bytes;
    if (bytes >= LONG_ROW) {
      memory.copy(out, from, bytes);
    } else {
      for (; out + 16 <= next; out += 16, from += 16) v128.store(out, v128.load(from));
      if (cols & 1) store<f64>(out, load<f64>(from));
    }
    out = next;
  }
}

/** out[s] += alpha row for each of n rows of `cols` numbers. */
export function addRow(alpha: f64, row: usize, cols: i32, n: i32, out: usize): void {
  const a = pair(alpha);
  const bytes = (<usize>cols & ~1) << 3;
  for (; n > 0; n--) {
    for (let i: usize = 0; i < bytes; i += 16) {
      v128.store(out + i, madd(a, v128.load(row + i), v128.load(out + i)));
    }
    if (cols & 1) {
      const last = madd(a, v128.load64_splat(row + bytes), v128.load64_splat(out + bytes));
      store<f64>(out + bytes, f64x2.extract_lane(last, 0));
    }
    out += <usize>cols << 3;
  }
}
