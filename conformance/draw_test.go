package conformance_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/ir"
)

// A network is a random network with a random configuration.
type network struct {
	seed   uint64
	family string // of its first block
	parsed *ir.Parsed
	config *ir.Config
	double bool // inputs are float64
}

// builder draws a network; everything comes from its seed. The kinds' own tests build theirs with it too.
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

	stream    bool // io_stream
	quantized bool // layers of QKeras
	exact     bool // quantizers of HGQ decide the types of the whole network
	inside    int  // how many models and repeated steps are round the layer at hand
	flat      bool // a flatten came last: in a stream only a Dense reads it
	keys      map[string][]ir.Key
	types     map[string]string // results that the layer's quantizer dictates
}

// family is a group of layer kinds that one function draws.
type family struct {
	name  string
	share int // of the networks that begin with it
	// start draws the shape of an input that the family can read; nil: it is never the first.
	start func(b *builder) []int
	fits  func(b *builder) bool // can it read what came last
	draw  func(b *builder)
	exact bool // has rules for types under quantizers of HGQ
	step  bool // may stand alone in a TimeDistributed
}

func families() []family {
	return []family{
		{"dense", 4, (*builder).anyShape, upTo(3), (*builder).dense, true, true},
		{"norm", 1, (*builder).anyShape, upTo(3), (*builder).norms, true, true},
		{"activation", 2, (*builder).anyShape, upTo(4), (*builder).activation, true, true},
		{"conv1d", 4, sized(2, 8), upTo(2, 2), (*builder).conv1d, true, true},
		{"conv2d", 5, sized(3, 6), upTo(3, 3), (*builder).conv2d, true, true},
		{"pool", 4, (*builder).picture, upTo(3, 2), (*builder).pool, true, true},
		{"frame", 3, (*builder).picture, upTo(3, 2), (*builder).frame, false, true},
		{"resize", 2, (*builder).picture, upTo(3, 2), (*builder).resize, false, true},
		{"transpose", 1, (*builder).picture, upTo(4, 2), (*builder).permute, true, false},
		{"reshape", 1, (*builder).picture, upTo(4), (*builder).reform, true, false},
		{"merge", 4, (*builder).anyShape, upTo(3), (*builder).merge, true, false},
		{"embedding", 1, sized(1, 5), never, (*builder).embedding, false, false},
		{"recurrent", 5, sized(2, 6), upTo(2, 2), (*builder).recurrent, false, false},
		{"layernorm", 2, sized(2, 5), upTo(2, 2), (*builder).layerNorm, false, false},
		{"steps", 3, (*builder).stepShape, upTo(4, 2), (*builder).steps, false, false},
		{"garnet", 1, sized(2, 6), never, (*builder).garnet, false, false},
		{"einsum", 3, sized(2, 4), arrays(upTo(4)), (*builder).einsum, true, false},
		{"model", 2, (*builder).anyShape, upTo(3), (*builder).group, false, false},
		{"qkeras", 5, (*builder).anyShape, never, (*builder).quantizedBlock, false, false},
		{"hgq", 4, (*builder).anyShape, never, (*builder).exactBlock, false, false},
	}
}

// upTo wants at most so many axes, and at least so many.
func upTo(most int, least ...int) func(b *builder) bool {
	low := 1
	if len(least) > 0 {
		low = least[0]
	}
	return func(b *builder) bool { return len(b.shape) >= low && len(b.shape) <= most }
}

// arrays is fits where there are arrays.
func arrays(fits func(b *builder) bool) func(b *builder) bool {
	return func(b *builder) bool { return !b.stream && fits(b) }
}

// never is for families that read an input of the network alone.
func never(*builder) bool { return false }

// sized draws shapes of a number of axes, the last of few channels.
func sized(axes, most int) func(b *builder) []int {
	return func(b *builder) []int {
		var out []int
		for range axes {
			out = append(out, 1+b.IntN(most))
		}
		if axes > 1 {
			out[axes-1] = 1 + b.IntN(4)
		}
		return out
	}
}

func (b *builder) picture() []int { return sized(2+b.IntN(2), 6)(b) }

func (b *builder) stepShape() []int {
	return append([]int{1 + b.IntN(4)}, sized(1+b.IntN(3), 4)(b)...)
}

func (b *builder) anyShape() []int {
	rank := 1
	if b.chance(0.4) {
		rank = 2 + b.IntN(2)
	}
	var out []int
	for range rank - 1 {
		out = append(out, 1+b.IntN(4))
	}
	return append(out, 1+b.IntN(16))
}

