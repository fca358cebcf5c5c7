/* The baseline of bench/run: microseconds of one libsodium crypto_scalarmult_ed25519_noclamp on
   this machine, now. The median of several rounds is printed. */
#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 15, MULTIPLICATIONS = 400 };

static double seconds(void)
{
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(void)
{
  unsigned char scalar[crypto_core_ed25519_SCALARBYTES], point[crypto_core_ed25519_BYTES];
  double rounds[ROUNDS];
  if (sodium_init() < 0)
    return 2;
  crypto_core_ed25519_random(point);
  for (int r = 0; r < ROUNDS; r++) {
    double start = seconds();
    for (int i = 0; i < MULTIPLICATIONS; i++) {
      crypto_core_ed25519_scalar_random(scalar);
      if (crypto_scalarmult_ed25519_noclamp(point, scalar, point) != 0)
        return 2;
    }
    rounds[r] = (seconds() - start) / MULTIPLICATIONS * 1e6;
  }
  qsort(rounds, ROUNDS, sizeof rounds[0], ascending);
  printf("%.3f\n", rounds[ROUNDS / 2]);
  return 0;
}
