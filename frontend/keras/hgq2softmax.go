package keras

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/softmax"
)

// readHGQSoftmax reads a softmax whose tables have the types that it was trained with. mirrors
// QSoftmaxHandler of hls4ml's converters/keras_v3/hgq2/softmax.py.
func readHGQSoftmax(h *hgqLayer) (*build.Out, error) {
	out, err := Layer(h.Call, "Softmax", "Softmax")
	if err != nil {
		return nil, err
	}
	a := build.Attrs[softmax.Attrs](out)
	a.Activation = "softmax"
	if err := h.softmaxAxes(a); err != nil {
		return nil, err
	}
	stable, err := h.config().Bool("stable", true)
	if err != nil {
		return nil, err
	}
	a.Implementation = softmax.Latency
	if stable {
		a.Implementation = softmax.Stable
	}
	scale, err := h.config().Float("input_scaler", 1)
	if err != nil {
		return nil, err
	}
	a.ExpScale = &scale
	if a.Trained, err = h.softmaxTables(stable); err != nil {
		return nil, err
	}
	parallel, err := h.config().Int("parallelization_factor", -1)
	if err != nil {
		return nil, err
	}
	if parallel < 0 {
		parallel = a.NOuter * a.NInner
	}
	a.ParallelizationFactor = &parallel
	size := 1 << min(a.Trained.InvInput.W, maxTableBits)
	a.InvTableSize = &size
	return out.Done()
}

// maxTableBits bounds what addresses a table: no firmware holds one of more entries.
const maxTableBits = 24

// softmaxAxes finds the axes that are normalized together, which must be neighbours.
func (h *hgqLayer) softmaxAxes(a *softmax.Attrs) error {
	shape, key := h.Shape(), "axes"
	if !h.config().Has(key) {
		key = "axis"
	}
	axes, err := h.config().Ints(key)
	if err != nil {
		return err
	}
	if len(axes) == 0 {
		axes = []int{-1}
	}
	axes = slices.Clone(axes)
	for i, axis := range axes {
		if axis < 0 {
			axes[i] += len(shape) + 1
		}
	}
	slices.Sort(axes)
	first, last := axes[0], axes[len(axes)-1]
	twice := len(slices.Compact(slices.Clone(axes))) < len(axes)
	if first < 1 || last > len(shape) || last-first != len(axes)-1 || twice {
		return fmt.Errorf("%s: got %v for an input of shape %v, want neighbours behind the batch axis",
			key, axes, shape)
	}
	a.NIn, a.NOuter, a.NInner = ir.Size(shape), ir.Size(shape[:first-1]), ir.Size(shape[last:])
	if a.Axis = first; len(axes) > 1 || first == len(shape) {
		a.Axis = -1
	}
	return nil
}

// softmaxTables reads the types of the tables.
func (h *hgqLayer) softmaxTables(stable bool) (*softmax.Tables, error) {
	t := &softmax.Tables{}
	list := []struct {
		to          *fixed.Format
		name, table string
		at          string
	}{
		{&t.Exp, "exp_oq_conf", "exp_table", "oq"},
		{&t.Inv, "inv_oq_conf", "inv_table", "oq"},
		{&t.InvInput, "inv_iq_conf", "inv_table", "iq"},
		{&t.Norm, "exp_iq_conf", "exp_table", "iq"}, // of the stable form alone
	}
	if !stable {
		list = list[:3]
	}
	for _, q := range list {
		found, err := h.quantizer(h.config()[q.name], q.table+"/"+q.at)
		if err != nil {
			return nil, err
		}
		if *q.to, err = found.one(); err != nil {
			return nil, fmt.Errorf("%s: %w", q.name, err)
		}
		if q.to.W > maxTableBits && q.at == "iq" {
			return nil, fmt.Errorf("%s: got %d bits, want at most %d: each of their patterns is an entry of a table",
				q.name, q.to.W, maxTableBits)
		}
	}
	return t, nil
}
