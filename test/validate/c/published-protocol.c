/*
 * The protocol of arXiv:2509.01349 once more, sharing nothing with eigenflow: own random numbers, own loops, the tanh of
 * the C library. What an ensemble of its runs says about a cell is held against what eigenflow says.
 * usage: published-protocol width learningRate epochs firstSeed seeds [measured]
 * Prints for each seed: loss over the data set, largest eigenvalue of W W^T, overlap q on 128 other inputs. With
 * `measured` epochs more, 100 others before them, in which a copy that starts 1e-8 |W| away sees the same batches and is
 * pulled back to that distance every 10 steps: the largest Lyapunov exponent per epoch.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUTS = 3, HIDDEN = 32, FEATURES = 16, SAMPLES = 4000, TEST = 128, BATCH = 4 };

/* xorshift128+ (Vigna 2017), started by an integer hash. */
static uint64_t state[2];

static void start(uint64_t seed) {
  for (int i = 0; i < 2; i++) {
    uint64_t z = seed += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    state[i] = z ^ (z >> 31);
  }
}

static double uniform(void) {
  uint64_t a = state[0];
  const uint64_t b = state[1];
  state[0] = b;
  a ^= a << 23;
  state[1] = a ^ b ^ (a >> 18) ^ (b >> 5);
  return ((state[1] + b) >> 11) * 0x1p-53;
}

/* Marsaglia's polar method, one of the two thrown away. */
static double normal(void) {
  for (;;) {
    const double u = 2 * uniform() - 1, v = 2 * uniform() - 1, r = u * u + v * v;
    if (r > 0 && r < 1) return u * sqrt(-2 * log(r) / r);
  }
}

static double first[HIDDEN][INPUTS], teacher[FEATURES][HIDDEN], readout[FEATURES];
static double weights[FEATURES][HIDDEN], neighbour[FEATURES][HIDDEN];
static double hidden[SAMPLES][HIDDEN], target[SAMPLES];
static double testHidden[TEST][HIDDEN], atStart[TEST][FEATURES];

static void fill(double *to, int n, double sd) {
  for (int i = 0; i < n; i++) to[i] = sd * normal();
}

static void hide(double *out) {
  double x[INPUTS];
  fill(x, INPUTS, 1);
  for (int l = 0; l < HIDDEN; l++) out[l] = tanh(first[l][0] * x[0] + first[l][1] * x[1] + first[l][2] * x[2]);
}

static void features(double w[FEATURES][HIDDEN], const double *h, double *out) {
  for (int k = 0; k < FEATURES; k++) {
    double z = 0;
    for (int l = 0; l < HIDDEN; l++) z += w[k][l] * h[l];
    out[k] = z;
  }
  for (int k = 0; k < FEATURES; k++) out[k] = tanh(out[k]);
}

static double output(const double *phi) {
  double y = 0;
  for (int k = 0; k < FEATURES; k++) y += readout[k] * phi[k];
  return y;
}

static void step(double w[FEATURES][HIDDEN], int from, double rate) {
  static double phi[BATCH][FEATURES], error[BATCH];
  for (int s = 0; s < BATCH; s++) features(w, hidden[from + s], phi[s]);
  for (int s = 0; s < BATCH; s++) error[s] = target[from + s] - output(phi[s]);
  for (int s = 0; s < BATCH; s++)
    for (int k = 0; k < FEATURES; k++) phi[s][k] = rate / BATCH * error[s] * readout[k] * (1 - phi[s][k] * phi[s][k]);
  for (int k = 0; k < FEATURES; k++)
    for (int l = 0; l < HIDDEN; l++) {
      double move = 0;
      for (int s = 0; s < BATCH; s++) move += phi[s][k] * hidden[from + s][l];
      w[k][l] += move;
    }
}

