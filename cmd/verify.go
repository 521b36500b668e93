package cmd

import (
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/hlsgo/hlsgo"
)

const verifyLong = `Compiles the generated project with g++, runs it and the simulator on the same
samples, and compares the raw integers of every layer. The samples are those of
-i, else the configuration's InputData, else artificial ones drawn with --seed.
The exit code is 1 when a single bit differs.`

// newVerify is `hlsgo verify`.
func newVerify(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:        "verify CONFIG.yml | MODEL [flags]",
		SuggestFor: []string{"test", "csim", "simulate"},
		Short:      "compare the compiled firmware with the prediction, layer by layer, bit for bit",
		Long:       verifyLong,
		Example: `  hlsgo verify config.yml
  hlsgo verify config.yml -i X.npy -n 1000
  hlsgo verify model.h5 -n 1000 --seed 7
  hlsgo verify model.h5 --backend Vivado --io-type io_stream --json`,
		Args: oneModel,
	}
	var inputs []string
	addInputs(c, &inputs)
	samples := c.Flags().IntP("samples", "n", 100, "take `N` samples at most")
	seed := c.Flags().Uint64("seed", 1, "draw the artificial samples with seed `N`")
	asJSON := addJSON(c)
	o := addOverrides(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		if *samples < 1 {
			return usage(c, "-n: got %d, want 1 or more", *samples)
		}
		if len(inputs) > 0 && c.Flags().Changed("seed") {
			return usage(c, "--seed: got -i too, want one of them: seeds draw artificial samples")
		}
		m, err := a.load(c, args[0], o)
		if err != nil {
			return err
		}
		if err := checkInputCount(c, inputs, len(m.Parsed().Inputs)); err != nil {
			return err
		}
		line := a.progress("verify")
		// Compiling takes most of the time, and nobody can say how far it is.
		line.wait("compiling the firmware")
		report, err := m.Verify(c.Context(), hlsgo.VerifyJob{
			N: *samples, InputFiles: inputs, Seed: *seed, Progress: line.update,
		})
		line.clear()
		a.warn(m.Warnings())
		if err != nil {
			return err
		}
		return a.printVerify(report, *asJSON)
	}
	return c
}

// printVerify shows one line per layer and ends with an error when any value differs.
func (a *app) printVerify(r *hlsgo.VerifyReport, asJSON bool) error {
	s := sheet{
		columns: []string{"layer", "kind", "type", "values", "different", "first difference"},
		right:   []string{"values", "different"},
		spare:   []string{"kind", "values"},
		rows:    r,
	}
	for _, l := range r.Layers {
		how := unstyled
		if l.Differ > 0 {
			how = bad
		}
		s.add(l.Name, l.Kind, l.Type, l.Values, marked{strconv.Itoa(l.Differ), how}, firstDifference(l))
	}
	if err := s.print(a.Out, asJSON); err != nil {
		return err
	}
	if !r.OK {
		fmt.Fprintf(a.Err, "%s: firmware and prediction differ\n", count(r.Samples, "sample"))
		return errDiffers
	}
	fmt.Fprintf(a.Err, "%s: firmware and prediction are equal in every bit\n", count(r.Samples, "sample"))
	return nil
}

// firstDifference says where to begin looking: later differences mostly follow from the first.
func firstDifference(l hlsgo.VerifyLayer) string {
	if l.First == nil {
		return ""
	}
	d := l.First
	return fmt.Sprintf("sample %d, value %d: firmware %s, prediction %s", d.Sample, d.Index, d.Want, d.Got)
}
