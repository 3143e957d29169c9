/* Rows of a matrix, in order or by index. An index beyond the memory is noted, and row 0 is taken in its place. */
#ifndef EIGENFLOW_ROWS_H
#define EIGENFLOW_ROWS_H
#include "lanes.h"

struct rows {
  const char *x;
  size_t cols;
  const uint32_t *index;
  /* Bytes from row to row; from the first one to the last that fits into memory. */
  size_t stride, last;
  int *strayed;
};

INLINE const double *row_of(const struct rows *r, size_t s) {
  size_t offset = (r->index ? r->index[s] : s) * r->stride;
  if (__builtin_expect(offset > r->last, 0)) {
    *r->strayed = 1;
    offset = 0;
  }
  return (const double *)(r->x + offset);
}
#endif
