package health

import (
	"cmp"
	"fmt"
	"slices"
)

// Worst lists the tensors, those that lost most first: wrapped values, saturated ones, values beyond a table,
// values that vanished, and then by how few integer bits are to spare.
func (h *Report) Worst() []*Tensor {
	out := make([]*Tensor, len(h.Tensors))
	for i := range h.Tensors {
		out[i] = &h.Tensors[i]
	}
	slices.SortStableFunc(out, func(a, b *Tensor) int {
		return cmp.Or(
			cmp.Compare(b.Share(b.Wrapped), a.Share(a.Wrapped)),
			cmp.Compare(b.Share(b.Saturated), a.Share(a.Saturated)),
			cmp.Compare(b.Share(b.Outside), a.Share(a.Outside)),
			cmp.Compare(b.Share(b.Vanished), a.Share(a.Vanished)),
			cmp.Compare(a.Spare, b.Spare),
		)
	})
	return out
}

// Lost reports whether overflow changed a value of the tensor.
func (t *Tensor) Lost() bool { return t.Wrapped+t.Saturated > 0 }

// Name is the tensor in words: "fc1 accum_t", "fc1 product" where the role is not that of the type's name.
func (t *Tensor) Name() string {
	switch {
	case t.Role+"_t" == t.Key || t.Key == "":
		return t.Layer + " " + t.Role
	case t.Role == RoleInput.Name:
		return t.Layer + " input"
	}
	return fmt.Sprintf("%s %s (%s)", t.Layer, t.Role, t.Key)
}

// Overflow is what overflow did to the tensor in one line: "fc1 accum: fixed<16,6> wraps in 4.1% of values, 3
// integer bits short". It is empty where it did nothing.
func (t *Tensor) Overflow() string {
	if !t.Lost() {
		return ""
	}
	verb, n := "wraps", t.Wrapped
	if t.Wrapped == 0 {
		verb, n = "saturates", t.Saturated
	}
	s := fmt.Sprintf("%s: %s %s in %s of values", t.Name(), t.Type, verb, Percent(t.Share(n)))
	switch {
	case t.Missing == 1:
		s += ", 1 integer bit short"
	case t.Missing > 1:
		s += fmt.Sprintf(", %d integer bits short", t.Missing)
	}
	if t.NeedsSign {
		s += ", no sign for values below zero"
	}
	return s
}

// Beyond is what the ends of a table did to the tensor in one line: "act: 9.1% of the arguments lie beyond
// its table of -8 to 8, ...". It is empty where they did nothing, or stand for a function that is flat there.
func (t *Tensor) Beyond() string {
	if !t.Open || t.Outside == 0 {
		return ""
	}
	return fmt.Sprintf(
		"%s: %s of the arguments lie beyond its table of %.3g to %.3g, and its function goes on there", t.Layer,
		Percent(t.Share(t.Outside)), t.TableLow, t.TableHigh)
}

// Percent writes a share for people: "4.1%", "0%", "<0.01%".
func Percent(share float64) string {
	switch p := 100 * share; {
	case p == 0:
		return "0%"
	case p < 0.01:
		return "<0.01%"
	case p < 1:
		return fmt.Sprintf("%.2f%%", p)
	case p < 99.95:
		return fmt.Sprintf("%.1f%%", p)
	case p < 100:
		return ">99.9%"
	}
	return "100%"
}
