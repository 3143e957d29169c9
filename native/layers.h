/*
 * Products of matrices: outputs of a dense layer, what goes back through it, and its gradient with or without the step
 * on the weights.
 */
#include "lanes.h"

/* Rows of a matrix, in order or by index. An index beyond the memory is noted, and row 0 is taken in its place. */
struct rows {
  const double *x;
  size_t cols;
  const uint32_t *index;
  /* Rows that fit between x and the end of memory. */
  size_t limit;
  int *strayed;
};

INLINE const double *row_of(const struct rows *r, size_t s) {
  size_t i = r->index ? r->index[s] : s;
  if (__builtin_expect(i >= r->limit, 0)) {
    *r->strayed = 1;
    i = 0;
  }
  return r->x + i * r->cols;
}

/* ---- dense ---------------------------------------------------------------------------------------------------------
 * out[s][k] = sum of w[k][l] x[s][l]: over even l from +0 on, over odd l from +0 on, the two added, then the last
 * term of an odd length. A vector holds the (even, odd) pairs of PAIRS samples side by side, so samples share
 * registers and the terms of a sum never meet.
 */

/* G vectors of samples: panel[j * G + g] holds pair j of each, last[g] the number that is over, twice. */
INLINE void pack_samples(const int G, const double *const *row, size_t cols, vec *panel, vec *last) {
  const size_t pairs = cols / 2, whole = pairs - pairs % PAIRS;
  for (int g = 0; g < G; g++, row += PAIRS) {
    for (size_t j = 0; j < whole; j += PAIRS) {
      vec v[PAIRS];
      UNROLL for (int i = 0; i < PAIRS; i++) v[i] = load(row[i] + 2 * j, LANES);
      transpose_pairs(v);
      UNROLL for (int i = 0; i < PAIRS; i++) panel[(j + i) * G + g] = v[i];
    }
    for (int i = 0; i < PAIRS; i++) {
      for (size_t j = whole; j < pairs; j++) {
        store_pair((double *)&panel[j * G + g] + 2 * i, load_pair(row[i] + 2 * j));
      }
      const double x = row[i][cols - 1];
      store_pair((double *)&last[g] + 2 * i, (pair){x, x});
    }
  }
}

/* R rows of weights for G vectors of samples, of which `count` are real. */
INLINE void dense_tile(const int R, const int G, const double *w, size_t cols, const vec *panel, const vec *last,
                       double *out, size_t rows, int count) {
  vec sum[8][2];
  UNROLL for (int r = 0; r < R; r++) UNROLL for (int g = 0; g < G; g++) sum[r][g] = (vec){0};
  for (size_t j = 0; j < cols / 2; j++) {
    vec x[2];
    UNROLL for (int g = 0; g < G; g++) x[g] = panel[j * G + g];
    UNROLL for (int r = 0; r < R; r++) {
      const vec u = pair_in_all(w + r * cols + 2 * j);
      UNROLL for (int g = 0; g < G; g++) sum[r][g] = u * x[g] + sum[r][g];
    }
  }
  UNROLL for (int r = 0; r < R; r += 2) {
    const int q = r + 1 < R ? r + 1 : r;
    const pair ends = {w[(r + 1) * cols - 1], w[(q + 1) * cols - 1]};
    UNROLL for (int g = 0; g < G; g++) {
      vec t = evens(sum[r][g], sum[q][g]) + odds(sum[r][g], sum[q][g]);
      if (cols % 2) t = pair_in_all((const double *)&ends) * last[g] + t;
      UNROLL for (int i = 0; i < PAIRS; i++) {
        double *to = out + (g * PAIRS + i) * rows + r;
        if (g * PAIRS + i >= count) break;
        if (q > r) store_pair_of(to, t, i);
        else *to = t[2 * i];
      }
    }
  }
}

