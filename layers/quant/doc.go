// Package quant computes the quantizers of QKeras 0.9, in its own order of float32 operations, and says which
// number format hls4ml gives to weights and activations that have them.
//
// A quantizer enters as a Config, read from the dictionary of a model file (FromDict) or from its text
// (Parse). New makes a Func of it, the function that QKeras applies at inference. ForWeight and ForActivation
// wrap a Func the way hls4ml does, as an ir.Quantizer.
//
// Every intermediate result is rounded to float32 as TensorFlow's kernels round it; products that feed sums
// are wrapped in conversions, so that no processor fuses them. Sums over axes follow the order of Eigen's
// kernels in TensorFlow's x86-64 builds: eight columns at a time, four rows at a time (see means).
package quant
