package config

import (
	"cmp"

	"github.com/hlsgo/hlsgo/ir"
)

// StartOptions are the outermost keys of a configuration to start from; empty ones take hls4ml's defaults.
type StartOptions struct {
	OutputDir   string
	ProjectName string
	Part        string
	IOType      string
	ClockPeriod float64 // ns
}

// Start returns a whole configuration to start from: the keys of hls4ml's create_config for the backend, with
// hls in the place of HLSConfig, and behind them the keys of source, each before its file.
func Start(b Backend, o StartOptions, hls *ir.Tree, source ...string) *ir.Tree {
	t := ir.NewTree("OutputDir", cmp.Or(o.OutputDir, "my-hls-test"),
		"ProjectName", cmp.Or(o.ProjectName, "myproject"), "Backend", b.Name, "Version", "1.0.0")
	own := b.Start()
	for i, key := range own.Keys {
		t.Set(key, own.Values[i])
	}
	if o.Part != "" {
		t.Set("Part", o.Part)
	}
	if o.IOType != "" {
		t.Set("IOType", o.IOType)
	}
	if o.ClockPeriod != 0 {
		t.Set("ClockPeriod", wholeOr(o.ClockPeriod))
	}
	t.Set("HLSConfig", hls)
	for i := 0; i+1 < len(source); i += 2 {
		t.Set(source[i], source[i+1])
	}
	return t
}

// wholeOr writes 5 rather than 5.0, as hls4ml's own configurations do.
func wholeOr(f float64) any {
	if i := int(f); float64(i) == f {
		return i
	}
	return f
}
