/*
 * Vectors of LANES doubles, 8, 4 or 2, as wide as the processor has registers. What stands here moves numbers or
 * chooses among them; nothing rounds. Arithmetic is written out where the kernels are, so that its order can be read
 * there.
 */
#ifndef EIGENFLOW_LANES_H
#define EIGENFLOW_LANES_H
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __FAST_MATH__
#error "fast-math changes results, and linking with it switches off subnormal numbers in the whole process"
#endif
#ifndef LANES
#if defined(__AVX512F__) && defined(__AVX512DQ__)
#define LANES 8
#elif defined(__AVX2__)
#define LANES 4
#else
#define LANES 2
#endif
#endif
/*
 * Moves are written with the instructions that make them; PLAIN_MOVES, or another processor, takes them number by
 * number.
 */
#if !defined(PLAIN_MOVES) && defined(__AVX512DQ__) && LANES == 8
#define HAS_512 1
#elif !defined(PLAIN_MOVES) && defined(__AVX2__) && LANES == 4
#define HAS_256 1
#endif
#ifdef __SSE2__
#include <immintrin.h>
#endif

#define INLINE static inline __attribute__((always_inline))
#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

typedef double vec __attribute__((vector_size(8 * LANES)));
typedef double vec_at __attribute__((vector_size(8 * LANES), aligned(8), may_alias));
typedef int64_t ints __attribute__((vector_size(8 * LANES)));
typedef uint64_t words __attribute__((vector_size(8 * LANES)));
typedef double pair __attribute__((vector_size(16)));
typedef double pair_at __attribute__((vector_size(16), aligned(8), may_alias));
/* Pairs of a vector. */
enum { PAIRS = LANES / 2 };

/* All lanes x. Less 0: x + 0 would turn -0 into 0. */
INLINE vec all(double x) { return x - (vec){0}; }
INLINE ints all_ints(int64_t x) { return x - (ints){0}; }
INLINE pair load_pair(const double *p) { return *(const pair_at *)p; }
INLINE void store_pair(double *p, pair x) { *(pair_at *)p = x; }

/* a where mask is set, else b. */
INLINE vec choose(ints mask, vec a, vec b) { return (vec)((mask & (ints)a) | (~mask & (ints)b)); }
INLINE vec without(vec a, ints mask) { return (vec)((ints)a & ~mask); }
INLINE vec signs_of(vec x) { return (vec)((ints)x & INT64_MIN); }
INLINE vec with_sign(vec x, vec signs) { return (vec)((ints)x | (ints)signs); }
INLINE vec size_of(vec x) { return (vec)((ints)x & INT64_MAX); }
/* The smaller, the larger of the two; where one of them is NaN, a. */
INLINE vec smaller(vec a, vec b) { return choose((ints)(b < a), b, a); }
INLINE vec larger(vec a, vec b) { return choose((ints)(a < b), b, a); }