// randomNetwork draws the network number seed, beginning with a block of the family; "" draws the family too.
func randomNetwork(schema ir.Schema, seed uint64, only string) (*network, error) {
	b := &builder{Rand: rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15)), schema: schema,
		shapes: map[string][]int{}, keys: map[string][]ir.Key{}, types: map[string]string{}}
	b.out.seed, b.out.double, b.out.parsed = seed, b.chance(0.12), &ir.Parsed{}
	b.place()
	chains := 1
	if b.chance(0.08) {
		chains = 2
	}
	for i := range chains {
		f, err := b.family(only)
		if err != nil {
			return nil, err
		}
		b.prefix, b.flat = []string{"", "b_"}[i], false
		b.out.family = f.name
		b.input(f.start(b))
		if f.name != "hgq" && b.chance(0.1) {
			b.norm()
		}
		f.draw(b)
		b.chain(b.IntN(3))
		b.finish()
		b.out.parsed.Outputs = append(b.out.parsed.Outputs, b.last())
	}
	if b.chance(0.2) {
		b.branch()
	}
	b.out.parsed.Layers = b.layers
	b.configure()
	return &b.out, b.err
}

// family draws one that the network can begin with.
func (b *builder) family(only string) (family, error) {
	var list []family
	for _, f := range families() {
		ok := f.start != nil && (only == "" || f.name == only)
		switch {
		case (f.name == "garnet" || f.name == "einsum") && b.stream:
			ok = false // arrays alone
		case len(b.layers) > 0 && (f.name == "hgq") != b.exact:
			ok = false // a second chain: the whole network has quantizers, or none
		}
		if ok {
			list = append(list, f)
		}
	}
	known := slices.ContainsFunc(families(), func(f family) bool { return f.name == only })
	switch {
	case len(list) == 0 && known:
		return b.family("") // not in this place
	case len(list) == 0:
		return family{}, fmt.Errorf("family %q: got none of that name", only)
	}
	return b.share(list), nil
}

// share draws a family by its share.
func (b *builder) share(list []family) family {
	sum := 0
	for _, f := range list {
		sum += f.share
	}
	at := b.IntN(sum)
	for _, f := range list {
		if at < f.share {
			return f
		}
		at -= f.share
	}
	return list[0]
}

// most values in a tensor, so that networks compile fast.
const most = 150

// chain appends blocks of any family that can read what is there.
func (b *builder) chain(blocks int) {
	for range blocks {
		b.block(func(family) bool { return true })
		if b.chance(0.3) && !b.flat {
			b.activation()
		}
	}
}

// block appends a block of one of the families, if any can read what is there.
func (b *builder) block(allowed func(family) bool) {
	if b.flat {
		b.dense()
		return
	}
	var list []family
	for _, f := range families() {
		// models inside are chains: hls4ml puts layers of several inputs in wrong places, hlsgo refuses them
		nested := b.inside == 0 || f.name != "merge" && f.name != "einsum"
		if f.fits(b) && allowed(f) && nested && (f.exact || !b.exact) && (b.inside < 2 || f.step) {
			list = append(list, f)
		}
	}
	if len(list) == 0 {
		return
	}
	if f := b.share(list); ir.Size(b.shape) <= most {
		f.draw(b)
	}
}

// finish appends what a network needs behind its last block.
func (b *builder) finish() {
	if b.flat || len(b.shape) <= 3 && b.chance(0.25) {
		b.dense()
	}
}

func pick[T any](b *builder, items []T) T { return items[b.IntN(len(items))] }

// choose draws one of several.
func choose[T any](b *builder, items ...T) T { return pick(b, items) }

func (b *builder) chance(p float64) bool { return b.Float64() < p }

func (b *builder) last() string { return b.layers[len(b.layers)-1].Name }

// input appends an input of the network.
func (b *builder) input(shape []int) {
	b.shape = shape
	l := b.add("Input", "InputLayer", fmt.Sprintf("inp%d", b.next()), map[string]any{
		"input_shape": b.copyShape(),
	})
	b.out.parsed.Inputs = append(b.out.parsed.Inputs, l.Name)
}

func (b *builder) copyShape() []int { return append([]int(nil), b.shape...) }

// branch gives a tensor inside the network a second reader, whose result is one more output.
func (b *builder) branch() {
	var inner []*ir.Layer
	for _, l := range b.layers {
		if l.Kind == "Activation" && !l.Implicit && !slices.Contains(b.out.parsed.Outputs, l.Name) &&
			len(b.shapes[l.Name]) <= 3 {
			inner = append(inner, l)
		}
	}
	if len(inner) == 0 {
		return
	}
	from := pick(b, inner)
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
