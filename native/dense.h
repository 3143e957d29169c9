/*
 * Outputs of a dense layer. out[s][k] = sum of w[k][l] x[s][l]: over even l from +0 on, over odd l from +0 on, the two
 * added, then the last term of an odd length. A vector holds the (even, odd) pairs of PAIRS samples side by side, so
 * samples share registers and the terms of a sum never meet.
 */
#include "rows.h"

/*
 * Numbers in a vector, which may be narrower than elsewhere: a processor that makes 512 bits in two halves also takes
 * twice as long to put a pair of weights into all of them.
 */
#ifndef DENSE_LANES
#define DENSE_LANES LANES
#endif
#if DENSE_LANES > LANES
#error "no more than LANES"
#endif
enum { PAIRS = DENSE_LANES / 2, ROWS_AT_ONCE = HAS_32_REGISTERS || DENSE_LANES == 8 ? 8 : 4 };
typedef double group __attribute__((vector_size(8 * DENSE_LANES)));
typedef double group_at __attribute__((vector_size(8 * DENSE_LANES), aligned(8), may_alias));

/* The two numbers at p, over and over. */
INLINE group pair_in_all(const double *p) {
#if DENSE_LANES == 8 && HAS_512
  return (group)_mm512_broadcast_f64x2(_mm_loadu_pd(p));
#elif DENSE_LANES == 4 && defined(__AVX__)
  return (group)_mm256_broadcast_pd((const __m128d *)p);
#else
  group v;
  for (int i = 0; i < DENSE_LANES; i++) v[i] = p[i & 1];
  return v;
#endif
}

/* Pair i of vector j and pair j of vector i in each other's place. */
INLINE void transpose_pairs(group *v) {
#if DENSE_LANES == 8
  const group a = SHUFFLE(8, v[0], v[1], 0, 1, 2, 3, 8, 9, 10, 11);
  const group b = SHUFFLE(8, v[0], v[1], 4, 5, 6, 7, 12, 13, 14, 15);
  const group c = SHUFFLE(8, v[2], v[3], 0, 1, 2, 3, 8, 9, 10, 11);
  const group d = SHUFFLE(8, v[2], v[3], 4, 5, 6, 7, 12, 13, 14, 15);
  v[0] = SHUFFLE(8, a, c, 0, 1, 4, 5, 8, 9, 12, 13), v[1] = SHUFFLE(8, a, c, 2, 3, 6, 7, 10, 11, 14, 15);
  v[2] = SHUFFLE(8, b, d, 0, 1, 4, 5, 8, 9, 12, 13), v[3] = SHUFFLE(8, b, d, 2, 3, 6, 7, 10, 11, 14, 15);
#elif DENSE_LANES == 4
  const group a = v[0], b = v[1];
  v[0] = SHUFFLE(4, a, b, 0, 1, 4, 5), v[1] = SHUFFLE(4, a, b, 2, 3, 6, 7);
#endif
}

/* G vectors of samples: panel[j * G + g] holds pair j of each. */
INLINE void pack_samples(const int G, const double *const *row, size_t cols, group *panel) {
  const size_t pairs = cols / 2, whole = pairs - pairs % PAIRS;
  for (int g = 0; g < G; g++, row += PAIRS) {
    for (size_t j = 0; j < whole; j += PAIRS) {
      group v[PAIRS];
      UNROLL for (int i = 0; i < PAIRS; i++) v[i] = *(const group_at *)(row[i] + 2 * j);
      transpose_pairs(v);
      UNROLL for (int i = 0; i < PAIRS; i++) panel[(j + i) * G + g] = v[i];
    }
    for (size_t j = whole; j < pairs; j++) {
      UNROLL for (int i = 0; i < PAIRS; i++) store_pair((double *)&panel[j * G + g] + 2 * i, load_pair(row[i] + 2 * j));
    }
  }
}

