/*
 * What a processor takes for a product and a sum of doubles, in the widest vectors that it has: many chains side by side, so
 * that neither waits for the other. Prints nanoseconds a pair, the fastest of many turns.
 */
#include <stdio.h>
#include <time.h>

#if defined(__AVX512F__)
enum { LANES = 8 };
#elif defined(__AVX2__)
enum { LANES = 4 };
#else
enum { LANES = 2 };
#endif
typedef double vec __attribute__((vector_size(8 * LANES)));

enum { STEPS = 4000, TURNS = 500, CHAINS = 6 };

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

int main(void) {
  double fastest = 1e9;
  volatile double start = 1;
  /* Read anew each time: no compiler can tell that the chains are alike. */
#define ONE ((vec){0} + start)
  const vec factor = ONE;
  for (int turn = 0; turn < TURNS; turn++) {
    /* Products and sums are chains of their own: the sums do not wait for the products. */
    vec p0 = ONE, p1 = ONE, p2 = ONE, p3 = ONE, p4 = ONE, p5 = ONE;
    vec s0 = ONE, s1 = ONE, s2 = ONE, s3 = ONE, s4 = ONE, s5 = ONE;
    const double before = seconds();
    for (int i = 0; i < STEPS; i++) {
      p0 *= factor, p1 *= factor, p2 *= factor, p3 *= factor, p4 *= factor, p5 *= factor;
      s0 += factor, s1 += factor, s2 += factor, s3 += factor, s4 += factor, s5 += factor;
      __asm__ volatile("" : : : "memory");
    }
    const double each = 1e9 * (seconds() - before) / ((double)STEPS * CHAINS * LANES);
    const vec sink = p0 + p1 + p2 + p3 + p4 + p5 + s0 + s1 + s2 + s3 + s4 + s5;
    start = 1 + 0 * sink[0];
    if (each < fastest) fastest = each;
  }
  printf("%.6f\n", fastest);
  return 0;
}