INLINE void dense_samples(const int R, const int G, const double *w, size_t rows, size_t cols, const double *const *row,
                          int count, double *out, vec *panel) {
  vec last[2];
  pack_samples(G, row, cols, panel, last);
  size_t k = 0;
  for (; k + R <= rows; k += R) dense_tile(R, G, w + k * cols, cols, panel, last, out + k, rows, count);
  for (; k + 2 <= rows; k += 2) dense_tile(2, G, w + k * cols, cols, panel, last, out + k, rows, count);
  if (k < rows) dense_tile(1, G, w + k * cols, cols, panel, last, out + k, rows, count);
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
    UNROLL for (int i = 0; i < 4; i++) {
      if (s + i >= n) break;
      const double whole = sum[i][0] + sum[i][1];
      out[s + i] = cols % 2 ? w[cols - 1] * row[i][cols - 1] + whole : whole;
    }
  }
}

/* work: room for LANES cols numbers. */
static void dense(const double *w, int rows, const struct rows *x, int n, double *out, double *work) {
  if (rows == 1 && !x->index) {
    read_out(w, x->cols, x->x, n, out);
    return;
  }
  const double *row[2 * PAIRS];
  for (int s = 0; s < n; s += 2 * PAIRS, out += (size_t)2 * PAIRS * rows) {
    const int count = n - s < 2 * PAIRS ? n - s : 2 * PAIRS;
    for (int i = 0; i < 2 * PAIRS; i++) row[i] = row_of(x, s + (i < count ? i : count - 1));
    if (count > PAIRS) dense_samples(LANES == 8 ? 8 : 4, 2, w, rows, x->cols, row, count, out, (vec *)work);
    else dense_samples(8, 1, w, rows, x->cols, row, count, out, (vec *)work);
  }
}

/* ---- products of A and B --------------------------------------------------------------------------------------------
 * Every element one sum in the order of k. Columns share registers. It ends up in `to`, or, with theta, theta =
 * minusRate sum + theta, or both.
 */
struct product {
  const double *a;
  /* From row to row of A, from term to term. */
  size_t a_row, a_step;
  /* Rows of B, of `cols` numbers. */
  const double *const *b;
  size_t cols;
  double *to, *theta, minus_rate;
};

INLINE void put(const struct product *p, size_t at, vec sum, int m) {
  if (p->to) store(p->to + at, sum, m);
  if (p->theta) store(p->theta + at, all(p->minus_rate) * sum + load(p->theta + at, m), m);
}

/* One term: the product itself. */
INLINE void single(const struct product *p, int rows) {
  for (size_t k = 0; k < (size_t)rows; k++) {
    const vec u = all(p->a[k * p->a_row]);
    EACH((int)p->cols, put(p, k * p->cols + i, u * load(p->b[0] + i, m), m));
  }
}

/*
 * Four terms, from the first product on: ((u0 x0 + u1 x1) + u2 x2) + u3 x3. C vectors of columns, or m columns of
 * one.
 */
INLINE void four_terms(const int C, const struct product *p, int rows, size_t j, int m) {
  vec b[4][2];
  UNROLL for (int k = 0; k < 4; k++) UNROLL for (int c = 0; c < C; c++) b[k][c] = load(p->b[k] + j + c * LANES, m);
  for (int i = 0; i < rows; i++) {
    vec u[4];
    UNROLL for (int k = 0; k < 4; k++) u[k] = all(p->a[i * p->a_row + k * p->a_step]);
    UNROLL for (int c = 0; c < C; c++) {
      vec sum = u[0] * b[0][c];
      UNROLL for (int k = 1; k < 4; k++) sum = u[k] * b[k][c] + sum;
      put(p, i * p->cols + j + c * LANES, sum, m);
    }
  }
}

static void four(const struct product *p, int rows) {
  size_t j = 0;
  for (; j + 2 * LANES <= p->cols; j += 2 * LANES) four_terms(2, p, rows, j, LANES);
  for (; j + LANES <= p->cols; j += LANES) four_terms(1, p, rows, j, LANES);
  if (j < p->cols) four_terms(1, p, rows, j, (int)(p->cols - j));
}

/*
 * `depth` terms from +0 on, or from where the sum has paused in `to`, which changes no bit. R rows, C vectors of
 * columns.
 */