/* Power iteration on W W^T: the largest level stands alone in the cells that are compared. */
static double largestLevel(void) {
  double v[FEATURES], u[HIDDEN], level = 0;
  for (int k = 0; k < FEATURES; k++) v[k] = 1 + 0.1 * k;
  for (int turn = 0; turn < 20000; turn++) {
    memset(u, 0, sizeof u);
    for (int k = 0; k < FEATURES; k++)
      for (int l = 0; l < HIDDEN; l++) u[l] += weights[k][l] * v[k];
    double norm = 0;
    for (int k = 0; k < FEATURES; k++) {
      v[k] = 0;
      for (int l = 0; l < HIDDEN; l++) v[k] += weights[k][l] * u[l];
      norm += v[k] * v[k];
    }
    norm = sqrt(norm);
    for (int k = 0; k < FEATURES; k++) v[k] /= norm;
    const double moved = fabs(norm - level);
    level = norm;
    if (moved < 1e-12 * level) break;
  }
  return level;
}

static double norm(const double *x, const double *y) {
  double square = 0;
  for (int i = 0; i < FEATURES * HIDDEN; i++) square += (x[i] - y[i]) * (x[i] - y[i]);
  return sqrt(square);
}

/* Mean logarithm of the growth of a separation in an epoch. */
static double growth(long epochs, double rate) {
  static const double origin[FEATURES * HIDDEN];
  double *a = &weights[0][0], *b = &neighbour[0][0], sum = 0;
  const double separation = 1e-8 * norm(a, origin);
  for (long epoch = 0; epoch < epochs; epoch++)
    for (int n = 0; n < SAMPLES; n += BATCH) {
      step(weights, n, rate);
      step(neighbour, n, rate);
      if ((n / BATCH + 1) % 10 != 0) continue;
      const double distance = norm(a, b);
      sum += log(distance / separation);
      for (int i = 0; i < FEATURES * HIDDEN; i++) b[i] = a[i] + separation / distance * (b[i] - a[i]);
    }
  return sum / epochs;
}

static double exponent(long epochs, double rate) {
  static const double origin[FEATURES * HIDDEN];
  double *a = &weights[0][0], *b = &neighbour[0][0];
  fill(b, FEATURES * HIDDEN, 1);
  const double scale = 1e-8 * norm(a, origin) / norm(b, origin);
  for (int i = 0; i < FEATURES * HIDDEN; i++) b[i] = a[i] + scale * b[i];
  growth(100, rate);
  return growth(epochs, rate);
}

int main(int argc, char **argv) {
  if (argc != 6 && argc != 7) return 2;
  const double width = atof(argv[1]), rate = atof(argv[2]);
  const long epochs = atol(argv[3]), from = atol(argv[4]), seeds = atol(argv[5]);
  const long measured = argc == 7 ? atol(argv[6]) : 0;
  for (long seed = from; seed < from + seeds; seed++) {
    double phi[FEATURES];
    start(1000003u * (uint64_t)seed + 17);
    fill(&first[0][0], HIDDEN * INPUTS, 1 / sqrt(INPUTS));
    fill(&teacher[0][0], FEATURES * HIDDEN, 1 / sqrt(HIDDEN));
    fill(readout, FEATURES, 1 / sqrt(FEATURES));
    fill(&weights[0][0], FEATURES * HIDDEN, width / sqrt(HIDDEN));
    for (int n = 0; n < SAMPLES; n++) {
      hide(hidden[n]);
      features(teacher, hidden[n], phi);
      target[n] = output(phi);
    }
    for (int n = 0; n < TEST; n++) {
      hide(testHidden[n]);
      features(weights, testHidden[n], atStart[n]);
    }
    for (long epoch = 0; epoch < epochs; epoch++)
      for (int n = 0; n < SAMPLES; n += BATCH) step(weights, n, rate);
    double loss = 0, overlap = 0;
    for (int n = 0; n < SAMPLES; n++) {
      features(weights, hidden[n], phi);
      const double error = target[n] - output(phi);
      loss += 0.5 * error * error / SAMPLES;
    }
    for (int n = 0; n < TEST; n++) {
      features(weights, testHidden[n], phi);
      for (int k = 0; k < FEATURES; k++) overlap += atStart[n][k] * phi[k] / (TEST * FEATURES);
    }
    printf("%.17g %.17g %.17g", loss, largestLevel(), overlap);
    if (measured > 0) printf(" %.17g", exponent(measured, rate));
    printf("\n");
    fflush(stdout);
  }
  return 0;
}
