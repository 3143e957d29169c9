/*
 * Plays the tapes of core/kernels/tape.ts on the memory of the WebAssembly kernels, to the same bits as
 * core/kernels/assembly/play.ts: every number is made by the same IEEE operations in the same order, and only which
 * numbers share a register is free. Hence no contraction (-ffp-contract=off), and NaN apart, whose sign and payload
 * WebAssembly leaves open.
 *
 * Nothing outside the memory that is handed in is read or written, whatever stands on a tape. A call is checked before
 * it is made; a tape is copied first, and checked for the first and the last of its steps, between which addresses move
 * evenly. What does not pass is left to WebAssembly. Row numbers of batches are looked at as they are used.
 */
#include "dense.h"
#include "products.h"
#include "losses.h"
#include "random.h"
#include "updates.h"
#include <stdlib.h>

enum { PLACES = 16, STRIDE = 8 * PLACES, NOT_MINE = -1, STRAYED = -2 };

/* Numbers of kernels: places in PLAYABLE of core/kernels/playable.ts, then those that are called one by one alone. */
enum kernel {
  ACTIVATE, ACTIVATION_GRADIENT, DENSE, DENSE_TRANSPOSED, OUTER, OUTER_DESCEND, GATHER, HALF_MEAN_SQUARE, SGD_STEP,
  MOMENTUM_STEP, NESTEROV_STEP, DOT_INTO, AXPY, SCALE, COPY, CROSS_ENTROPY, OUTPUT_LOSS, ADD_ROW, ADAM_STEP,
  RMSPROP_STEP, ADAGRAD_STEP, SIGN_STEP, CLIP_NORM, NORMALISE, ASCEND, OUTER_FOR_NEXT, UNIFORMS, NORMALS
};

/* A kernel's number, then its arguments: 32 bits in the lower half of a place, or a double. */
union place {
  int32_t i;
  uint32_t u;
  double d;
};

struct machine {
  char *memory;
  size_t bytes;
  /* Addresses of a tape that is being played: no kernel writes to it. */
  size_t kept_from, kept_to;
  /* A row that is not in memory was asked for. */
  int strayed;
  double *work;
};

#define I(place) (c[place].i)
#define D(place) (c[place].d)
#define P(place) ((double *)(m->memory + c[place].u))
#define MAYBE(place) (c[place].u ? P(place) : 0)

/* ---- checks ------------------------------------------------------------------------------------------------------ */

/*
 * What a kernel touches, by places of its arguments: READ or WRITTEN, or with OR_NOTHING at address 0, a vector of
 * as many numbers as the two counts multiply to (place 0 counts 1); ROWS: rows of `a` numbers, as many as `b`
 * counts, through the index at place `index` or, at address 0, in order.
 */
