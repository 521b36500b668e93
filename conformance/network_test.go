package conformance_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/ir"
)

// A network is a random dense network with a random configuration.
type network struct {
	seed   uint64
	parsed *ir.Parsed
	config *ir.Config
	double bool // inputs are float64
}

// builder draws a network; everything comes from its seed.
type builder struct {
	*rand.Rand
	schema ir.Schema
	out    network
	layers []*ir.Layer // of the model at hand: the network, or one nested in it
	prefix string      // of the names
	number int         // of the layer drawn last
	shape  []int       // behind it
	shapes map[string][]int
	err    error
}

// randomNetwork draws the network number seed.
func randomNetwork(schema ir.Schema, seed uint64) (*network, error) {
	b := &builder{Rand: rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15)), schema: schema,
		shapes: map[string][]int{}}
	b.out.seed, b.out.double = seed, b.chance(0.15)
	p := &ir.Parsed{}
	b.out.parsed = p
	chains := 1
	if b.chance(0.1) {
		chains = 2
	}
	for i := range chains {
		b.prefix = []string{"", "b_"}[i]
		p.Inputs = append(p.Inputs, b.input())
		b.chain(1 + b.IntN(3))
		p.Outputs = append(p.Outputs, b.last())
	}
	if b.chance(0.15) {
		b.branch()
	}
	p.Layers = b.layers
	b.configure()
	return &b.out, b.err
}

func pick[T any](b *builder, items []T) T { return items[b.IntN(len(items))] }

func (b *builder) chance(p float64) bool { return b.Float64() < p }

func (b *builder) last() string { return b.layers[len(b.layers)-1].Name }

func (b *builder) input() string {
	b.shape = nil
	rank := 1
	if b.chance(0.25) {
		rank = 2 + b.IntN(2)
	}
	for range rank - 1 {
		b.shape = append(b.shape, 1+b.IntN(4))
	}
	b.shape = append(b.shape, 1+b.IntN(16))
	b.add("Input", "InputLayer", "inp", map[string]any{"input_shape": b.copyShape()})
	return b.last()
}

func (b *builder) copyShape() []int { return append([]int(nil), b.shape...) }

// chain appends blocks of layers.
func (b *builder) chain(blocks int) {
	for range blocks {
		switch {
		case b.chance(0.1) && b.prefix == "":
			b.group()
		case b.chance(0.15): // a block without a product
			b.norm()
		default:
			b.dense()
		}
		if b.chance(0.3) {
			b.norm()
		}
		if b.chance(0.7) {
			b.activation()
		}
		if len(b.shape) > 1 && b.chance(0.25) {
			b.permute()
		}
		if len(b.shape) > 1 && b.chance(0.4) {
			b.reshape()
			b.dense() // what else may follow in a stream reads words of the flattened size
		}
	}
}

// group appends a model inside the model.
func (b *builder) group() {
	k := b.next()
	outer := b.layers
	b.layers, b.prefix = nil, fmt.Sprintf("g%d_", k)
	b.add("Input", "InputLayer", "inp", map[string]any{"input_shape": b.copyShape()})
	b.chain(1 + b.IntN(2))
	inner := b.layers
	b.layers, b.prefix = outer, ""
	b.add("LayerGroup", "Sequential", fmt.Sprintf("group%d", k), map[string]any{
		"layer_list": inner, "input_layers": []string{}, "output_layers": []string{}, "output_shape": b.copyShape(),
	})
}

// branch gives a tensor inside the network a second reader, whose result is one more output.
func (b *builder) branch() {
	var inside []*ir.Layer
	for _, l := range b.layers {
		if l.Kind == "Activation" && !l.Implicit && !slices.Contains(b.out.parsed.Outputs, l.Name) {
			inside = append(inside, l)
		}
	}
	if len(inside) == 0 {
		return
	}
	from := pick(b, inside)
	if b.chance(0.3) {
		b.out.parsed.Outputs = append(b.out.parsed.Outputs, from.Name)
		return
	}
	b.prefix, b.shape = "second_", b.shapes[from.Name]
	at := len(b.layers)
	b.dense()
	b.layers[at].Inputs = []string{from.Name}
	b.out.parsed.Outputs = append(b.out.parsed.Outputs, b.last())
}

// samples draws the inputs: zeros, halves of a step, everyday values, and some far out of range.
func (n *network) samples(count int) []*hlsgo.Array {
	r := rand.New(rand.NewPCG(n.seed, 77))
	var out []*hlsgo.Array
	for _, l := range n.parsed.Layers {
		if l.Kind != "Input" {
			continue
		}
		shape, _ := ir.GetAttr(l.Attrs, "input_shape")
		out = append(out, inputSamples(r, count, ir.Size(shape.([]int)), n.double))
	}
	return out
}

// strange numbers have no place on any grid; the headers give them a value all the same.
var strange = []float64{
	math.Inf(1), math.Inf(-1), math.NaN(), math.Copysign(0, -1), 1e30, -1e30, 1e-40, math.MaxFloat32,
	1 << 31, -1 << 31,
}

func inputSamples(r *rand.Rand, count, size int, double bool) *hlsgo.Array {
	a := &hlsgo.Array{Shape: []int{count, size}}
	for i := range count * size {
		v := 1.5 * r.NormFloat64()
		switch s := i / size; {
		case s == 0:
			v = 0
		case s == 1:
			v = math.Round(v*1024)/1024 + 1.0/2048
		case s >= count-3:
			v *= 40
		case s == count-4:
			v = strange[r.IntN(len(strange))]
		}
		if double {
			a.F64 = append(a.F64, v)
		} else {
			a.F32 = append(a.F32, float32(v))
		}
	}
	return a
}
