/*
 * Elementary functions and activations, lane by lane: the operations of core/kernels/assembly in their order
 * (exp.ts, log.ts, tanh.ts, erf.ts, smooth-activations.ts), where the ideas and the bounds on errors stand.
 */
#ifndef EIGENFLOW_ELEMENTARY_H
#define EIGENFLOW_ELEMENTARY_H
#include "lanes.h"

/* Adding this rounds a modest number to an integer, which then sits in the low bits of the sum. */
#define ROUNDER 6755399441055744.0
#define LN2_HIGH 0.6931471803691238
#define LN2_LOW 1.9082149292705877e-10

INLINE vec power_of_two(vec shifted) { return (vec)(((ints)shifted + 1023) << 52); }

/* Horner's rule: coefficients from the highest power on. */
INLINE vec polynomial(vec x, const int count, const double *coefficients) {
  vec p = all(coefficients[0]);
  UNROLL for (int i = 1; i < count; i++) p = p * x + coefficients[i];
  return p;
}
#define POLYNOMIAL(x, ...) polynomial(x, sizeof((double[]){__VA_ARGS__}) / 8, (const double[]){__VA_ARGS__})

INLINE vec exp_reduced(vec r) {
  const vec e = POLYNOMIAL(r, 2.5115069031939874e-8, 2.7625404887053835e-7, 2.7557226165633777e-6, 2.480150812554118e-5,
                           0.00019841269904812258, 0.0013888888927244857, 0.008333333333313972, 0.04166666666660284,
                           0.16666666666666685, 0.5);
  return ((r * r) * e + r) + 1.0;
}

/* exp(x) for |x| <= 700. */
INLINE vec exp_moderate(vec x) {
  const vec shifted = x * 1.4426950408889634 + ROUNDER, n = shifted - ROUNDER;
  return exp_reduced((x - n * LN2_HIGH) - n * LN2_LOW) * power_of_two(shifted);
}

/* exp(x) for any x: two powers, of which only the second can round. */
INLINE vec exp_of(vec x) {
  const vec y = larger(smaller(x, all(710)), all(-746));
  const vec n = (y * 1.4426950408889634 + ROUNDER) - ROUNDER;
  const vec r = (y - n * LN2_HIGH) - n * LN2_LOW;
  const vec one = n * 0.5 + ROUNDER, two = (n - (one - ROUNDER)) + ROUNDER;
  return (exp_reduced(r) * power_of_two(one)) * power_of_two(two);
}

/* log of positive normal numbers. offset: 2^52 + 1023, and what x was scaled by. */
INLINE vec log_scaled(vec x, vec offset) {
  const ints shifted = (ints)x + (0x3ff0000000000000 - 0x3fe6a09e667f3bcd);
  const vec k = (vec)((ints)((words)shifted >> 52) | 0x4330000000000000) - offset;
  const vec f = (vec)((shifted & 0x000fffffffffffff) + 0x3fe6a09e667f3bcd) - 1.0;
  const vec s = f / (f + 2.0), z = s * s;
  const vec l = POLYNOMIAL(z, 0.14796105103924778, 0.15314035865688447, 0.18183564865639493, 0.2222219856350139,
                           0.2857142874247478, 0.3999999999941432, 0.6666666666666734);
  const vec half = (f * f) * 0.5;
  const vec small = s * (l * z + half) + k * LN2_LOW;
  return k * LN2_HIGH - ((half - small) - f);
}
INLINE vec log_normal(vec x) { return log_scaled(x, all(4503599627370496.0 + 1023.0)); }

/* log(x) for any x. */
INLINE vec log_of(vec x) {
  const ints subnormal = (ints)(x < 2.2250738585072014e-308);
  const vec offset = choose(subnormal, all(4503599627370496.0 + 1023.0 + 54.0), all(4503599627370496.0 + 1023.0));
  const vec value = log_scaled(choose(subnormal, x * 18014398509481984.0, x), offset);
  const vec infinity = all(__builtin_inf());
  const vec special = choose((ints)(x == infinity), infinity,
                             choose((ints)(x == 0.0), -infinity, all(__builtin_nan(""))));
  return choose((ints)(x > 0.0) & (ints)(x < infinity), value, special);
}

/* N vectors at once: what one waits for, another can use. */
INLINE void tanh_of(const int N, const double *x, int m, double *out) {
#define FOR_VECTORS UNROLL for (int v = 0; v < N; v++)
  vec z[4], counter[4], y[4], u[4], p[4], q[4], top[4];
  FOR_VECTORS z[v] = load(x + v * LANES, m);
  FOR_VECTORS y[v] = smaller(size_of(z[v]), all(20));
  FOR_VECTORS counter[v] = y[v] * 2.8853900817779268 + ROUNDER;
  FOR_VECTORS y[v] = y[v] - (counter[v] - ROUNDER) * 0.34657359027997264;
  FOR_VECTORS u[v] = y[v] * y[v];
  FOR_VECTORS p[v] = (y[v] * u[v]) * (u[v] * 0.0010575580972413837 + 0.11110146151405655) + y[v];
  FOR_VECTORS q[v] = u[v] * (u[v] * 0.015869156380397282 + 0.44443479484738924) + 1.0;
  FOR_VECTORS {
    const vec power = (vec)(((ints)counter[v] + 1022) << 52);
    top[v] = (power - 0.5) * q[v] + (power + 0.5) * p[v];
  }
  FOR_VECTORS store(out + v * LANES, with_sign(top[v] / (top[v] + (q[v] - p[v])), signs_of(z[v])), m);
#undef FOR_VECTORS
}