enum use { NO_MORE, READ, WRITTEN, OR_NOTHING, ROWS };
struct operand {
  enum use use;
  uint8_t place, a, b, index;
};
static const struct operand operands[][6] = {
    [ACTIVATE] = {{READ, 2, 3}, {WRITTEN, 4, 3}},
    [ACTIVATION_GRADIENT] = {{READ, 2, 4}, {READ, 3, 4}, {READ, 5, 4}, {WRITTEN, 6, 4}},
    [DENSE] = {{READ, 1, 2, 3}, {ROWS, 4, 3, 6, 5}, {WRITTEN, 7, 6, 2}},
    [DENSE_TRANSPOSED] = {{READ, 1, 2, 3}, {READ, 4, 5, 2}, {WRITTEN, 6, 5, 3}},
    [OUTER] = {{READ, 1, 6, 2}, {ROWS, 3, 4, 6, 5}, {WRITTEN, 7, 2, 4}},
    [OUTER_FOR_NEXT] = {{READ, 1, 6, 2}, {ROWS, 3, 4, 6, 5}},
    [OUTER_DESCEND] = {{READ, 1, 6, 2}, {ROWS, 3, 4, 6, 5}, {WRITTEN, 7, 2, 4}, {WRITTEN, 9, 2, 4}},
    [GATHER] = {{ROWS, 1, 2, 4, 3}, {WRITTEN, 5, 4, 2}},
    [HALF_MEAN_SQUARE] = {{READ, 1, 4, 5}, {READ, 2, 4, 5}, {READ, 3, 4}, {WRITTEN, 6, 4, 5}, {WRITTEN, 7}},
    [SGD_STEP] = {{WRITTEN, 1, 3}, {READ, 2, 3}},
    [MOMENTUM_STEP] = {{WRITTEN, 1, 4}, {READ, 2, 4}, {WRITTEN, 3, 4}},
    [NESTEROV_STEP] = {{WRITTEN, 1, 4}, {READ, 2, 4}, {WRITTEN, 3, 4}},
    [DOT_INTO] = {{READ, 1, 3}, {READ, 2, 3}, {WRITTEN, 4}},
    [AXPY] = {{READ, 2, 3}, {WRITTEN, 4, 3}},
    [SCALE] = {{WRITTEN, 2, 3}},
    [COPY] = {{READ, 1, 2}, {WRITTEN, 3, 2}},
    [CROSS_ENTROPY] = {{READ, 2, 5, 6}, {READ, 3, 5, 6}, {READ, 4, 5}, {WRITTEN, 7, 5, 6}, {WRITTEN, 8}},
    [OUTPUT_LOSS] = {{READ, 3, 6, 7}, {READ, 4, 6, 7}, {READ, 5, 6}, {WRITTEN, 8, 6, 7}, {WRITTEN, 9}},
    [ADD_ROW] = {{READ, 2, 3}, {WRITTEN, 5, 4, 3}},
    [ADAM_STEP] = {{WRITTEN, 1, 6}, {READ, 2, 6}, {WRITTEN, 3, 6}, {WRITTEN, 4, 6}, {OR_NOTHING, 5, 6}},
    [RMSPROP_STEP] = {{WRITTEN, 1, 6}, {READ, 2, 6}, {WRITTEN, 3, 6}, {OR_NOTHING, 4, 6}, {OR_NOTHING, 5, 6}},
    [ADAGRAD_STEP] = {{WRITTEN, 1, 4}, {READ, 2, 4}, {WRITTEN, 3, 4}},
    [SIGN_STEP] = {{WRITTEN, 1, 4}, {READ, 2, 4}, {OR_NOTHING, 3, 4}},
    [CLIP_NORM] = {{READ, 1, 2}, {WRITTEN, 4, 2}},
    [NORMALISE] = {{READ, 1, 2}, {WRITTEN, 4, 2}},
    [ASCEND] = {{READ, 1, 3}, {READ, 2, 3}, {WRITTEN, 5, 3}},
    [UNIFORMS] = {{WRITTEN, 7, 6}},
    [NORMALS] = {{WRITTEN, 7, 6}},
};

/* Room for `count` numbers of `size` bytes at an address. */
static int lies_in(const struct machine *m, size_t address, uint64_t count, size_t size) {
  return address && address % size == 0 && address <= m->bytes && count <= (m->bytes - address) / size;
}

/* Whether a call stays within memory. work: grows to the numbers of work space that it needs. */
static int is_safe(const struct machine *m, const union place *c, size_t *work) {
  if (c[0].u >= sizeof operands / sizeof *operands) return 0;
  if (c[0].u <= ACTIVATION_GRADIENT && c[1].u >= ACTIVATIONS) return 0;
  if (c[0].u == OUTPUT_LOSS && c[1].u >= OUTPUT_LOSSES) return 0;
  for (const struct operand *o = operands[c[0].u]; o->use != NO_MORE; o++) {
    const int64_t a = o->a ? I(o->a) : 1, b = o->b ? I(o->b) : 1;
    const size_t address = c[o->place].u, count = (uint64_t)a * (uint64_t)b;
    if (a < 1 || b < 1) return 0;
    if (o->use == OR_NOTHING && !address) continue;
    if (o->use == ROWS) {
      const size_t index = c[o->index].u;
      if (!lies_in(m, address, index ? (uint64_t)a : count, 8)) return 0;
      if (index && !lies_in(m, index, (uint64_t)b, 4)) return 0;
      if (*work < (size_t)a * 8) *work = (size_t)a * 8;
    } else {
      if (!lies_in(m, address, count, 8)) return 0;
      if (o->use != READ && address < m->kept_to && address + 8 * count > m->kept_from) return 0;
    }
  }
  return 1;
}

