package profiling

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
)

// WriteJSON writes the profile with all numbers behind every picture.
// HTML escapes would turn fixed<16,6> into an unreadable text, and nothing here is HTML.
func (p *Profile) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(p)
}

// A column per fact, numbers without units and in full precision: the file is for plotting programs.
var csvColumns = []string{
	"stage", "group", "label", "layer", "kind", "role", "type", "range_low", "range_high", "partner",
	"count", "zeros", "non_finite", "min", "max", "mean",
	"abs_min", "abs_q1", "abs_median", "abs_q3", "abs_max", "abs_mean", "quantile_error",
	"bits_short", "bits_spare", "share_below_step",
}

// WriteCSV writes a line per tensor; what a tensor does not have is empty. Columns that begin with abs_ are
// of |x| of the values that are not zero.
func (p *Profile) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	if err := c.Write(csvColumns); err != nil {
		return err
	}
	for i := range p.Tensors {
		if err := c.Write(p.csvLine(&p.Tensors[i])); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

func (p *Profile) csvLine(t *Tensor) []string {
	line := []string{string(t.Stage), string(t.Group), t.Label, t.Layer, t.Kind, t.Role, t.Type}
	if r := t.Range; r != nil {
		line = append(line, strconv.Itoa(r.Low), strconv.Itoa(r.High))
	} else {
		line = append(line, "", "")
	}
	line = append(line, t.Partner, whole(t.Count), whole(t.Zeros), whole(t.NonFinite))
	line = append(line, number(t.Min), number(t.Max), number(t.Mean))
	if s := t.Abs; s != nil {
		for _, v := range []float64{s.Min, s.Q1, s.Median, s.Q3, s.Max, s.Mean, t.QuantileError} {
			line = append(line, number(v))
		}
	} else {
		line = append(line, "", "", "", "", "", "", "")
	}
	if f := t.Fit; f != nil {
		return append(line, strconv.Itoa(f.Short), strconv.Itoa(f.Spare), number(f.Lost))
	}
	return append(line, "", "", "")
}

// WriteHistogramCSV writes a line per tensor and octave: how many values lie in [2^log2, 2^(log2+1)), and in
// each eighth of that.
func (p *Profile) WriteHistogramCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	head := []string{"stage", "group", "label", "log2", "count"}
	for k := range Parts {
		head = append(head, "part_"+strconv.Itoa(k))
	}
	if err := c.Write(head); err != nil {
		return err
	}
	for _, t := range p.Tensors {
		for _, b := range t.Bins {
			line := []string{string(t.Stage), string(t.Group), t.Label, strconv.Itoa(b.Log2), whole(b.Count)}
			for _, n := range b.Parts {
				line = append(line, whole(n))
			}
			if err := c.Write(line); err != nil {
				return err
			}
		}
	}
	c.Flush()
	return c.Error()
}

func whole(n int64) string { return strconv.FormatInt(n, 10) }

// number writes the shortest text that reads back as the same float64.
func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
