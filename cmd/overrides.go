package cmd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/hlsgo/hlsgo"
)

// addOverrides gives c the flags that stand in for keys of the configuration.
// One function for all verbs: a setting has one name and one meaning wherever it is given.
func addOverrides(c *cobra.Command) *hlsgo.Overrides {
	o := &hlsgo.Overrides{}
	f := pflag.NewFlagSet("", pflag.ContinueOnError)
	f.StringVar(&o.Backend, "backend", "", "`TOOL` to generate for, see 'hlsgo backends'")
	f.StringVar(&o.IOType, "io-type", "", "how data travels: `io_parallel` or io_stream")
	f.StringVar(&o.Precision, "precision", "", "default `TYPE` of the model, such as 'fixed<16,6>'")
	f.IntVar(&o.ReuseFactor, "reuse-factor", 0, "use each multiplier `N` times, from 1")
	f.StringVar(&o.Strategy, "strategy", "", "how layers multiply: `Latency`, Resource, Resource_Unrolled "+
		"or distributed_arithmetic")
	f.StringVar(&o.Part, "part", "", "`NUMBER` of the FPGA part")
	f.Float64Var(&o.ClockPeriod, "clock-period", 0, "clock period in `ns`")
	f.StringVar(&o.OutputDir, "output-dir", "", "`FOLDER` of the project")
	f.StringVar(&o.ProjectName, "project-name", "", "`NAME` of the project and of its top function")
	f.StringVar(&o.Weights, "weights", "", "`FILE` of the weights of a MODEL in .json, else found beside it")
	f.StringArrayVar(&o.Set, "set", nil, "any other key, as `Key.Path=value` (may be repeated)")
	f.BoolVar(&o.StrictConfig, "strict-config", false,
		"make errors of names and keys in CONFIG.yml that hls4ml passes over")
	f.VisitAll(func(flag *pflag.Flag) { flag.Annotations = map[string][]string{overrideMark: {"true"}} })
	// In the order in which they stand here, which is that of their importance.
	f.SortFlags, c.Flags().SortFlags = false, false
	c.Flags().AddFlagSet(f)
	return o
}

// checkOverrides refuses flag values that can be judged without a model.
// Changed is asked and not the value, since a zero that was typed is a mistake and one that was not is none.
func checkOverrides(a *app, c *cobra.Command, o *hlsgo.Overrides) error {
	changed := c.Flags().Changed
	knownIO := slices.Contains(hlsgo.IOTypes(), hlsgo.IOType(o.IOType))
	if err := checkFlags(c, []flagRule{
		{"--io-type", changed("io-type") && !knownIO,
			fmt.Sprintf("got %q, want io_parallel or io_stream", o.IOType)},
		{"--reuse-factor", changed("reuse-factor") && o.ReuseFactor < 1, got(o.ReuseFactor, "1 or more")},
		// Not "<= 0": NaN is a float64 that the flag accepts, and it is not more than 0 either.
		{"--clock-period", changed("clock-period") && !(o.ClockPeriod > 0), got(o.ClockPeriod, "more than 0 ns")},
	}); err != nil {
		return err
	}
	if changed("backend") {
		names := backendNames(a)
		if !slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, o.Backend) }) {
			return usage(c, "--backend: got %q, want one of %s", o.Backend, strings.Join(names, ", "))
		}
	}
	// Only the form is judged; whether there is such a key is the configuration's question, as for keys in a
	// file.
	for _, s := range o.Set {
		if key, _, ok := strings.Cut(s, "="); !ok || key == "" {
			return usage(c, "--set: got %q, want Key.Path=value", s)
		}
	}
	return nil
}

// backendNames lists the tools that predict; most of them can generate, too.
func backendNames(a *app) []string {
	var names []string
	for _, b := range a.toolkit.Backends() {
		if b.Flow != "" {
			names = append(names, b.Name)
		}
	}
	return names
}

// load reads the configuration or model of a command line and prints the warnings about it.
func (a *app) load(c *cobra.Command, path string, o *hlsgo.Overrides) (*hlsgo.Model, error) {
	if err := checkOverrides(a, c, o); err != nil {
		return nil, err
	}
	if path == "-" {
		return a.toolkit.LoadStream(a.in(), standardInput, "", *o)
	}
	return a.toolkit.Load(path, *o)
}