INLINE void tile(const int R, const int C, const struct product *p, int depth, int resumes, size_t i, size_t j, int m) {
  vec sum[8][2], b[2];
  const double *a = p->a + i * p->a_row;
  UNROLL for (int r = 0; r < R; r++) UNROLL for (int c = 0; c < C; c++) {
    sum[r][c] = resumes ? load(p->to + (i + r) * p->cols + j + c * LANES, m) : (vec){0};
  }
  for (int k = 0; k < depth; k++, a += p->a_step) {
    UNROLL for (int c = 0; c < C; c++) b[c] = load(p->b[k] + j + c * LANES, m);
    UNROLL for (int r = 0; r < R; r++) {
      const vec u = all(a[r * p->a_row]);
      UNROLL for (int c = 0; c < C; c++) sum[r][c] = u * b[c] + sum[r][c];
    }
  }
  UNROLL for (int r = 0; r < R; r++) UNROLL for (int c = 0; c < C; c++) {
    put(p, (i + r) * p->cols + j + c * LANES, sum[r][c], m);
  }
}

/* All rows of C vectors of columns. */
INLINE void strip(const int C, const struct product *p, int depth, int resumes, size_t rows, size_t j, int m) {
  enum { R = LANES == 8 ? 8 : 4 };
  size_t i = 0;
  for (; i + R <= rows; i += R) tile(R, C, p, depth, resumes, i, j, m);
  for (; i + 2 <= rows; i += 2) tile(2, C, p, depth, resumes, i, j, m);
  if (i < rows) tile(1, C, p, depth, resumes, i, j, m);
}

/* Terms that are made at once, and rows: what they touch stays in the nearest cache. */
enum { DEPTH = 256, HEIGHT = 64 };

/* p without its rows of B, which are those of b. */
static void combine(struct product p, int height, int depth, const struct rows *b) {
  const double *row[DEPTH], *const a = p.a;
  double *const to = p.to, *const theta = p.theta;
  p.b = row;
  for (int from = 0; from < depth; from += DEPTH) {
    const int now = depth - from < DEPTH ? depth - from : DEPTH, is_last = from + now == depth;
    for (int k = 0; k < now; k++) row[k] = row_of(b, from + k);
    for (size_t top = 0; top < (size_t)height; top += HEIGHT) {
      const size_t rows = height - top < HEIGHT ? height - top : HEIGHT;
      p.a = a + top * p.a_row + from * p.a_step;
      p.to = to ? to + top * p.cols : 0, p.theta = theta && is_last ? theta + top * p.cols : 0;
      size_t j = 0;
      for (; j + 2 * LANES <= p.cols; j += 2 * LANES) strip(2, &p, now, from > 0, rows, j, LANES);
      for (; j + LANES <= p.cols; j += LANES) strip(1, &p, now, from > 0, rows, j, LANES);
      if (j < p.cols) strip(1, &p, now, from > 0, rows, j, (int)(p.cols - j));
    }
  }
}

static void dense_transposed(const struct rows *w, int rows, const double *up, int n, double *out) {
  const struct product p = {up, rows, 1, &w->x, w->cols, out, 0, 0};
  if (rows == 1) single(&p, n);
  else combine(p, n, rows, w);
}

/* The gradient of `rows` rows of weights, or a step on theta with it; that of four samples need not be kept then. */
static void outer(const double *up, int rows, const struct rows *x, int n, double *gradient, double *theta,
    double rate) {
  struct product p = {up, 1, rows, 0, x->cols, gradient, theta, -rate};
  const double *row[4];
  if (n != 1 && n != 4) {
    combine(p, rows, n, x);
    return;
  }
  for (int s = 0; s < n; s++) row[s] = row_of(x, s);
  p.b = row;
  if (n == 1) {
    single(&p, rows);
    return;
  }
  if (theta) p.to = 0;
  four(&p, rows);
}

INLINE void gather(const struct rows *x, int n, double *out) {
  if (x->cols == 1) {
    for (int s = 0; s < n; s++) out[s] = *row_of(x, s);
    return;
  }
  for (int s = 0; s < n; s++, out += x->cols) memmove(out, row_of(x, s), x->cols * 8);
}
