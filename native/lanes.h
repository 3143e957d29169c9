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
/* Some moves are written with the instructions that make them. PLAIN_MOVES takes none of these, as other processors. */
#if !defined(PLAIN_MOVES) && defined(__AVX512DQ__) && LANES == 8
#define HAS_512 1
#elif !defined(PLAIN_MOVES) && defined(__AVX2__) && LANES == 4
#define HAS_256 1
#endif
#if defined(__AVX512VL__) || defined(__aarch64__)
#define HAS_32_REGISTERS 1
#else
#define HAS_32_REGISTERS 0
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

/* Numbers of two vectors of so many lanes, counted from the first of a. */
#ifdef __clang__
#define SHUFFLE(lanes, a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
typedef int64_t places_8 __attribute__((vector_size(64)));
typedef int64_t places_4 __attribute__((vector_size(32)));
typedef int64_t places_2 __attribute__((vector_size(16)));
#define SHUFFLE(lanes, a, b, ...) __builtin_shuffle(a, b, (places_##lanes){__VA_ARGS__})
#endif
/* The even, the odd numbers of both in turns. */
#define EVENS_8(a, b) SHUFFLE(8, a, b, 0, 8, 2, 10, 4, 12, 6, 14)
#define EVENS_4(a, b) SHUFFLE(4, a, b, 0, 4, 2, 6)
#define EVENS_2(a, b) SHUFFLE(2, a, b, 0, 2)
#define ODDS_8(a, b) SHUFFLE(8, a, b, 1, 9, 3, 11, 5, 13, 7, 15)
#define ODDS_4(a, b) SHUFFLE(4, a, b, 1, 5, 3, 7)
#define ODDS_2(a, b) SHUFFLE(2, a, b, 1, 3)
#define JOINED_NOW(name, lanes) name##lanes
#define JOINED(name, lanes) JOINED_NOW(name, lanes)
#define EVENS JOINED(EVENS_, LANES)
#define ODDS JOINED(ODDS_, LANES)

#define FOR_LANES(i) for (int i = 0; i < LANES; i++)
#if HAS_512
INLINE vec root(vec x) { return (vec)_mm512_sqrt_pd((__m512d)x); }
INLINE words products(words a, words b) { return (words)_mm512_mul_epu32((__m512i)a, (__m512i)b); }
INLINE int every(ints mask) { return _mm512_movepi64_mask((__m512i)mask) == 0xff; }
INLINE vec load_some(const double *p, int m) { return (vec)_mm512_maskz_loadu_pd((__mmask8)((1u << m) - 1), p); }
INLINE void store_some(double *p, vec x, int m) { _mm512_mask_storeu_pd(p, (__mmask8)((1u << m) - 1), (__m512d)x); }
#elif HAS_256
INLINE vec root(vec x) { return (vec)_mm256_sqrt_pd((__m256d)x); }
INLINE words products(words a, words b) { return (words)_mm256_mul_epu32((__m256i)a, (__m256i)b); }
INLINE int every(ints mask) { return _mm256_movemask_pd((__m256d)mask) == 0xf; }
INLINE __m256i first(int m) { return _mm256_cmpgt_epi64(_mm256_set1_epi64x(m), _mm256_setr_epi64x(0, 1, 2, 3)); }
INLINE vec load_some(const double *p, int m) { return (vec)_mm256_maskload_pd(p, first(m)); }
INLINE void store_some(double *p, vec x, int m) { _mm256_maskstore_pd(p, first(m), (__m256d)x); }
#else
INLINE vec root(vec x) { vec v; FOR_LANES(i) v[i] = __builtin_sqrt(x[i]); return v; }
/* Products of 64 bits of the lower halves. */
INLINE words products(words a, words b) { return (a & 0xffffffff) * (b & 0xffffffff); }
/* Whether every lane of a mask is set. */
INLINE int every(ints mask) { int64_t a = -1; FOR_LANES(i) a &= mask[i]; return a != 0; }
/* The first m numbers, 0 < m < LANES. */
INLINE vec load_some(const double *p, int m) { vec v = {0}; FOR_LANES(i) if (i < m) v[i] = p[i]; return v; }
INLINE void store_some(double *p, vec x, int m) { FOR_LANES(i) if (i < m) p[i] = x[i]; }
#endif

/* The first m numbers at p. Where m is LANES and known to the compiler this is one instruction. */
INLINE vec load(const double *p, int m) { return m == LANES ? (vec)*(const vec_at *)p : load_some(p, m); }
INLINE void store(double *p, vec x, int m) {
  if (m == LANES) *(vec_at *)p = x;
  else store_some(p, x, m);
}

/* A statement for the numbers i .. i + m - 1, again and again until all n are done: in whole vectors, then the rest. */
#define EACH(n, ...)                                                                                                   \
  do {                                                                                                                 \
    int i = 0;                                                                                                         \
    for (; i + LANES <= (n); i += LANES) { enum { m = LANES }; __VA_ARGS__; }                                          \
    if (i < (n)) { const int m = (n) - i; __VA_ARGS__; }                                                               \
  } while (0)
#endif