#if HAS_512
INLINE vec pair_in_all(const double *p) { return (vec)_mm512_broadcast_f64x2(_mm_loadu_pd(p)); }
INLINE vec evens(vec a, vec b) { return (vec)_mm512_unpacklo_pd((__m512d)a, (__m512d)b); }
INLINE vec odds(vec a, vec b) { return (vec)_mm512_unpackhi_pd((__m512d)a, (__m512d)b); }
INLINE vec swapped_pairs(vec x) { return (vec)_mm512_permutex_pd((__m512d)x, 0x4e); }
INLINE vec root(vec x) { return (vec)_mm512_sqrt_pd((__m512d)x); }
INLINE words products(words a, words b) { return (words)_mm512_mul_epu32((__m512i)a, (__m512i)b); }
INLINE int every(ints mask) { return _mm512_movepi64_mask((__m512i)mask) == 0xff; }
INLINE vec load_some(const double *p, int m) { return (vec)_mm512_maskz_loadu_pd((__mmask8)((1u << m) - 1), p); }
INLINE void store_some(double *p, vec x, int m) { _mm512_mask_storeu_pd(p, (__mmask8)((1u << m) - 1), (__m512d)x); }
INLINE void transpose_pairs(vec *v) {
  const __m512d a = (__m512d)v[0], b = (__m512d)v[1], c = (__m512d)v[2], d = (__m512d)v[3];
  const __m512d ab = _mm512_shuffle_f64x2(a, b, 0x44), cd = _mm512_shuffle_f64x2(c, d, 0x44);
  const __m512d ef = _mm512_shuffle_f64x2(a, b, 0xee), gh = _mm512_shuffle_f64x2(c, d, 0xee);
  v[0] = (vec)_mm512_shuffle_f64x2(ab, cd, 0x88);
  v[1] = (vec)_mm512_shuffle_f64x2(ab, cd, 0xdd);
  v[2] = (vec)_mm512_shuffle_f64x2(ef, gh, 0x88);
  v[3] = (vec)_mm512_shuffle_f64x2(ef, gh, 0xdd);
}
#elif HAS_256
INLINE vec pair_in_all(const double *p) { return (vec)_mm256_broadcast_pd((const __m128d *)p); }
INLINE vec evens(vec a, vec b) { return (vec)_mm256_unpacklo_pd((__m256d)a, (__m256d)b); }
INLINE vec odds(vec a, vec b) { return (vec)_mm256_unpackhi_pd((__m256d)a, (__m256d)b); }
INLINE vec swapped_pairs(vec x) { return (vec)_mm256_permute2f128_pd((__m256d)x, (__m256d)x, 1); }
INLINE vec root(vec x) { return (vec)_mm256_sqrt_pd((__m256d)x); }
INLINE words products(words a, words b) { return (words)_mm256_mul_epu32((__m256i)a, (__m256i)b); }
INLINE int every(ints mask) { return _mm256_movemask_pd((__m256d)mask) == 0xf; }
INLINE __m256i first(int m) { return _mm256_cmpgt_epi64(_mm256_set1_epi64x(m), _mm256_setr_epi64x(0, 1, 2, 3)); }
INLINE vec load_some(const double *p, int m) { return (vec)_mm256_maskload_pd(p, first(m)); }
INLINE void store_some(double *p, vec x, int m) { _mm256_maskstore_pd(p, first(m), (__m256d)x); }
INLINE void transpose_pairs(vec *v) {
  const __m256d a = (__m256d)v[0], b = (__m256d)v[1];
  v[0] = (vec)_mm256_permute2f128_pd(a, b, 0x20);
  v[1] = (vec)_mm256_permute2f128_pd(a, b, 0x31);
}
#else
#define FOR_LANES(i) for (int i = 0; i < LANES; i++)
/* The two numbers at p, over and over. */
INLINE vec pair_in_all(const double *p) { vec v; FOR_LANES(i) v[i] = p[i & 1]; return v; }
/* The even, the odd numbers of a and b, in turns. */
INLINE vec evens(vec a, vec b) { vec v; FOR_LANES(i) v[i] = i & 1 ? b[i - 1] : a[i]; return v; }
INLINE vec odds(vec a, vec b) { vec v; FOR_LANES(i) v[i] = i & 1 ? b[i] : a[i + 1]; return v; }
/* Pairs 0 and 1, 2 and 3 in each other's place. */
INLINE vec swapped_pairs(vec x) { vec v; FOR_LANES(i) v[i] = x[(i ^ 2) % LANES]; return v; }
INLINE vec root(vec x) { vec v; FOR_LANES(i) v[i] = __builtin_sqrt(x[i]); return v; }
/* Products of 64 bits of the lower halves. */
INLINE words products(words a, words b) { return (a & 0xffffffff) * (b & 0xffffffff); }
/* Whether every lane of a mask is set. */
INLINE int every(ints mask) { int64_t a = -1; FOR_LANES(i) a &= mask[i]; return a != 0; }
/* The first m numbers, 0 < m < LANES. */
INLINE vec load_some(const double *p, int m) { vec v = {0}; FOR_LANES(i) if (i < m) v[i] = p[i]; return v; }
INLINE void store_some(double *p, vec x, int m) { FOR_LANES(i) if (i < m) p[i] = x[i]; }
/* Pair i of vector j and pair j of vector i in each other's place. */
INLINE void transpose_pairs(vec *v) {
  vec t[PAIRS];
  for (int i = 0; i < PAIRS; i++) FOR_LANES(l) t[i][l] = v[l / 2][2 * i + l % 2];
  memcpy(v, t, sizeof t);
}
#endif

/* The first m numbers at p. Where m is LANES and known to the compiler this is one instruction. */
INLINE vec load(const double *p, int m) { return m == LANES ? (vec)*(const vec_at *)p : load_some(p, m); }
INLINE void store(double *p, vec x, int m) {
  if (m == LANES) *(vec_at *)p = x;
  else store_some(p, x, m);
}
INLINE void store_pair_of(double *p, vec x, const int i) { store_pair(p, (pair){x[2 * i], x[2 * i + 1]}); }

/* A statement for the numbers i .. i + m - 1, again and again until all n are done: in whole vectors, then the rest. */
#define EACH(n, ...)                                                                                                   \
  do {                                                                                                                 \
    int i = 0;                                                                                                         \
    for (; i + LANES <= (n); i += LANES) { enum { m = LANES }; __VA_ARGS__; }                                          \
    if (i < (n)) { const int m = (n) - i; __VA_ARGS__; }                                                               \
  } while (0)
#endif
