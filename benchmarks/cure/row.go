package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/hlsgo/hlsgo"
)

// row is what a cure made of one configuration.
type row struct {
	network, variant      string
	float, before, after  score
	bitsBefore, bitsAfter int64
	settings              int
	seconds               float64 // of processor time
}

// cure cures a configuration, writes it into a folder, and scores what was written.
func (n *network) cure(ctx context.Context, tk *hlsgo.Toolkit, variant, dir string) (*row, error) {
	m, err := tk.Load(n.config(variant), hlsgo.Overrides{})
	if err != nil {
		return nil, err
	}
	float, err := m.Reference(ctx, n.test)
	if err != nil {
		return nil, err
	}
	want := float[0].F64
	r := &row{network: n.name, variant: variant, float: n.judge(want, want)}
	if r.before, err = n.score(ctx, m, want); err != nil {
		return nil, err
	}
	begin := processorTime()
	c, err := m.Cure(ctx, hlsgo.CureOptions{}, n.tune)
	if err != nil {
		return nil, err
	}
	text, err := m.CureText(hlsgo.ConfigOptions{Dir: dir}, c)
	if err != nil {
		return nil, err
	}
	r.seconds = processorTime() - begin
	r.bitsBefore, r.bitsAfter, r.settings = c.BitsBefore, c.BitsAfter, len(c.Changes)
	file := filepath.Join(dir, n.name+"_"+variant+".yml")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return nil, err
	}
	written, err := tk.Load(file, hlsgo.Overrides{})
	if err != nil {
		return nil, err
	}
	r.after, err = n.score(ctx, written, want)
	return r, err
}

// score judges a model's answers to the test samples beside those of the float model.
func (n *network) score(ctx context.Context, m *hlsgo.Model, float []float64) (score, error) {
	y, err := m.Predict(ctx, n.test)
	if err != nil {
		return score{}, err
	}
	return n.judge(values(y[0]), float), nil
}

// String is the row in Markdown.
func (r *row) String() string {
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %s to %s | %d to %d | %d | %.1f |",
		r.network, r.variant, percent(r.float.accuracy), percent(r.before.accuracy), percent(r.after.accuracy),
		percent(r.before.agreement), percent(r.after.agreement), r.bitsBefore, r.bitsAfter, r.settings, r.seconds)
}

// percent of what may be far below zero, as errors larger than what they are a share of.
func percent(v float64) string {
	if v < 0 {
		return "< 0"
	}
	return fmt.Sprintf("%.1f", 100*v)
}
