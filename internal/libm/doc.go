// Package libm computes what the C library computes when the look-up tables of a C simulation are filled:
// expf, tanhf and log of glibc 2.36 on x86-64, bit for bit, on every platform that Go runs on.
//
// The functions follow the published algorithms of that library: the table-driven exponential in double
// arithmetic that Arm published as "optimized routines", and Sun's fdlibm for tanh. Every product that feeds
// a sum is wrapped in a conversion, because Go may otherwise fuse the two on some processors.
//
// They were compared with glibc over all 2^32 float32 arguments: testdata/hash.c prints a hash of the results
// for each of 1024 blocks of arguments, testdata/*.txt keeps those hashes, and the test recomputes some of
// the blocks, or all of them with HLSGO_FULL=1.
package libm
