// Package sim executes a graph bit for bit as the generated firmware does, without a C++ compiler.
//
// Compile lowers the final graph into a Program: a list of operations on planes. A plane holds one value of
// one tensor for a block of consecutive samples, as raw integers in the narrowest lane that holds the range
// proved for it. Kernels of layer kinds append the operations through a Lowering; the set of operations is
// small and closed, so that each can have a vector form. Moving values about costs nothing: it permutes the
// names of planes.
//
// Sums of products are data (Sum): which planes, which weights, in which order, into which accumulator. From
// formats, weights and ranges each sum gets the cheapest form that gives every bit right: exact, ring, cut or
// ordered; Program.Kernels tells which, and why. A function of a narrow value becomes a table.
//
// What does not fit 64 bits runs the plain evaluator of its kind (Kernel.Eval): one sample at a time, each
// C++ statement as one line over Num. The same evaluators judge the plane operations in tests.
//
// A View describes the operations of a program, with what is proved of each, to those who do not run them:
// estimators and emitters of hardware.
//
// Run streams samples through a Program on all cores, in order and in bounded memory, and delivers outputs,
// the trace of every layer, and raw integers. Reference is the float model to compare with.
package sim