/* An outer product of four samples for the update behind it. */
static int is_joint(const union place *o, const union place *update, const union place *end) {
  if (update == end || o[6].i != 4 || o[4].i % 8) return 0;
  const int64_t numbers = (int64_t)o[2].i * o[4].i;
  switch (update[0].i) {
    case ADAM_STEP: return update[6].i == numbers;
    case RMSPROP_STEP: return update[6].i == numbers;
    case ADAGRAD_STEP: return update[4].i == numbers;
  }
  return 0;
}

/* ---- calls ------------------------------------------------------------------------------------------------------- */

static struct rows rows_at(struct machine *m, size_t x, int cols, size_t index) {
  const size_t stride = (size_t)cols * 8;
  return (struct rows){m->memory + x, (size_t)cols, index ? (uint32_t *)(m->memory + index) : 0, stride,
                       m->bytes - x - stride, &m->strayed};
}

/* An update with roots of n numbers from number `at` on; an outer product before it left the gradient in `joint`. */
static void update_with_roots(struct machine *m, const union place *c, const double *joint, size_t at, int n) {
#define FROM(place) (c[place].u ? P(place) + at : 0)
  struct update u = {.theta = FROM(1), .gradient = joint ? joint : FROM(2), .square = FROM(3), .shrink = 1};
  enum rule rule = SUM;
  if (I(0) == ADAM_STEP) {
    rule = ADAM;
    u.mean = FROM(3), u.square = FROM(4), u.largest = joint ? 0 : FROM(5);
    u.towards = 1 - D(8), u.share = 1 - D(9), u.remain = D(9), u.epsilon = D(10);
    u.size = D(7) / D(11), u.root = 1 / __builtin_sqrt(D(12)), u.decay = joint ? 0 : D(13);
    if (!joint || D(14) != 0) u.shrink = 1 - D(7) * D(14);
  } else if (I(0) == RMSPROP_STEP) {
    rule = c[4].u ? CENTERED : AVERAGE;
    u.mean = FROM(4), u.velocity = joint ? 0 : FROM(5);
    u.towards = u.share = 1 - D(8), u.remain = D(8), u.epsilon = D(10);
    u.size = D(7), u.momentum = D(9), u.decay = joint ? 0 : D(11);
  } else {
    u.size = D(5) / D(6), u.start = D(7), u.epsilon = D(8), u.decay = joint ? 0 : D(9);
  }
  step_with_root(rule, &u, n);
}

/* `outer` of four samples and the update behind it, a few rows at a time: the gradient is not written to memory. */
static void update_jointly(struct machine *m, const union place *outer_call, const union place *c) {
  const double *up = (double *)(m->memory + outer_call[1].u);
  const int rows = outer_call[2].i, cols = outer_call[4].i;
  const struct rows x = rows_at(m, outer_call[3].u, cols, outer_call[5].u);
  const double *row[4];
  for (int s = 0; s < 4; s++) row[s] = row_of(&x, s);
  for (int k = 0; k < rows; k += 4) {
    const int now = rows - k < 4 ? rows - k : 4;
    const struct product p = {up + k, 1, rows, row, cols, m->work, 0, 0};
    four(&p, now);
    update_with_roots(m, c, m->work, (size_t)k * cols, now * cols);
  }
}

