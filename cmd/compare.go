package cmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hlsgo/hlsgo"
)

const compareLong = `Runs the fixed-point model and the float model on the same samples and shows, layer
by layer, how their answers differ, by hls4ml's two measures: norm_diff, the root of
the sum of the squared differences, and dist_diff, the difference of each value as a
share of the float value, at most 1. A layer departs when its mean dist_diff exceeds
0.01 and twice the worst of the layers that it reads.

Of layers that depart or overflow, the parts are then made exact one after the other
to find the type at fault, and the smallest type that mends it is tried on the whole
model. It is said to cure the model only where the answers come nearer to the float
model's: real models often have several types wrong at once, and the overflow moves on.

--cure looks for all of them together: it changes types and sizes of tables in the
configuration until the model agrees with the float model, and takes back every change
and every bit that is not needed. Types of trained quantizers stay, and what --keep
names. What it prints, and --write writes, is the configuration that it has run.

With OTHER.yml, a second configuration of the network, both are compared with the float
model on the same samples, and shown side by side: what is set in different ways, and
what that does to each layer. --html writes it as a page for the browser, with both
graphs.

X is as for 'hlsgo predict'; it is read once for each cure that is tried, and memory
does not grow with the number of samples, but for those with labels. Labels are one
class per sample, counted from 0, or rows of zeros and a 1, of numbers of any type;
they add accuracy, area under the ROC curve and confusion.`

const compareExample = `  hlsgo compare config.yml -i X.npy
  hlsgo compare config.yml -i X.npy --labels y.npy
  hlsgo compare config.yml -i X.npy --write tuned.yml
  hlsgo compare config.yml -i X.npy --cure --keep fc1 --keep fc2.weight_t
  hlsgo compare config.yml other.yml -i X.npy --html both.html
  hlsgo compare model.h5 --precision 'fixed<12,4>' -i X.npy --json`

// compareFlags are the flags of `hlsgo compare`. They are a struct and not package variables, so that two
// command lines can run in one process, as they do in tests.
type compareFlags struct {
	override *hlsgo.Overrides
	inputs   []string
	labels   string
	samples  int
	double   bool
	cure     bool
	write    string
	keep     []string
	html     string
	json     *bool
}

// newCompare is `hlsgo compare`.
func newCompare(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:     "compare CONFIG.yml | MODEL [OTHER.yml] [flags]",
		Short:   "find where and why the fixed-point model departs from the float model",
		Long:    compareLong,
		Example: compareExample,
		Args:    oneModelOrTwo,
		// Words under which people look for it.
		SuggestFor: []string{"cure", "diagnose", "debug", "explain", "tune"},
	}
	f := &compareFlags{}
	addInputs(c, &f.inputs)
	c.Flags().StringVar(&f.labels, "labels", "", "the samples' classes, `y.npy`")
	// Ten thousand samples tell a mean to a percent, and each is run once per cure that is tried.
	c.Flags().IntVarP(&f.samples, "samples", "n", 10000, "take the first `N` samples at most")
	c.Flags().BoolVar(&f.double, "float64", false, "compute the float model in float64, not as Keras does")
	c.Flags().BoolVar(&f.cure, "cure", false, "look for the settings that make the model agree")
	c.Flags().StringVar(&f.write, "write", "", "write the cured configuration, `tuned.yml`; means --cure")
	c.Flags().StringArrayVar(&f.keep, "keep", nil, "leave `LAYER` or LAYER.KEY as it is (may be repeated)")
	c.Flags().StringVar(&f.html, "html", "", "write what is found into one page, `report.html`")
	f.json = addJSON(c)
	f.override = addOverrides(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		if f.samples < 1 {
			return usage(c, "-n: got %d, want 1 or more", f.samples)
		}
		if err := f.check(c, len(args)); err != nil {
			return err
		}
		m, err := a.load(c, args[0], f.override)
		if err != nil {
			return err
		}
		if err := checkInputCount(c, f.inputs, len(m.Parsed().Inputs)); err != nil {
			return err
		}
		defer lowerGC()()
		if f.cure || f.write != "" {
			return a.cure(c, m, f)
		}
		if len(args) > 1 {
			remove, err := a.hold(f.inputs, &f.labels)
			if err != nil {
				return err
			}
			defer remove()
			return a.compareTwo(c, m, args[1], f)
		}
		r, err := a.compareModel(c, m, f)
		if err != nil {
			return err
		}
		if err := a.writeComparison(m, hlsgo.ReportData{Comparison: r}, f); err != nil {
			return err
		}
		return a.printComparison(r, *f.json)
	}
	return c
}