/* Rows k .. k + R - 1 of the weights for G vectors of samples, whose outputs begin at to[0], to[1], .. */
INLINE void dense_tile(const int R, const int G, const double *w, size_t cols, const group *panel, double *const *to,
                       size_t k) {
  group sum[8][2];
  UNROLL for (int r = 0; r < R; r++) UNROLL for (int g = 0; g < G; g++) sum[r][g] = (group){0};
  for (size_t j = 0; j < cols / 2; j++) {
    group x[2];
    UNROLL for (int g = 0; g < G; g++) x[g] = panel[j * G + g];
    UNROLL for (int r = 0; r < R; r++) {
      const group u = pair_in_all(w + (k + r) * cols + 2 * j);
      UNROLL for (int g = 0; g < G; g++) sum[r][g] = u * x[g] + sum[r][g];
    }
  }
  UNROLL for (int g = 0; g < G; g++, to += PAIRS) {
    group t[4];
    UNROLL for (int r = 0; r < R; r += 2) {
      const group a = sum[r][g], b = sum[r + 1 < R ? r + 1 : r][g];
      t[r / 2] = JOINED(EVENS_, DENSE_LANES)(a, b) + JOINED(ODDS_, DENSE_LANES)(a, b);
    }
    if (R >= DENSE_LANES) {
      UNROLL for (int r = 0; r < R; r += DENSE_LANES) {
        transpose_pairs(t + r / 2);
        UNROLL for (int i = 0; i < PAIRS; i++) *(group_at *)(to[i] + k + r) = t[r / 2 + i];
      }
    } else {
      UNROLL for (int i = 0; i < PAIRS; i++) UNROLL for (int r = 0; r < R; r++) to[i][k + r] = t[0][2 * i + r];
    }
  }
}

INLINE void dense_samples(const int R, const int G, const double *w, size_t rows, size_t cols, const double *const *row,
                          double *const *to, group *panel) {
  pack_samples(G, row, cols, panel);
  size_t k = 0;
  for (; k + R <= rows; k += R) dense_tile(R, G, w, cols, panel, to, k);
  for (; k + 2 <= rows; k += 2) dense_tile(2, G, w, cols, panel, to, k);
  if (k < rows) dense_tile(1, G, w, cols, panel, to, k);
}

/* One row of weights: four samples, a chain of pairs each. A read-out waits for its chains, not for arithmetic. */
static void read_out(const double *w, size_t cols, const double *x, int n, double *out) {
  for (int s = 0; s < n; s += 4) {
    pair sum[4] = {{0}};
    const double *row[4];
    UNROLL for (int i = 0; i < 4; i++) row[i] = x + (size_t)(s + i < n ? s + i : n - 1) * cols;
    for (size_t l = 0; l + 2 <= cols; l += 2) {
      UNROLL for (int i = 0; i < 4; i++) sum[i] = load_pair(w + l) * load_pair(row[i] + l) + sum[i];
    }
    for (int i = 0; i < 4 && s + i < n; i++) {
      const double whole = sum[i][0] + sum[i][1];
      out[s + i] = cols % 2 ? w[cols - 1] * row[i][cols - 1] + whole : whole;
    }
  }
}

/* work: room for DENSE_LANES cols numbers. */
static void dense(const double *w, int rows, const struct rows *x, int n, double *out, double *work) {
  const size_t last = x->cols - 1;
  if (rows == 1 && !x->index) {
    read_out(w, x->cols, row_of(x, 0), n, out);
    return;
  }
  for (int s = 0; s < n; s += 2 * PAIRS) {
    /* Places that are over repeat the last sample. */
    const double *row[2 * PAIRS];
    double *to[2 * PAIRS];
    UNROLL for (int i = 0; i < 2 * PAIRS; i++) {
      const int sample = s + i < n ? s + i : n - 1;
      row[i] = row_of(x, sample), to[i] = out + (size_t)sample * rows;
    }
    if (n - s > PAIRS) dense_samples(ROWS_AT_ONCE, 2, w, rows, x->cols, row, to, (group *)work);
    else dense_samples(8, 1, w, rows, x->cols, row, to, (group *)work);
    for (int i = 0; i < 2 * PAIRS && x->cols % 2 && s + i < n; i++) {
      for (int k = 0; k < rows; k++) to[i][k] = w[k * x->cols + last] * row[i][last] + to[i][k];
    }
  }
}