INLINE void make(struct machine *m, const union place *c) {
#define X(x, cols, index) const struct rows x_rows = rows_at(m, c[x].u, I(cols), c[index].u)
  switch (I(0)) {
    case ACTIVATE: activate(I(1), P(2), I(3), P(4)); return;
    case ACTIVATION_GRADIENT: activation_gradient(I(1), P(2), P(3), I(4), P(5), P(6)); return;
    case DENSE: { X(4, 3, 5); dense(P(1), I(2), &x_rows, I(6), P(7), m->work); return; }
    case DENSE_TRANSPOSED: {
      const struct rows w = rows_at(m, c[1].u, I(3), 0);
      dense_transposed(&w, I(2), P(4), I(5), P(6));
      return;
    }
    case OUTER: { X(3, 4, 5); outer(P(1), I(2), &x_rows, I(6), P(7), 0, 0); return; }
    case OUTER_DESCEND: { X(3, 4, 5); outer(P(1), I(2), &x_rows, I(6), P(9), P(7), D(8)); return; }
    case GATHER: { X(1, 2, 3); gather(&x_rows, I(4), P(5)); return; }
    case HALF_MEAN_SQUARE: half_mean_square(P(1), P(2), P(3), I(4), I(5), P(6), P(7)); return;
    case SGD_STEP: sgd_step(P(1), P(2), I(3), D(4), D(5)); return;
    case MOMENTUM_STEP: momentum_step(0, P(1), P(2), P(3), I(4), D(5), D(6), D(7)); return;
    case NESTEROV_STEP: momentum_step(1, P(1), P(2), P(3), I(4), D(5), D(6), D(7)); return;
    case DOT_INTO: *P(4) = dot(P(1), P(2), I(3)); return;
    case AXPY: add_times(D(1), P(2), I(3), P(4)); return;
    case SCALE: scale(D(1), P(2), I(3)); return;
    case COPY: memmove(P(3), P(1), (size_t)I(2) * 8); return;
    case CROSS_ENTROPY: cross_entropy(D(1), P(2), P(3), P(4), I(5), I(6), P(7), P(8)); return;
    case OUTPUT_LOSS: output_loss(I(1), D(2), P(3), P(4), P(5), I(6), I(7), P(8), P(9)); return;
    case ADD_ROW: for (int s = 0; s < I(4); s++) add_times(D(1), P(2), I(3), P(5) + (size_t)s * I(3)); return;
    case ADAM_STEP: update_with_roots(m, c, 0, 0, I(6)); return;
    case RMSPROP_STEP: update_with_roots(m, c, 0, 0, I(6)); return;
    case ADAGRAD_STEP: update_with_roots(m, c, 0, 0, I(4)); return;
    case SIGN_STEP: sign_step(P(1), P(2), MAYBE(3), I(4), D(5), D(6), D(7), D(8)); return;
    case CLIP_NORM: clip_norm(P(1), I(2), D(3), P(4)); return;
    case NORMALISE: normalise(P(1), I(2), D(3), P(4)); return;
    case ASCEND: ascend(P(1), P(2), I(3), D(4), P(5)); return;
    case OUTER_FOR_NEXT: update_jointly(m, c, c + PLACES); return;
    case UNIFORMS:
    case NORMALS: {
      const struct stream stream = {{c[1].u, c[2].u}, {c[3].u, c[4].u, c[5].u}};
      if (I(0) == NORMALS) normals(&stream, I(6), P(7));
      else uniforms(&stream, I(6), P(7));
      return;
    }
  }
}

/* ---- the tape ---------------------------------------------------------------------------------------------------- */

/* A place on the tape that moves by `stride` from step to step, or is read anew for every step from `from` on. */
struct change {
  uint32_t place, from, stride;
};
struct tape {
  uint32_t at, calls, patches, patch_count, reads, read_count, steps, value, sum;
  double limit;
  /* A copy of all of it: nothing that is played can change what has been checked. */
  union place *copy;
  const union place *end;
  const struct change *patch, *read;
};

/* Whether an argument is an address; `any`: an address, a count, or what chooses a way. */
static int is_whole(const union place *c, size_t place, int any) {
  if (any && (place == 0 || (place == 1 && (c[0].u <= ACTIVATION_GRADIENT || c[0].u == OUTPUT_LOSS)))) return 1;
  for (const struct operand *o = operands[c[0].u]; o->use != NO_MORE; o++) {
    if (o->place == place || (o->use == ROWS && o->index == place)) return 1;
    if (any && (o->a == place || o->b == place)) return 1;
  }
  return 0;
}

