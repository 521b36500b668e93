// Package room tells how much memory this process may use, so that what is too large can be refused in one
// line before it is asked for: a process that asks for too much is killed and says nothing.
package room

import (
	"fmt"
	"math"
	"runtime/debug"
)

// Usual is what one model may take unless GOMEMLIMIT says otherwise, in bytes.
const Usual = 4 << 30

// Freely is what nobody asks for: looking at the system takes longer than reading or running a small model.
const Freely = 64 << 20

// Allowed is what one model may take, in bytes: GOMEMLIMIT where it is set, else Usual; and in either case
// not more than the machine has left for this process.
func Allowed() int64 { return Beside(0) }

// Beside is what is left of Allowed to who has taken some bytes already.
func Beside(taken int64) int64 { return max(min(wanted()-taken, left()), 0) }

// wanted is what the user wants one model to take at most, whatever there is.
func wanted() int64 {
	if set := debug.SetMemoryLimit(-1); set != math.MaxInt64 {
		return set
	}
	return Usual
}

// Short reports whether so many bytes are more than one model may take, and if so how many it may. What is
// taken freely it does not look for.
func Short(need int64) (most int64, short bool) {
	if need <= min(Freely, wanted()) {
		return 0, false
	}
	most = Allowed()
	return most, need > most
}

// Advice says how to allow more, for the end of a message.
const Advice = "GOMEMLIMIT=16GiB in the environment allows more, where the machine has it"

// Refusal is the text of every refusal: what would take need bytes, as far as that is known, of at
// most so many that there are to have, and what to do.
func Refusal(what string, need, most int64) string {
	return fmt.Sprintf("memory: got %s or more for %s, want at most %s: use smaller tensors or windows; %s",
		Text(need), what, Text(most), Advice)
}

// Text writes a number of bytes for people: "512 MB", "8.0 TB". math.MaxInt64 stands for all that is beyond.
func Text(bytes int64) string {
	if bytes == math.MaxInt64 {
		return "more than 9000 PB"
	}
	units := []string{"B", "KB", "MB", "GB", "TB", "PB"}
	v, u := float64(bytes), 0
	for v >= 1000 && u < len(units)-1 {
		v, u = v/1000, u+1
	}
	if v < 10 && u > 0 {
		return fmt.Sprintf("%.1f %s", v, units[u])
	}
	return fmt.Sprintf("%.0f %s", v, units[u])
}

// Times is the product of sizes that are not negative, or math.MaxInt64 where it is larger.
func Times(sizes ...int) int64 {
	p := int64(1)
	for _, n := range sizes {
		if n == 0 {
			return 0
		}
		if p > math.MaxInt64/int64(n) {
			p = math.MaxInt64
			continue // a zero may follow
		}
		p *= int64(n)
	}
	return p
}

// Plus is the sum of two sizes, or math.MaxInt64 where it is larger.
func Plus(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
