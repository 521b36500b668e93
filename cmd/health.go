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
		columns: []string{
			"tensor", "type", "values", "wrapped", "saturated", "to zero", "off table", "places", "step", "largest",
			"integer bits", "unused fraction",
		},
		right: []string{
			"values", "wrapped", "saturated", "to zero", "off table", "places", "step", "largest", "integer bits",
			"unused fraction",
		},
		spare: []string{
			"step", "off table", "values", "unused fraction", "places", "largest", "to zero", "saturated", "wrapped",
		},
	}
	worst := h.Worst()
	for _, t := range worst[:min(len(worst), healthRows)] {
		s.add(t.Name(), t.Type, t.Values, marked{part(t, t.Wrapped), bad}, marked{part(t, t.Saturated), doubtful},
			part(t, t.Vanished), outside(t), places(t), step(t), fmt.Sprintf("%.4g", t.Largest()),
			bits(t), t.UnusedFraction)
	}
	if err := s.print(a.Out, false); err != nil {
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

// outside is the share of arguments beyond a table's ends, doubtful where its function goes on there.
func outside(t *hlsgo.TensorHealth) marked {
	m := marked{text: part(t, t.Outside)}
	if t.Open || t.Places == 0 {
		m.style = doubtful
	}
	return m
}

// places is how many places of the table that a tensor addresses its values reach.
func places(t *hlsgo.TensorHealth) string {
	if t.Places == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d", t.Reached, t.Places)
}

// step is how far apart the arguments of two places of the table are.
func step(t *hlsgo.TensorHealth) string {
	if t.Places == 0 {
		return ""
	}
	return digits(t.Step)
}

// bits is how many integer bits a tensor has too few or too many.
func bits(t *hlsgo.TensorHealth) marked {
	switch {
	case t.Role == "index" && t.Key == "": // places, which are counted in a C++ int
		return marked{}
	case t.Missing > 0:
		return marked{strconv.Itoa(t.Missing) + " short", bad}
	case t.Spare > 0:
		return marked{text: strconv.Itoa(t.Spare) + " spare"}
	}
	return marked{text: "fit"}
}

// strict is the error of --strict: the worst of the tensors of which overflow changed a value.
func strict(h *hlsgo.Health, mode string) error {
	if mode == "" {
		return nil
	}
	changed := h.Wrapped()
	if mode == "sat" {
		changed = append(changed, h.Saturated()...)
	}
	if len(changed) == 0 {
		return nil
	}
	// The worst by share, which is the one to mend first, and how many others there are.
	for _, t := range h.Worst() {
		if len(t.Overflow()) == 0 || mode != "sat" && t.Wrapped == 0 {
			continue
		}
		text := "--strict: " + t.Overflow()
		if n := len(changed) - 1; n > 0 {
			text += fmt.Sprintf(" (and %s more)", count(n, "tensor"))
		}
		return &strictError{text}
	}
	return nil
}
