package conformance_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// patient is a network that answers as the float model does, but for the faults planted in its types.
type patient struct {
	network *network
	toolkit *hlsgo.Toolkit
	tune    exam // samples that a cure may see
	unseen  exam
	honest  []float64 // errors without the faults, on samples that are not seen
	faults  []fault
}

// exam is a set of samples, and what the float model answers.
type exam struct {
	in, float []*hlsgo.Array
	choices   []bool // which outputs are a softmax over all their values
}

// fault is a setting that makes the answers wrong, alone.
type fault struct {
	plant
	role  string
	from  any
	error float64
}

// examined is how many samples are in each set.
const examined = 300

// right is the error up to which a network is honest, wrong the one from which a fault counts. A cure may
// leave 2% of other choices, and of numbers 5% of their deviation, a four hundredth of the variance.
const right, wrong, mostOthers, mostError = 0.02, 0.1, 0.02, 0.05

// cured reports whether errors are what a cure may leave, beside those without the faults.
func (p *patient) cured(errors []float64) bool {
	for i, e := range errors {
		most := max(mostError, 1.5*p.honest[i])
		if p.unseen.choices[i] {
			most = max(mostOthers, p.honest[i]+0.01)
		}
		if !(e <= most) { // or is no number
			return false
		}
	}
	return true
}

// newPatient makes the network of a seed with 2 to 6 faults; why says what makes it no patient.
func newPatient(tk *hlsgo.Toolkit, schema ir.Schema, seed uint64) (p *patient, why string) {
	n, err := honestNetwork(schema, seed)
	if err != nil {
		return nil, "not drawn"
	}
	p = &patient{network: n, toolkit: tk}
	r := rand.New(rand.NewPCG(seed, 4242))
	m, err := tk.NewModel(n.parsed, n.config)
	if err != nil {
		return nil, "refused"
	}
	for _, e := range []*exam{&p.tune, &p.unseen} {
		e.in = n.everydaySamples(r, examined)
		if e.float, err = m.Reference(context.Background(), e.in...); err != nil {
			return nil, "without a float reference"
		}
		e.choices = n.choices()
		if constant(e.float) {
			return nil, "with an output that is always the same"
		}
	}
	if p.honest, err = p.unseen.errors(m); err != nil {
		return nil, "refused"
	}
	if !(slices.Max(p.honest) <= right) {
		return nil, "that types of one rule do not make right"
	}
	health, err := m.Health(context.Background(), p.tune.in...)
	if err != nil {
		return nil, "without health"
	}
	p.plant(r, health, 2+r.IntN(5))
	if len(p.faults) < 2 {
		return nil, "with fewer than two types to cut"
	}
	return p, ""
}

// constant reports whether an output hardly varies.
func constant(out []*hlsgo.Array) bool {
	return slices.ContainsFunc(out, func(a *hlsgo.Array) bool {
		return !(spread(a.F64, a.Samples()) > 1e-3) // or is no number
	})
}

// spread is the deviation of an output's values from their means.
func spread(x []float64, samples int) float64 {
	size, squares := len(x)/samples, 0.0
	for k := range size {
		var column []float64
		mean := 0.0
		for s := range samples {
			column = append(column, x[s*size+k])
			mean += x[s*size+k] / float64(samples)
		}
		squares += math.Pow(deviation(column, mean), 2)
	}
	return math.Sqrt(squares / float64(size))
}

// errors are those of the model's outputs. Of a softmax an error is the share of samples for
// which another class is chosen than the float model's, else the root of the mean squared difference from the
// float model, by the deviation of what that answers.
func (e *exam) errors(m *hlsgo.Model) ([]float64, error) {
	y, err := m.Predict(context.Background(), e.in...)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(e.float))
	for i, want := range e.float {
		got := make([]float64, len(want.F64))
		for k, v := range y[i].F32 {
			got[k] = float64(v)
		}
		if e.choices[i] {
			out[i] = otherChoices(got, want.F64, want.Samples())
			continue
		}
		for k, v := range want.F64 {
			got[k] -= v
		}
		out[i] = deviation(got, 0) / spread(want.F64, want.Samples())
	}
	return out, nil
}

