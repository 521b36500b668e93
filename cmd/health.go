package cmd

import (
	"fmt"
	"strconv"

	"github.com/hlsgo/hlsgo"
)

// healthRows is how many tensors fit a screen.
const healthRows = 24

// printHealth shows how the tensors fare in their types, the worst first, or all of them as JSON.
func (a *app) printHealth(h *hlsgo.Health, asJSON bool) error {
	if asJSON {
		return printJSON(a.Out, h)
	}
	s := sheet{
		columns: []string{"tensor", "type", "values", "wrapped", "saturated", "to zero", "off table", "largest",
			"integer bits", "unused fraction"},
		right: []string{"values", "wrapped", "saturated", "to zero", "off table", "largest", "integer bits",
			"unused fraction"},
	}
	worst := h.Worst()
	for _, t := range worst[:min(len(worst), healthRows)] {
		s.add(t.Name(), t.Type, t.Values, part(t, t.Wrapped), part(t, t.Saturated), part(t, t.Vanished),
			part(t, t.Outside), fmt.Sprintf("%.4g", t.Largest()), bits(t), t.UnusedFraction)
	}
	// To Err, since Out may carry the predictions as CSV.
	if err := s.print(a.Err, false); err != nil {
		return err
	}
	if n := len(worst) - healthRows; n > 0 {
		fmt.Fprintf(a.Err, "and %s that fare no worse (--json lists all)\n", count(n, "tensor"))
	}
	return nil
}

// part is a count as a share of the tensor's values; nothing for none.
// Empty cells make the few that are not stand out.
func part(t *hlsgo.TensorHealth, n int64) string {
	if n == 0 {
		return ""
	}
	return hlsgo.Percent(t.Share(n))
}

// bits is how many integer bits a tensor has too few or too many.
func bits(t *hlsgo.TensorHealth) string {
	switch {
	case t.Missing > 0:
		return strconv.Itoa(t.Missing) + " short"
	case t.Spare > 0:
		return strconv.Itoa(t.Spare) + " to spare"
	}
	return "fit"
}

// strict is the error of --strict: the worst of the tensors of which overflow changed a value.
func strict(r hlsgo.PredictReport, mode string) error {
	if mode == "" {
		return nil
	}
	bad := r.Health.Wrapped()
	if mode == "sat" {
		bad = append(bad, r.Health.Saturated()...)
	}
	if len(bad) == 0 {
		return nil
	}
	// The worst by share, which is the one to mend first, and how many others there are.
	for _, t := range r.Health.Worst() {
		if len(t.Overflow()) == 0 || mode != "sat" && t.Wrapped == 0 {
			continue
		}
		text := "--strict: " + t.Overflow()
		if n := len(bad) - 1; n > 0 {
			text += fmt.Sprintf(" (and %s more)", count(n, "tensor"))
		}
		return &strictError{text}
	}
	return nil
}
