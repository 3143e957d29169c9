/** Half the mean squared error, and the weighted gradient of each sample's term. */

export function halfMeanSquare(
  out: usize, target: usize, weights: usize, n: i32, width: i32, gradient: usize, value: usize,
): void {
  // Sums run in the order of the outputs: even and odd elements of a sample apart, then over samples.
  let total: f64 = 0;
  if (width == 1) {
    for (let s = 0; s < n; s++, out += 8, target += 8, gradient += 8, weights += 8) {
      const e = load<f64>(out) - load<f64>(target);
      total += e * e;
      store<f64>(gradient, load<f64>(weights) * e);
    }
  } else {
    const bytes = (<usize>width & ~1) << 3;
    for (let s = 0; s < n; s++, weights += 8) {
      const weight = v128.load64_splat(weights);
      let part = f64x2.splat(0);
      for (let i: usize = 0; i < bytes; i += 16) {
        const e = f64x2.sub(v128.load(out + i), v128.load(target + i));
        part = f64x2.add(part, f64x2.mul(e, e));
        v128.store(gradient + i, f64x2.mul(weight, e));
      }
      out += bytes;
      target += bytes;
      gradient += bytes;
      let one = f64x2.extract_lane(part, 0) + f64x2.extract_lane(part, 1);
      if (width & 1) {
        const e = load<f64>(out) - load<f64>(target);
        one += e * e;
        store<f64>(gradient, load<f64>(weights) * e);
        out += 8;
        target += 8;
        gradient += 8;
      }
      total += one;
    }
  }
  store<f64>(value, 0.5 * total / <f64>n);
}
