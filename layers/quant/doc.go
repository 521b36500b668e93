// Package quant holds the quantizers that frameworks put on weights: how float values become values that a
// format holds exactly, in the framework's own order of float operations.
package quant
