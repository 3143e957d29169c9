/*
 * The player without Node: plays on a copy of the memory of a run. For processors that only an emulator has here.
 * usage: on-image ARGUMENTS < before > after, the ten arguments of play after the memory; prints to the standard error
 * what play returns.
 */
#include "player.c"
#include <stdio.h>

int main(int count, char **words) {
  static char memory[1 << 25];
  double d[11] = {0};
  struct machine m = {memory, fread(memory, 1, sizeof memory, stdin)};
  if (count != 11) return 2;
  for (int i = 1; i < 11; i++) d[i] = atof(words[i]);
  struct tape tape = {.at = U(1), .calls = U(2), .patches = U(3), .patch_count = U(4), .reads = U(5),
                      .read_count = U(6), .steps = U(7), .value = U(8), .limit = d[9], .sum = U(10)};
  fprintf(stderr, "%d", play(&m, &tape));
  return fwrite(memory, 1, m.bytes, stdout) == m.bytes ? 0 : 1;
}
