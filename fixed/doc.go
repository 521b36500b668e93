// Package fixed holds the number formats of generated firmware and their exact arithmetic: ap_fixed,
// ap_ufixed, ap_int and ap_uint of the Xilinx headers, ac_fixed and ac_int of the Algorithmic C headers.
//
// It is the only place of hlsgo that rounds or saturates. A number is a raw integer together with a
// Format; its value is raw * 2^-F. Two paths compute the same results:
//
//   - narrow: raws are int64. Every step of a Cast is exact even where an intermediate needs more bits.
//   - wide: raws are *big.Int, for formats up to 1024 bits and operator results up to 2050.
//
// A conversion quantizes first (mode Q) and then handles overflow (mode O, saturation bits N); quantize.go
// and overflow.go hold one function each for that. Plan is the same conversion with the steps dropped that
// a proved range makes dead. The sibling package fixedtest holds the slow model by definition against which
// all of it is tested, and testdata holds answers of the vendor headers.
package fixed
