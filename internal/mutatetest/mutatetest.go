// Package mutatetest breaks honest files, for tests that feed them to the program. The same seed breaks the
// same files in the same way.
package mutatetest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
)

// A Mutant is a broken file.
type Mutant struct {
	Data []byte
	Of   int    // which of the honest files
	How  string // what was done to it, in order
}

// An operator breaks a file in one way. It may return data itself, changed or not, and must not grow it
// beyond what one test can bear: largest bytes, once.
type operator struct {
	name string
	do   func(r *rand.Rand, data []byte) []byte
}

// largest is the size of the longest strings that are put in.
const largest = 10 << 20

// Kinds are the kinds of files that Break knows, by the ends of their names.
func Kinds() []string { return []string{"h5", "json", "yml", "npy", "dat"} }

func operators(kind string) []operator {
	text := join(textOperators, byteOperators)
	switch kind {
	case "h5":
		return join(h5Operators, h5Operators, byteOperators)
	case "json":
		return join(jsonOperators, jsonOperators, text)
	case "yml":
		return join(yamlOperators, text, textOperators)
	case "npy":
		return join(npyOperators, npyOperators, byteOperators)
	case "dat":
		return text
	}
	panic(fmt.Sprintf("BUG: mutatetest: kind %q: unknown", kind))
}

func join(lists ...[]operator) []operator {
	var all []operator
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

// Break makes one broken file out of the honest ones of a kind, by one to three operators. One in ten is a
// splice of two of them first.
func Break(kind string, honest [][]byte, seed uint64) Mutant {
	r := rand.New(rand.NewPCG(seed, uint64(len(kind))))
	which := r.IntN(len(honest))
	data, how := bytes.Clone(honest[which]), []string{fmt.Sprintf("file %d", which)}
	if r.IntN(10) == 0 {
		data = splice(r, data, honest[r.IntN(len(honest))])
		how = append(how, "splice")
	}
	all := operators(kind)
	for range 1 + r.IntN(3)*r.IntN(2) {
		o := all[r.IntN(len(all))]
		if len(data) > largest { // such a file is broken enough, and the next copy costs as much again
			break
		}
		data = o.do(r, data)
		how = append(how, o.name)
	}
	return Mutant{data, which, strings.Join(how, ", ")}
}

// splice is the start of one file before the end of another.
func splice(r *rand.Rand, a, b []byte) []byte {
	return append(bytes.Clone(a[:place(r, a)]), b[place(r, b):]...)
}

// place is an offset in data, its end included.
func place(r *rand.Rand, data []byte) int { return r.IntN(len(data) + 1) }

// span is a short part of data.
func span(r *rand.Rand, data []byte) (from, to int) {
	from = place(r, data)
	return from, min(len(data), from+1+r.IntN(64))
}

// replace puts by where data[from:to] was.
func replace(data []byte, from, to int, by []byte) []byte {
	out := make([]byte, 0, len(data)-(to-from)+len(by))
	return append(append(append(out, data[:from]...), by...), data[to:]...)
}

func pick[T any](r *rand.Rand, of []T) T { return of[r.IntN(len(of))] }