// otherChoices is the share of samples whose largest value stands elsewhere.
func otherChoices(got, want []float64, samples int) float64 {
	size, other := len(want)/samples, 0
	for at := 0; at < len(want); at += size {
		if largest(got[at:at+size]) != largest(want[at:at+size]) {
			other++
		}
	}
	return float64(other) / float64(samples)
}

func largest(row []float64) int {
	best := 0
	for i, v := range row {
		if v > row[best] {
			best = i
		}
	}
	return best
}

// model is the network with settings planted.
func (p *patient) model(list ...plant) (*hlsgo.Model, error) {
	n := p.network.planted(list...)
	return p.toolkit.NewModel(n.parsed, n.config)
}

// sick is the network with all faults.
func (p *patient) sick() (*hlsgo.Model, error) {
	var list []plant
	for _, f := range p.faults {
		list = append(list, f.plant)
	}
	return p.model(list...)
}

// plant tries tensors of random roles until so many make the answers wrong.
func (p *patient) plant(r *rand.Rand, h *hlsgo.Health, wanted int) {
	owned, layers := p.network.owned(), map[string]bool{}
	for _, l := range everyLayer(p.network.parsed.Layers) {
		layers[l.Name] = true
	}
	byRole := map[string][]*sim.TensorHealth{}
	for i := range h.Tensors {
		t := &h.Tensors[i]
		if !layers[t.Layer] || owned[[2]string{t.Layer, t.Key}] {
			continue
		}
		if t.Role == "index" || t.Role == "table" {
			byRole["size"] = append(byRole["size"], t)
		}
		if t.Key != "" && t.Format.IsFixedOrInt() && t.Format.Narrow() && t.Largest() > 0 {
			byRole[plantRole(t)] = append(byRole[plantRole(t)], t)
		}
	}
	roles := []string{"table", "size", "input", "weight", "accum", "result"}
	for try := range 60 {
		role := roles[r.IntN(len(roles))]
		if try < 2 { // fewer networks have these
			role = roles[try]
		}
		list := byRole[role]
		if len(list) == 0 {
			continue
		}
		t := list[r.IntN(len(list))]
		f, ok := p.cut(t, role, r)
		if !ok || slices.ContainsFunc(p.faults, f.same) {
			continue
		}
		p.faults = append(p.faults, f)
		if len(p.faults) == wanted {
			return
		}
	}
}

func (f fault) same(other fault) bool { return f.layer == other.layer && f.key == other.key }

// plantRole is the part of a model that a tensor belongs to.
func plantRole(t *sim.TensorHealth) string {
	switch {
	case t.Role == "table":
		return "table"
	case t.Static:
		return "weight"
	case t.Role == "product":
		return "accum"
	}
	return t.Role
}

// cut takes bits from a tensor, or places from a table, until the answers are wrong.
func (p *patient) cut(t *sim.TensorHealth, role string, r *rand.Rand) (fault, bool) {
	var values []any
	from := any(t.Format.String())
	if role == "size" {
		from = "TableSize"
		for size := 512; size >= 2; size /= 2 {
			values = append(values, size)
		}
		return p.firstWrong(fault{plant: plant{layer: t.Layer, key: "TableSize"}, role: role, from: from}, values)
	}
	fraction := r.Float64() < 0.3
	for cut := 1; cut < t.Format.W; cut++ {
		f := t.Format
		f.W, f.O, f.N, f.Kind = f.W-cut, fixed.WRAP, 0, fixed.KindFixed
		if !fraction {
			f.I -= cut
		}
		values = append(values, f.String())
	}
	return p.firstWrong(fault{plant: plant{layer: t.Layer, key: t.Key}, role: role, from: from}, values)
}

// firstWrong finds the first value of a setting that makes the answers wrong.
func (p *patient) firstWrong(f fault, values []any) (fault, bool) {
	for _, v := range values {
		f.value = v
		m, err := p.model(f.plant)
		if err != nil {
			return f, false
		}
		errors, err := p.tune.errors(m)
		if err != nil {
			return f, false
		}
		if f.error = slices.Max(errors); f.error > wrong {
			return f, true
		}
	}
	return f, false
}
