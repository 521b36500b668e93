// Package conformance holds the tests that stretch over all parts: random networks predicted, compiled and
// compared, against the generated firmware and against hls4ml itself. There is no code to import in it.
package conformance