static void activate_tanh(const double *z, int n, double *out) {
  int i = 0;
  for (; i + 4 * LANES <= n; i += 4 * LANES) tanh_of(4, z + i, LANES, out + i);
  for (; i + LANES <= n; i += LANES) tanh_of(1, z + i, LANES, out + i);
  if (i < n) tanh_of(1, z + i, n - i, out + i);
}

INLINE vec erf_of(vec x) {
  const vec a = smaller(size_of(x), all(6)), u = x * x;
  const vec p = POLYNOMIAL(u, -7.816798807143455e-10, 1.373192636580586e-8, -1.621140604554353e-7,
                           1.6447834238690986e-6, -1.492477285570585e-5, 0.00012055296955703536,
                           -0.0008548326051771359, 0.005223977608933279, -0.02686617064349973, 0.11283791670947078,
                           -0.37612638903183615, 0.1283791670955126);
  const vec small = x * p + x;
  const vec t = (a - 2.0) / (a + 2.0);
  const vec g = POLYNOMIAL(t, -1.1922610657392927e-5, 3.275375277418912e-5, 0.0001740838184203381,
                           4.3043322520865274e-5, -0.0009820557239686735, -0.000847135174565462, 0.006997464542969491,
                           0.0037328925042544817, -0.07897858103682595, 0.2416581942410413, -0.4271858474139429,
                           0.2553956763105071);
  const vec large = 1.0 - exp_moderate(-(a * a)) * g;
  return choose((ints)(a > 1.0), with_sign(large, signs_of(x)), small);
}
INLINE vec erf_slope(vec x) { return 1.1283791670955126 * exp_of(-(x * x)); }

INLINE vec normal_cdf(vec z) { return 0.5 * (1.0 + erf_of(z * 0.7071067811865476)); }
INLINE vec gelu_of(vec z) { return z * normal_cdf(z); }
INLINE vec gelu_slope(vec z) {
  const vec density = 0.3989422804014327 * exp_of(-0.5 * smaller(z * z, all(1600)));
  return normal_cdf(z) + z * density;
}
INLINE vec decay_of(vec z) { return exp_of(-size_of(z)); }
INLINE vec sigmoid_of(vec z) {
  const vec e = decay_of(z);
  return choose((ints)(z < 0.0), e, all(1)) / (1.0 + e);
}
INLINE vec sigmoid_slope(vec z) {
  const vec e = decay_of(z), w = 1.0 + e;
  return (e / w) / w;
}
INLINE vec softplus_of(vec z) {
  const vec e = decay_of(z), w = 1.0 + e, rise = w - 1.0;
  const vec rest = choose((ints)(rise == 0.0), e, (e * log_of(w)) / rise);
  return without(z, (ints)(z < 0.0)) + rest;
}
/* Not "above 0", which would lose NaN. */
INLINE vec relu_of(vec z) { return without(z, (ints)(z <= 0.0)); }

enum activation { TANH, RELU, IDENTITY, ERF, GELU, SIGMOID, SOFTPLUS, ACTIVATIONS };

static void activate(int kind, const double *z, int n, double *out) {
#define OF(f) EACH(n, store(out + i, f(load(z + i, m)), m)); return
  switch (kind) {
    case TANH: activate_tanh(z, n, out); return;
    case RELU: OF(relu_of);
    case IDENTITY: memmove(out, z, (size_t)n * 8); return;
    case ERF: OF(erf_of);
    case GELU: OF(gelu_of);
    case SIGMOID: OF(sigmoid_of);
    case SOFTPLUS: OF(softplus_of);
  }
#undef OF
}

/* out = upstream f'(z), with v = f(z). */
static void activation_gradient(int kind, const double *z, const double *v, int n, const double *up, double *out) {
#define TIMES(slope) EACH(n, store(out + i, load(up + i, m) * (slope), m)); return
  switch (kind) {
    case TANH: TIMES(1.0 - load(v + i, m) * load(v + i, m));
    case RELU: EACH(n, store(out + i, without(load(up + i, m), (ints)(load(z + i, m) <= 0.0)), m)); return;
    case IDENTITY: memmove(out, up, (size_t)n * 8); return;
    case ERF: TIMES(erf_slope(load(z + i, m)));
    case GELU: TIMES(gelu_slope(load(z + i, m)));
    case SIGMOID: TIMES(sigmoid_slope(load(z + i, m)));
    case SOFTPLUS: TIMES(sigmoid_of(load(z + i, m)));
  }
#undef TIMES
}
#endif
