package softmax

// Implementation is how the exponentials are normalized: the enumerator of nnet::softmax_implementation.
type Implementation string

// The implementations.
const (
	// Latency looks the exponential of each value up as it is: fast, and wrong where a sum leaves the table.
	Latency Implementation = "latency"
	// Stable subtracts the largest value first, so that no exponential is more than one.
	Stable Implementation = "stable"
	// Argmax answers one for the largest value and zero for the others, without tables.
	Argmax Implementation = "argmax"
	// Legacy is that of early hls4ml: a sum of exponentials of differences for every pair of values.
	Legacy Implementation = "legacy"
)

// implementations lists them in the order of hls4ml's choices, which messages and generated texts show.
func implementations() []Implementation { return []Implementation{Latency, Stable, Argmax, Legacy} }

// choices are the implementations as texts of a configuration.
func choices() []string {
	var out []string
	for _, i := range implementations() {
		out = append(out, string(i))
	}
	return out
}