/* Only addresses move, and only doubles are read anew: whatever else a call says stays as it was checked. */
static int may_change(const struct machine *m, const struct tape *t, const struct change *change, int is_read) {
  const size_t offset = (size_t)change->place - t->at, place = offset / 8;
  if (change->place < t->at || offset >= (size_t)t->calls * STRIDE || offset % 8) return 0;
  const uint64_t last = change->from + (uint64_t)(t->steps - 1) * change->stride;
  const int whole = is_whole(t->copy + place / PLACES * PLACES, place % PLACES, is_read);
  if (!is_read) return whole && last <= UINT32_MAX;
  return !whole && change->stride % 8 == 0 && lies_in(m, change->from, 1, 8) && lies_in(m, last, 1, 8);
}

static void set_step(const struct machine *m, const struct tape *t, uint32_t step) {
  for (const struct change *p = t->patch; p < t->patch + t->patch_count; p++) {
    t->copy[(p->place - t->at) / 8].u = p->from + step * p->stride;
  }
  for (const struct change *r = t->read; r < t->read + t->read_count; r++) {
    t->copy[(r->place - t->at) / 8].d = *(double *)(m->memory + (r->from + step * r->stride));
  }
}

static int are_calls_safe(const struct machine *m, const struct tape *t, size_t *numbers) {
  for (const union place *c = t->copy; c < t->end; c += PLACES) {
    if (!is_safe(m, c, numbers)) return 0;
    if (c[0].i == OUTER_FOR_NEXT && !is_joint(c, c + PLACES, t->end)) return 0;
  }
  return 1;
}

/* Addresses move evenly: what holds at the first and at the last step holds between. */
static int is_safe_tape(const struct machine *m, const struct tape *t, size_t *numbers) {
  if (!are_calls_safe(m, t, numbers)) return 0;
  for (uint32_t p = 0; p < t->patch_count; p++) if (!may_change(m, t, t->patch + p, 0)) return 0;
  for (uint32_t r = 0; r < t->read_count; r++) if (!may_change(m, t, t->read + r, 1)) return 0;
  set_step(m, t, t->steps - 1);
  if (!are_calls_safe(m, t, numbers)) return 0;
  set_step(m, t, 0);
  return are_calls_safe(m, t, numbers);
}

static int play_copy(struct machine *m, const struct tape *t) {
  size_t numbers = 0;
  if (!is_safe_tape(m, t, &numbers)) return NOT_MINE;
  if (numbers && posix_memalign((void **)&m->work, 64, numbers * 8)) return NOT_MINE;
  double total = *(double *)(m->memory + t->sum);
  uint32_t step = 0;
  while (step < t->steps) {
    set_step(m, t, step);
    for (const union place *c = t->copy; c < t->end; c += PLACES) {
      make(m, c);
      if (c[0].i == OUTER_FOR_NEXT) c += PLACES;
    }
    step++;
    const double value = *(double *)(m->memory + t->value);
    total += value;
    if (!(value < t->limit)) break;
  }
  *(double *)(m->memory + t->sum) = total;
  /* As WebAssembly leaves it. */
  memcpy(m->memory + t->at, t->copy, (size_t)t->calls * STRIDE);
  free(m->work);
  return m->strayed ? STRAYED : (int)step;
}

