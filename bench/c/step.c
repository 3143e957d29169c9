/*
 * A step (W ROWS x COLS, batch BATCH, tanh, fixed read-out) in plain C with sizes known to the compiler, by -D.
 * usage: step data.bin steps rate
 * data.bin: W (ROWS x COLS), read-out (ROWS), inputs (SAMPLES x COLS), targets (SAMPLES), doubles.
 * Prints nanoseconds a step, the sum of W and the sum of its squares.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double weights[ROWS][COLS] __attribute__((aligned(64)));
static double readout[ROWS] __attribute__((aligned(64)));
static double inputs[SAMPLES][COLS] __attribute__((aligned(64)));
static double targets[SAMPLES];
static double hidden[BATCH][ROWS] __attribute__((aligned(64)));
static double upstream[BATCH][ROWS] __attribute__((aligned(64)));
static double gradient[ROWS][COLS] __attribute__((aligned(64)));

static double step(int first, double rate) {
  const double(*x)[COLS] = inputs + first;
  for (int s = 0; s < BATCH; s++)
    for (int k = 0; k < ROWS; k++) {
      double z = 0;
      for (int l = 0; l < COLS; l++) z += weights[k][l] * x[s][l];
      hidden[s][k] = z;
    }
  for (int i = 0; i < BATCH * ROWS; i++) (&hidden[0][0])[i] = tanh((&hidden[0][0])[i]);
  double loss = 0;
  for (int s = 0; s < BATCH; s++) {
    double out = 0;
    for (int k = 0; k < ROWS; k++) out += readout[k] * hidden[s][k];
    const double error = out - targets[first + s];
    loss += 0.5 * error * error;
    for (int k = 0; k < ROWS; k++)
      upstream[s][k] = error / BATCH * readout[k] * (1 - hidden[s][k] * hidden[s][k]);
  }
  for (int k = 0; k < ROWS; k++)
    for (int l = 0; l < COLS; l++) {
      double g = 0;
      for (int s = 0; s < BATCH; s++) g += upstream[s][k] * x[s][l];
      gradient[k][l] = g;
    }
  for (int k = 0; k < ROWS; k++)
    for (int l = 0; l < COLS; l++) weights[k][l] -= rate * gradient[k][l];
  return loss / BATCH;
}

static int read_all(double *to, size_t n, FILE *file) { return fread(to, sizeof(double), n, file) == n; }

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  FILE *file = fopen(argv[1], "rb");
  if (!file || !read_all(&weights[0][0], ROWS * COLS, file) || !read_all(readout, ROWS, file) ||
      !read_all(&inputs[0][0], SAMPLES * COLS, file) || !read_all(targets, SAMPLES, file))
    return 3;
  const long steps = atol(argv[2]);
  const double rate = atof(argv[3]);
  struct timespec a, b;
  volatile double last = 0;
  clock_gettime(CLOCK_MONOTONIC, &a);
  int first = 0;
  for (long i = 0; i < steps; i++) {
    last = step(first, rate);
    first = first + BATCH == SAMPLES ? 0 : first + BATCH;
  }
  clock_gettime(CLOCK_MONOTONIC, &b);
  double sum = 0, squares = 0;
  for (int i = 0; i < ROWS * COLS; i++) {
    sum += (&weights[0][0])[i];
    squares += (&weights[0][0])[i] * (&weights[0][0])[i];
  }
  printf("%.3f %.17g %.17g\n", ((b.tv_sec - a.tv_sec) * 1e9 + (b.tv_nsec - a.tv_nsec)) / steps, sum, squares);
  return 0;
}
