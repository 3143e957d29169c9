/*
 * Losses and norms. Sums are made number by number in the order of core/kernels/assembly: the functions are wide,
 * they are not.
 */
#include "elementary.h"

/* Over samples one by one; within a sample even and odd outputs apart, then the last of an odd width. */
static void half_mean_square(const double *out, const double *target, const double *weights, int n, int width,
                             double *gradient, double *value) {
  double total = 0;
  for (int s = 0; s < n; s++, out += width, target += width, gradient += width) {
    double even = 0, odd = 0;
    int i = 0;
    for (; i + 2 <= width; i += 2) {
      const double e = out[i] - target[i], f = out[i + 1] - target[i + 1];
      even = even + e * e;
      odd = odd + f * f;
      gradient[i] = weights[s] * e;
      gradient[i + 1] = weights[s] * f;
    }
    /* A single output joins the total as it is: 0 + x would be x as well, but takes its time. */
    double one = even + odd;
    if (i < width) {
      const double e = out[i] - target[i];
      one = width == 1 ? e * e : one + e * e;
      gradient[i] = weights[s] * e;
    }
    total += one;
  }
  *value = 0.5 * total / n;
}

/* log(1 + q) for q >= 0. */
INLINE double log_one_plus(double q) {
  const double w = 1 + q, rest = w - 1;
  return rest == 0 ? q : q * (log_normal(all(w))[0] / rest);
}

/* Sums over outputs in their order, the first of the largest outputs apart; that of exponentials even and odd apart. */
static void cross_entropy(double smoothing, const double *out, const double *target, const double *weights, int n,
                          int width, double *gradient, double *value) {
  const double keep = 1 - smoothing, add = smoothing / width;
  double total = 0;
  for (int s = 0; s < n; s++, out += width, target += width, gradient += width) {
    int c = 0;
    for (int i = 1; i < width; i++) if (out[i] > out[c]) c = i;
    const double most = out[c];
    double linear = 0, others = 0;
    for (int i = 0; i < width; i++) {
      if (i == c) continue;
      const double t = keep * target[i] + add;
      others += t;
      linear += t * (most - out[i]);
    }
    const double whole = others + (keep * target[c] + add);
    EACH(width, store(gradient + i, exp_of(load(out + i, m) - most), m));
    gradient[c] = 0;
    double even = 0, odd = 0;
    for (int i = 0; i + 2 <= width; i += 2) {
      even += gradient[i];
      odd += gradient[i + 1];
    }
    const double q = width % 2 ? (even + odd) + gradient[width - 1] : even + odd;
    total += linear + whole * log_one_plus(q);
    const double weight = weights[s], each = whole / (1 + q);
    for (int i = 0; i < width; i++) gradient[i] = weight * (each * gradient[i] - (keep * target[i] + add));
    gradient[c] = weight * (others - each * q);
  }
  *value = total / n;
}

enum output_loss { MEAN_SQUARE, HUBER, LOGISTIC, HINGE, SQUARED_HINGE, OUTPUT_LOSSES };

INLINE vec side_of(vec target) { return choose((ints)(target > 0.0), all(1), all(-1)); }

INLINE vec loss_of(int kind, vec x, vec target, double parameter) {
  if (kind == MEAN_SQUARE) return (x - target) * (x - target);
  if (kind == HUBER) {
    const vec e = x - target, size = size_of(e);
    return choose((ints)(size < parameter), 0.5 * (e * e), parameter * (size - 0.5 * parameter));
  }
  if (kind == LOGISTIC) {
    const vec t = larger(target, all(0)), size = size_of(x), e = exp_of(-size), w = e + 1.0, rest = w - 1.0;
    const vec wrong = choose((ints)(x >= 0.0), 1.0 - t, t);
    return size * wrong + choose((ints)(rest == 0.0), e, e * (log_normal(w) / rest));
  }
  const vec missing = relu_of(1.0 - side_of(target) * x);
  return kind == HINGE ? missing : missing * missing;
}

INLINE vec slope_of(int kind, vec x, vec target, double parameter) {
  if (kind == MEAN_SQUARE) return 2.0 * (x - target);
  if (kind == HUBER) return larger(smaller(x - target, all(parameter)), all(-parameter));
  if (kind == LOGISTIC) {
    const vec t = larger(target, all(0)), e = exp_of(-size_of(x)), less = e / (1.0 + e);
    return choose((ints)(x >= 0.0), (1.0 - t) - less, less - t);
  }
  const vec y = side_of(target), missing = 1.0 - y * x;
  return kind == HINGE ? without(-y, (ints)(missing <= 0.0)) : 2.0 * (-y * relu_of(missing));
}

/* Sums as those of half_mean_square: samples one by one, even and odd outputs apart, then the last of an odd width. */
static void output_loss(int kind, double parameter, const double *out, const double *target, const double *weights,
                        int n, int width, double *gradient, double *value) {
  const double scale = 1.0 / width;
  double total = 0;
  for (int s = 0; s < n; s++, out += width, target += width, gradient += width) {
    double sum[2] = {0, 0}, last = 0;
    const double weight = weights[s] * scale;
    EACH(width, {
      const vec x = load(out + i, m), t = load(target + i, m), v = loss_of(kind, x, t, parameter);
      store(gradient + i, weight * slope_of(kind, x, t, parameter), m);
      for (int l = 0; l < m; l++) {
        if (i + l == width - 1 && width % 2) last = v[l];
        else sum[l & 1] += v[l];
      }
    });
    total += width % 2 ? (sum[0] + sum[1]) + last : sum[0] + sum[1];
  }
  *value = total * scale / n;
}

/* Four running pairs, whatever the width: pair j of eight numbers into the j-th, pairs that are over into the first. */
static double dot(const double *a, const double *b, int n) {
  vec sum[8 / LANES];
  UNROLL for (int c = 0; c < 8 / LANES; c++) sum[c] = (vec){0};
  int i = 0;
  for (; i + 8 <= n; i += 8) {
    UNROLL for (int c = 0; c < 8 / LANES; c++) {
      sum[c] = load(a + i + c * LANES, LANES) * load(b + i + c * LANES, LANES) + sum[c];
    }
  }
  pair p[4];
  memcpy(p, sum, sizeof p);
  for (; i + 2 <= n; i += 2) p[0] = load_pair(a + i) * load_pair(b + i) + p[0];
  const pair t = (p[0] + p[1]) + (p[2] + p[3]);
  return n % 2 ? (t[0] + t[1]) + a[i] * b[i] : t[0] + t[1];
}
INLINE double norm_of(const double *x, int n) { return __builtin_sqrt(dot(x, x, n)); }

static void clip_norm(const double *x, int n, double limit, double *out) {
  const double factor = limit / (norm_of(x, n) + 1e-6);
  /* NaN is not below 1 and reaches every number. */
  const double f = factor >= 1 ? 1 : factor;
  EACH(n, store(out + i, f * load(x + i, m), m));
}

static void normalise(const double *x, int n, double least, double *out) {
  const double norm = norm_of(x, n), f = norm < least ? least : norm;
  EACH(n, store(out + i, load(x + i, m) / f, m));
}

static void ascend(const double *theta, const double *g, int n, double radius, double *out) {
  const double f = radius / (norm_of(g, n) + 1e-12);
  EACH(n, store(out + i, f * load(g + i, m) + load(theta + i, m), m));
}
