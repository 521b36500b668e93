// Package drawtest runs properties over drawn values, the same in every run unless others are asked for. It
// is for tests only.
package drawtest

import (
	"flag"
	"os"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// seed is the first seed of a run that says nothing. It stands still so that a change is judged by itself and
// not by the luck of the draw; whoever looks for more faults sets RAPID_SEED, or -rapid.seed, to another.
const seed = "1"

var still sync.Once

// Check is rapid.Check with the seed of the package: -rapid.seed=N or RAPID_SEED=N draws others, and a
// failure says which flag draws its values again.
func Check(t *testing.T, property func(*rapid.T)) {
	t.Helper()
	still.Do(func() {
		given := os.Getenv("RAPID_SEED") != ""
		flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.seed" })
		if !given {
			_ = flag.Set("rapid.seed", seed) // rapid registers it, and it takes every number
		}
	})
	rapid.Check(t, property)
}