// printComparison shows a line per layer, then the suspects: who reads only the end reads the cause.
func (a *app) printComparison(r *hlsgo.Comparison, asJSON bool) error {
	if asJSON {
		return printJSON(a.Out, r)
	}
	s := sheet{
		columns: []string{"layer", "kind", "type", "norm_diff", "dist_diff", "median", "inherited", ""},
		right:   []string{"norm_diff", "dist_diff", "median", "inherited"},
		spare:   []string{"kind", "median", "inherited", "norm_diff"},
	}
	for _, l := range r.Layers {
		name := l.Layer
		if len(l.Folded) > 0 {
			name += " (with " + strings.Join(l.Folded, ", ") + ")"
		}
		mark := marked{}
		if l.Departs {
			mark = marked{"departs", bad}
		}
		s.add(name, l.Kind, l.Type, digits(l.Norm), digits(l.Dist.Mean), digits(l.Dist.Median),
			digits(l.Inherited), mark)
	}
	if err := s.print(a.Out, false); err != nil {
		return err
	}
	a.printScores(r)
	switch {
	case r.Departs != "":
		sayLine(a.Out, oneLine(r.Departs, longestCell)+" is the first layer that departs from the float model")
	default:
		fmt.Fprintf(a.Out, "no layer departs from the float model\n")
	}
	for _, s := range r.Suspects {
		sayLine(a.Out, oneLine(s.Text, longestLine))
		if parts := partsText(s.Shares); parts != "" && s.Layer == r.Departs {
			sayLine(a.Out, "  of the difference of "+oneLine(s.Layer, longestCell)+": "+parts)
		}
	}
	return nil
}

// digits writes a measure with three digits, which is more than differences of models mean.
func digits(v float64) string { return fmt.Sprintf("%.3g", v) }

// partsText lists where a difference comes from, in the order of the computation.
func partsText(shares map[string]float64) string {
	var words []string
	for _, role := range []string{"inputs", "weights", "accum", "table", "index", "result", "rest"} {
		// Less than half a percent would print as 0%.
		if v := shares[role]; v >= 0.005 {
			words = append(words, fmt.Sprintf("%s %.0f%%", role, 100*v))
		}
	}
	return strings.Join(words, ", ")
}

// aucText writes an area under a ROC curve, a dash where there is none: the class, or all others, have no
// samples.
func aucText(v float64) string {
	if v < 0 {
		return "–"
	}
	return fmt.Sprintf("%.4f", v)
}

// printScores shows how well both models tell classes apart.
func (a *app) printScores(r *hlsgo.Comparison) {
	if r.Float == nil {
		return
	}
	fmt.Fprintf(a.Out, "accuracy: float %.4f, fixed %.4f\n", r.Float.Accuracy, r.Fixed.Accuracy)
	for k := range r.Float.AUC {
		float, fixed := aucText(r.Float.AUC[k]), aucText(r.Fixed.AUC[k])
		fmt.Fprintf(a.Out, "class %d: AUC float %s, fixed %s\n", k, float, fixed)
	}
	fmt.Fprintln(a.Out, "samples by class (row) and answer, float | fixed")
	for k, row := range r.Float.Confusion {
		sayLine(a.Out, fmt.Sprintf("  %d: %v | %v", k, row, r.Fixed.Confusion[k]))
	}
	if r.Doubt != "" {
		sayLine(a.Out, r.Doubt)
	}
}
