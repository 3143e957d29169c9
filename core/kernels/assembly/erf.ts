/**
 * Error function on pairs: an odd polynomial up to |x| = 1, and 1 - exp(-x^2) G(t), t = (|x| - 2) / (|x| + 2), above
 * (coefficients.py). Below 2 ulp: above 1 the subtracted part is at most 0.16, so its own error hardly counts.
 */
import { expModerate } from './exp';
import { atMost, madd, pair, signBits } from './simd';

// @ts-ignore: decorator
@inline
function erfSmall(x: v128): v128 {
  const u = f64x2.mul(x, x);
  let p = madd(u, pair(-7.816798807143455e-10), pair(1.373192636580586e-8));
  p = madd(p, u, pair(-1.621140604554353e-7));
  p = madd(p, u, pair(1.6447834238690986e-6));
  p = madd(p, u, pair(-1.492477285570585e-5));
  p = madd(p, u, pair(0.00012055296955703536));
  p = madd(p, u, pair(-0.0008548326051771359));
  p = madd(p, u, pair(0.005223977608933279));
  p = madd(p, u, pair(-0.02686617064349973));
  p = madd(p, u, pair(0.11283791670947078));
  p = madd(p, u, pair(-0.37612638903183615));
  // 2/sqrt(pi) = 1 + 0.128..: the leading term is x itself and carries no error.
  return madd(x, madd(p, u, pair(0.1283791670955126)), x);
}

/** For 1 <= |x|; `a` is |x|, at most 6, where erf rounds to 1. */
// @ts-ignore: decorator
@inline
function erfLarge(a: v128): v128 {
  const t = f64x2.div(f64x2.sub(a, pair(2)), f64x2.add(a, pair(2)));
  let g = madd(t, pair(-1.1922610657392927e-5), pair(3.275375277418912e-5));
  g = madd(g, t, pair(0.0001740838184203381));
  g = madd(g, t, pair(4.3043322520865274e-5));
  g = madd(g, t, pair(-0.0009820557239686735));
  g = madd(g, t, pair(-0.000847135174565462));
  g = madd(g, t, pair(0.006997464542969491));
  g = madd(g, t, pair(0.0037328925042544817));
  g = madd(g, t, pair(-0.07897858103682595));
  g = madd(g, t, pair(0.2416581942410413));
  g = madd(g, t, pair(-0.4271858474139429));
  g = madd(g, t, pair(0.2553956763105071));
  return f64x2.sub(pair(1), f64x2.mul(expModerate(f64x2.neg(f64x2.mul(a, a))), g));
}

// @ts-ignore: decorator
@inline
export function erfPair(x: v128): v128 {
  const sign = signBits(x);
  const a = atMost(v128.xor(x, sign), 6);
  const large = f64x2.gt(a, pair(1));
  if (!v128.any_true(large)) return erfSmall(x);
  const value = v128.or(erfLarge(a), sign);
  if (i64x2.all_true(large)) return value;
  return v128.bitselect(value, erfSmall(x), large);
}
