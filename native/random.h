/*
 * Uniform and normal variates: Philox4x32-10, a block a lane, then the operations of core/kernels/assembly/random.ts.
 * Numbers 2b and 2b + 1 are a function of the key, the counters and block b alone, whatever shares a register with
 * them.
 */
#include "elementary.h"

struct stream {
  uint32_t key[2], counter[3];
};

static const uint64_t lane_numbers[8] __attribute__((aligned(64))) = {0, 1, 2, 3, 4, 5, 6, 7};

/* Numbers of x and y in turns: the first, the second half. */
#if LANES == 8
#define FIRST_IN_TURNS(x, y) SHUFFLE(8, x, y, 0, 8, 1, 9, 2, 10, 3, 11)
#define SECOND_IN_TURNS(x, y) SHUFFLE(8, x, y, 4, 12, 5, 13, 6, 14, 7, 15)
#elif LANES == 4
#define FIRST_IN_TURNS(x, y) SHUFFLE(4, x, y, 0, 4, 1, 5)
#define SECOND_IN_TURNS(x, y) SHUFFLE(4, x, y, 2, 6, 3, 7)
#else
#define FIRST_IN_TURNS EVENS_2
#define SECOND_IN_TURNS ODDS_2
#endif

/* Words 0 and 1, 2 and 3 of blocks first, first + 1, ..: two numbers of 64 bits each. */
INLINE void blocks(const struct stream *of, uint32_t first, words *a, words *b) {
  uint32_t key0 = of->key[0], key1 = of->key[1];
  words c0 = (words)all_ints(of->counter[0]), c1 = (words)all_ints(of->counter[1]),
      c2 = (words)all_ints(of->counter[2]);
  words c3 = (words)all_ints(first) + *(const words *)lane_numbers;
  /* Upper halves hold what earlier rounds have left: products do not read them. */
  UNROLL for (int round = 0; round < 10; round++) {
    const words p = products(c0, (words)all_ints(0xd2511f53)), q = products(c2, (words)all_ints(0xcd9e8d57));
    c0 = (q >> 32) ^ c1 ^ key0;
    c2 = (p >> 32) ^ c3 ^ key1;
    c1 = q;
    c3 = p;
    key0 += 0x9e3779b9;
    key1 += 0xbb67ae85;
  }
  *a = (c0 & 0xffffffff) | (c1 << 32);
  *b = (c2 & 0xffffffff) | (c3 << 32);
}

/* 52 bits below the leading 1 of a double in [1, 2), less 1 - 2^-53. */
INLINE vec unit(words bits) { return (vec)((bits >> 12) | 0x3ff0000000000000) - 0.9999999999999999; }

/* A pair of normal variates of each two uniform ones: Box and Muller. */
INLINE void box_muller(vec u, vec turns, vec *x, vec *y) {
  const vec radius = root(-2.0 * log_normal(u));
  const vec counter = turns * 4.0 + ROUNDER;
  const vec f = turns - (counter - ROUNDER) * 0.25, v = f * f;
  const vec sine = f * POLYNOMIAL(v, 3.7813664021991253, -15.093829322542394, 42.058685506754735, -76.70585970878473,
                                  81.60524927596823, -41.34170224039968, 6.283185307179586);
  const vec cosine = POLYNOMIAL(v, -1.6970200845368533, 7.903101638245543, -26.426251140434637, 60.244641331611724,
                                -85.45681720654005, 64.93939402266801, -19.739208802178716, 1);
  const ints odd = (ints)(((ints)counter & 1) != 0);
  const words quadrant = (words)counter;
  *x = radius * (vec)((ints)choose(odd, sine, cosine) ^ (ints)(((quadrant + 1) & 2) << 62));
  *y = radius * (vec)((ints)choose(odd, cosine, sine) ^ (ints)((quadrant & 2) << 62));
}

INLINE void variates(const int normal, const struct stream *of, int n, double *out) {
  for (int i = 0; i < n; i += 2 * LANES, out += 2 * LANES) {
    words a, b;
    blocks(of, (uint32_t)i / 2, &a, &b);
    vec x = unit(a), y = unit(b);
    if (normal) box_muller(x, y, &x, &y);
    double last[2 * LANES], *to = n - i < 2 * LANES ? last : out;
    store(to, FIRST_IN_TURNS(x, y), LANES);
    store(to + LANES, SECOND_IN_TURNS(x, y), LANES);
    if (to == last) memcpy(out, last, (size_t)(n - i) * 8);
  }
}

static void uniforms(const struct stream *of, int n, double *out) { variates(0, of, n, out); }
static void normals(const struct stream *of, int n, double *out) { variates(1, of, n, out); }