static int play(struct machine *m, struct tape *t) {
  const size_t bytes = (size_t)t->calls * STRIDE;
  const size_t patches = 12 * (size_t)t->patch_count, reads = 12 * (size_t)t->read_count;
  if (!t->calls || !t->steps || t->steps > INT32_MAX || !lies_in(m, t->at, bytes / 8, 8)) return NOT_MINE;
  if (patches && !lies_in(m, t->patches, patches / 4, 4)) return NOT_MINE;
  if (reads && !lies_in(m, t->reads, reads / 4, 4)) return NOT_MINE;
  if (!lies_in(m, t->value, 1, 8) || !lies_in(m, t->sum, 1, 8)) return NOT_MINE;
  char *copy = malloc(bytes + patches + reads);
  if (!copy) return NOT_MINE;
  memcpy(copy, m->memory + t->at, bytes);
  memcpy(copy + bytes, m->memory + t->patches, patches);
  memcpy(copy + bytes + patches, m->memory + t->reads, reads);
  t->copy = (union place *)copy, t->end = t->copy + bytes / 8;
  t->patch = (const struct change *)(copy + bytes), t->read = t->patch + t->patch_count;
  m->kept_from = t->at, m->kept_to = t->at + bytes;
  const int made = play_copy(m, t);
  free(copy);
  return made;
}

static int call(struct machine *m, const union place *c) {
  size_t numbers = 0;
  if (c[0].i == OUTER_FOR_NEXT || !is_safe(m, c, &numbers)) return NOT_MINE;
  if (numbers && posix_memalign((void **)&m->work, 64, numbers * 8)) return NOT_MINE;
  make(m, c);
  free(m->work);
  return m->strayed ? STRAYED : 0;
}

/* ---- Node-API ----------------------------------------------------------------------------------------------------
 * A stable C interface, of which these few declarations are all that is used: no header is needed.
 */
typedef void *value;
extern int napi_get_cb_info(void *, void *, size_t *, value *, value *, void **);
extern int napi_get_arraybuffer_info(void *, value, void **, size_t *);
extern int napi_get_value_double(void *, value, double *);
extern int napi_create_double(void *, double, value *);
extern int napi_create_function(void *, const char *, size_t, value (*)(void *, void *), void *, value *);
extern int napi_set_named_property(void *, value, const char *, value);

static value number(void *env, double x) {
  value v = 0;
  napi_create_double(env, x, &v);
  return v;
}

/* play(memory, tape, calls, patches, patchCount, reads, readCount, steps, value, limit, sum) */
static value play_from_js(void *env, void *info) {
  struct machine m = {0};
  size_t count = 11;
  value a[11];
  double d[11];
  napi_get_cb_info(env, info, &count, a, 0, 0);
  if (count < 11 || napi_get_arraybuffer_info(env, a[0], (void **)&m.memory, &m.bytes)) return number(env, NOT_MINE);
  for (int i = 1; i < 11; i++) {
    const int is_number = napi_get_value_double(env, a[i], &d[i]) == 0;
    if (!is_number || (i != 9 && !(d[i] >= 0 && d[i] <= UINT32_MAX))) return number(env, NOT_MINE);
  }
#define U(i) ((uint32_t)d[i])
  struct tape tape = {.at = U(1), .calls = U(2), .patches = U(3), .patch_count = U(4), .reads = U(5),
                      .read_count = U(6), .steps = U(7), .value = U(8), .limit = d[9], .sum = U(10)};
  return number(env, play(&m, &tape));
}

/* call(memory, record) */
static value call_from_js(void *env, void *info) {
  struct machine m = {0};
  void *record = 0;
  size_t count = 2, bytes = 0;
  value a[2];
  napi_get_cb_info(env, info, &count, a, 0, 0);
  if (count < 2 || napi_get_arraybuffer_info(env, a[0], (void **)&m.memory, &m.bytes) ||
      napi_get_arraybuffer_info(env, a[1], &record, &bytes) || bytes < STRIDE) return number(env, NOT_MINE);
  return number(env, call(&m, record));
}

__attribute__((visibility("default"))) value napi_register_module_v1(void *env, value exports) {
  value play_function, call_function;
  napi_create_function(env, "play", 4, play_from_js, 0, &play_function);
  napi_create_function(env, "call", 4, call_from_js, 0, &call_function);
  napi_set_named_property(env, exports, "play", play_function);
  napi_set_named_property(env, exports, "call", call_function);
  napi_set_named_property(env, exports, "lanes", number(env, LANES));
  return exports;
}
