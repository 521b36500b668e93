/* Prints, for each of 1024 blocks of 2^22 float32 arguments, a hash of what the C library returns.
 *
 *   gcc -O1 -ffp-contract=off hash.c -lm -o hash
 *   ./hash exp  > exp32.txt
 *   ./hash tanh > tanh32.txt
 *   ./hash softplus > softplus.txt
 *
 * "softplus" is (float)log((double)e + 1.0) for e >= 0. Every NaN counts as 0x7fc00000. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static float softplus(float e) { return e < 0 ? 0 : (float)log((double)e + 1.0); }

int main(int argc, char **argv) {
    float (*f)(float) = argc < 2 ? 0 : !strcmp(argv[1], "exp") ? expf : !strcmp(argv[1], "tanh") ? tanhf
                      : !strcmp(argv[1], "softplus") ? softplus : 0;
    if (!f) {
        fprintf(stderr, "usage: hash exp|tanh|softplus\n");
        return 2;
    }
    for (uint32_t block = 0; block < 1024; block++) {
        uint64_t h = 0xcbf29ce484222325u;
        for (uint32_t i = 0; i < 1u << 22; i++) {
            uint32_t bits = block << 22 | i;
            float x, y;
            memcpy(&x, &bits, 4);
            y = f(x);
            memcpy(&bits, &y, 4);
            if (y != y)
                bits = 0x7fc00000;
            h = (h ^ bits) * 0x100000001b3u;
        }
        printf("%016llx\n", (unsigned long long)h);
    }
    return 0;
}
