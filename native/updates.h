/*
 * Updates of parameters, in place, number by number: the operations of core/kernels/assembly (optimisers.ts, adam.ts,
 * rmsprop.ts, sign-step.ts) in their order. A decay that is 0 is left out, not multiplied by.
 */
#include "lanes.h"

static void add_times(double alpha, const double *x, int n, double *y) {
  EACH(n, store(y + i, alpha * load(x + i, m) + load(y + i, m), m));
}

static void scale(double alpha, double *x, int n) { EACH(n, store(x + i, alpha * load(x + i, m), m)); }

static void sgd_step(double *theta, const double *g, int n, double rate, double decay) {
  if (decay == 0) {
    add_times(-rate, g, n, theta);
    return;
  }
  EACH(n, {
    const vec t = load(theta + i, m);
    store(theta + i, -rate * (decay * t + load(g + i, m)) + t, m);
  });
}

static void momentum_step(int nesterov, double *theta, const double *gradient, double *velocity, int n, double rate,
                          double momentum, double decay) {
  EACH(n, {
    const vec t = load(theta + i, m), h = load(gradient + i, m);
    const vec g = decay == 0 ? h : decay * t + h;
    const vec v = momentum * load(velocity + i, m) + g;
    store(velocity + i, v, m);
    store(theta + i, nesterov ? -rate * (momentum * v + g) + t : -rate * v + t, m);
  });
}

/* x + weight (y - x). */
INLINE vec towards(vec x, vec y, double weight) { return weight * (y - x) + x; }

/* The sign of 0 is 0, that of NaN is NaN. */
static void sign_step(double *theta, const double *gradient, double *mean, int n, double rate, double beta1,
                      double beta2, double decoupled) {
  const double shrink = 1 - rate * decoupled;
  EACH(n, {
    const vec g = load(gradient + i, m);
    vec c = g, t = load(theta + i, m);
    if (mean) {
      const vec average = load(mean + i, m);
      c = towards(average, g, 1 - beta1);
      store(mean + i, towards(average, g, 1 - beta2), m);
    }
    if (shrink != 1) t = shrink * t;
    const vec sign = choose((ints)(c > 0.0) | (ints)(c < 0.0), with_sign(all(1), signs_of(c)), c);
    store(theta + i, t - rate * sign, m);
  });
}

/* ---- updates with roots: Adam, RMSprop, RMSprop about the mean, Adagrad --------------------------------------------
 * Four numbers share two divisions: numbers i and i + 2 of the four take their reciprocals from that of the product of
 * their divisors, unless one of the two products is far from 1. Of what is over when n is no multiple of four, each
 * number is divided by its own.
 */
enum rule { ADAM, AVERAGE, CENTERED, SUM };
struct update {
  double *theta;
  const double *gradient;
  /* square: averages or sums; mean, largest, velocity: or nothing. */
  double *square, *mean, *largest, *velocity;
  /* What multiplies new and old squares, new gradients of a mean; the root; the step; theta; theta in the gradient. */
  double share, remain, towards, root, epsilon, start, size, shrink, momentum, decay;
};

/* Pairs 0 and 1, 2 and 3 in each other's place. */
#if LANES == 8
#define SWAPPED_PAIRS(a) SHUFFLE(8, a, a, 2, 3, 0, 1, 6, 7, 4, 5)
#elif LANES == 4
#define SWAPPED_PAIRS(a) SHUFFLE(4, a, a, 2, 3, 0, 1)
#else
#define SWAPPED_PAIRS(a) (a)
#endif

/* Vectors of one block, which holds whole fours. */
enum { VECTORS = LANES < 4 ? 4 / LANES : 1, BLOCK = VECTORS * LANES };

INLINE vec decayed(const struct update *u, int i, int m) {
  const vec g = load(u->gradient + i, m);
  return u->decay == 0 ? g : u->decay * load(u->theta + i, m) + g;
}

/* Brings averages up to date. @returns what the numbers i .. i + m - 1 are divided by */
INLINE vec divisor(const enum rule rule, const struct update *u, int i, int m) {
  const vec g = decayed(u, i, m), before = load(u->square + i, m);
  if (rule == SUM) {
    const vec s = g * g + before;
    store(u->square + i, s, m);
    return root(s + u->start) + u->epsilon;
  }
  vec v = (u->share * g) * g + u->remain * before;
  store(u->square + i, v, m);
  if (rule != AVERAGE) {
    const vec c = towards(load(u->mean + i, m), g, u->towards);
    store(u->mean + i, c, m);
    if (rule == CENTERED) v = larger(v - c * c, all(0));
  }
  if (rule != ADAM) return root(v) + u->epsilon;
  if (u->largest) {
    v = larger(v, load(u->largest + i, m));
    store(u->largest + i, v, m);
  }
  return root(v) * u->root + u->epsilon;
}

/* Which numbers of a vector belong to a whole four, when m are left. */
INLINE ints in_whole_four(int m) {
  ints mask = {0};
  UNROLL for (int l = 0; l < LANES; l++) mask[l] = (l | 3) < m ? -1 : 0;
  return mask;
}

INLINE void reciprocals(vec *d, int m) {
  vec shared[VECTORS];
  ints shares = m >= BLOCK ? all_ints(-1) : in_whole_four(m);
  UNROLL for (int v = 0; v < VECTORS; v++) {
    const vec other = VECTORS > 1 ? d[1 - v] : SWAPPED_PAIRS(d[v]), product = d[v] * other;
    const vec moderate = (vec)((ints)(product > 1e-250) & (ints)(product < 1e250));
    /* Both products of the four: each number knows one, its neighbour the other. */
    shares &= (ints)EVENS(moderate, moderate) & (ints)ODDS(moderate, moderate);
    shared[v] = other * (1.0 / product);
  }
  const int all_share = every(shares);
  UNROLL for (int v = 0; v < VECTORS; v++) d[v] = all_share ? shared[v] : choose(shares, shared[v], 1.0 / d[v]);
}

INLINE void move(const enum rule rule, const struct update *u, vec reciprocal, int i, int m) {
  const vec t = load(u->theta + i, m);
  if (rule == ADAM) {
    store(u->theta + i, u->shrink * t - (u->size * load(u->mean + i, m)) * reciprocal, m);
    return;
  }
  const vec g = decayed(u, i, m);
  if (u->velocity) {
    const vec b = g * reciprocal + u->momentum * load(u->velocity + i, m);
    store(u->velocity + i, b, m);
    store(u->theta + i, t - u->size * b, m);
  } else {
    store(u->theta + i, t - (u->size * g) * reciprocal, m);
  }
}

INLINE void each_with_root(const enum rule rule, const struct update *u, int n) {
  for (int i = 0; i < n; i += BLOCK) {
    vec d[VECTORS];
    UNROLL for (int v = 0; v < VECTORS; v++) {
      const int at = i + v * LANES, m = n - at < LANES ? n - at : LANES;
      d[v] = m > 0 ? divisor(rule, u, at, m) : all(1);
    }
    reciprocals(d, n - i);
    UNROLL for (int v = 0; v < VECTORS; v++) {
      const int at = i + v * LANES, m = n - at < LANES ? n - at : LANES;
      if (m > 0) move(rule, u, d[v], at, m);
    }
  }
}

static void step_with_root(enum rule rule, const struct update *u, int n) {
  switch (rule) {
    case ADAM: each_with_root(ADAM, u, n); return;
    case AVERAGE: each_with_root(AVERAGE, u, n); return;
    case CENTERED: each_with_root(CENTERED, u, n); return;
    case SUM: each_with_root(SUM, u, n); return;
  }
}
