/*
 * Products of A and B, every element one sum in the order of k: what goes back through a dense layer, and its gradient
 * with or without the step on the weights. Columns share registers. The sum ends up in `to`, or, with theta, theta =
 * minusRate sum + theta, or both.
 */
#include "rows.h"

/*
 * With 512 bits a factor comes out of memory together with its product, for one vector at a time; else two vectors
 * share what has been put into all lanes.
 */
enum { VECTORS_AT_ONCE = LANES == 8 ? 1 : 2, TILE = HAS_32_REGISTERS || LANES == 8 ? 8 : 4 };

/* Copied where it is used much: for all that a compiler knows, numbers that are stored could be those at a pointer. */
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
  const struct product q = *p;
  const double *const b = q.b[0];
  for (size_t k = 0; k < (size_t)rows; k++) {
    const vec u = all(q.a[k * q.a_row]);
    EACH((int)q.cols, put(&q, k * q.cols + i, u * load(b + i, m), m));
  }
}

/* Four terms, from the first product on: ((u0 x0 + u1 x1) + u2 x2) + u3 x3. C vectors, or m columns of one. */
INLINE void four_terms(const int C, const int descends, const struct product *p, int rows, size_t j, int m) {
  const struct product q = *p;
  const vec minus_rate = all(q.minus_rate);
  double *to = (descends ? q.theta : q.to) + j;
  vec b[4][2];
  UNROLL for (int k = 0; k < 4; k++) UNROLL for (int c = 0; c < C; c++) b[k][c] = load(q.b[k] + j + c * LANES, m);
  for (int i = 0; i < rows; i++, to += q.cols) {
    vec u[4];
    UNROLL for (int k = 0; k < 4; k++) u[k] = all(q.a[i * q.a_row + k * q.a_step]);
    UNROLL for (int c = 0; c < C; c++) {
      vec sum = u[0] * b[0][c];
      UNROLL for (int k = 1; k < 4; k++) sum = u[k] * b[k][c] + sum;
      store(to + c * LANES, descends ? minus_rate * sum + load(to + c * LANES, m) : sum, m);
    }
  }
}

/* Either kept or made a step with: then it need not be kept. */
INLINE void four_in(const int descends, const struct product *p, int rows) {
  size_t j = 0;
  for (; j + VECTORS_AT_ONCE * LANES <= p->cols; j += VECTORS_AT_ONCE * LANES) {
    four_terms(VECTORS_AT_ONCE, descends, p, rows, j, LANES);
  }
  for (; j + LANES <= p->cols; j += LANES) four_terms(1, descends, p, rows, j, LANES);
  if (j < p->cols) four_terms(1, descends, p, rows, j, (int)(p->cols - j));
}

static void four(const struct product *p, int rows) {
  if (p->theta) four_in(1, p, rows);
  else four_in(0, p, rows);
}

/* `depth` terms from +0 on, or from where the sum has paused in `to`, which changes no bit. R rows, C vectors. */
INLINE void tile(const int R, const int C, const struct product *p, int depth, int resumes, size_t i, size_t j, int m) {
  vec sum[TILE][2], b[2];
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

/* All columns of R rows. */
INLINE void band(const int R, const struct product *p, int depth, int resumes, size_t i) {
  size_t j = 0;
  for (; j + VECTORS_AT_ONCE * LANES <= p->cols; j += VECTORS_AT_ONCE * LANES) {
    tile(R, VECTORS_AT_ONCE, p, depth, resumes, i, j, LANES);
  }
  for (; j + LANES <= p->cols; j += LANES) tile(R, 1, p, depth, resumes, i, j, LANES);
  if (j < p->cols) tile(R, 1, p, depth, resumes, i, j, (int)(p->cols - j));
}

/* Terms that are made at once: rows of B that stay in a near cache meanwhile. */
enum { DEPTH = 64 };

/* p without its rows of B, which are those of b. A sum that a step is made with is kept only while it pauses. */
static void combine(struct product p, int height, int depth, const struct rows *b) {
  const double *row[DEPTH], *const a = p.a;
  double *const to = p.theta && depth <= DEPTH ? 0 : p.to, *const theta = p.theta;
  p.b = row;
  for (int from = 0; from < depth; from += DEPTH) {
    const int now = depth - from < DEPTH ? depth - from : DEPTH, is_last = from + now == depth;
    for (int k = 0; k < now; k++) row[k] = row_of(b, from + k);
    p.a = a + from * p.a_step;
    p.to = to, p.theta = is_last ? theta : 0;
    size_t i = 0;
    for (; i + TILE <= (size_t)height; i += TILE) band(TILE, &p, now, from > 0, i);
    for (; i + 2 <= (size_t)height; i += 2) band(2, &p, now, from > 0, i);
    if (i < (size_t)height) band(1, &p, now, from > 0, i);
  }
}

static void dense_transposed(const struct rows *w, int rows, const double *up, int n, double *out) {
  const double *const row = row_of(w, 0);
  const struct product p = {up, rows, 1, &row, w->cols, out, 0, 0};
  if (rows == 1) single(&p, n);
  else combine(p, n, rows, w);
}

/* The gradient of `rows` rows of weights, or a step on theta with it; that of four samples need not be kept then. */
static void outer(const double *up, int rows, const struct rows *x, int n, double *gradient, double *theta,
                  double rate) {
  struct product p = {up, 1, rows, 0, x->cols, gradient, theta, -rate};
  const double *row[4];
  for (int s = 0; s < n && s < 4; s++) row[s] = row_of(x, s);
  p.b = row;
  if (n == 1) single(&p, rows);
  else if (n == 4) four(&p, rows);
  else combine(p, rows, n, x);
}

INLINE void gather(const struct rows *x, int n, double *out) {
  if (x->cols == 1) {
    for (int s = 0; s < n; s++) out[s] = *row_of(x, s);
    return;
  }
  for (int s = 0; s < n; s++, out += x->cols) memmove(out, row_of(x, s), x->cols * 8);
}
