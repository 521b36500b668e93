package sim

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
)

// A picture has many positions at which a network does the same with the same weights. Written out value by
// value, a program of one large picture takes gigabytes before anything runs. So a tensor may lie on a grid
// instead: one plane per channel, which holds the channel at all positions of one sample, row by row. What
// are samples of a block to other operations are positions to those on a grid; the operations are the same,
// and a window is the same plane read from other lanes on.

// GridUse says whether a program puts pictures on grids. Answers do not depend on it.
type GridUse uint8

// The ways to run pictures.
const (
	GridAuto   GridUse = iota // where the network is so large that it pays
	GridNever                 // each value has a plane of its own
	GridAlways                // wherever there is a kernel for it
)

// grid says how the positions of a tensor lie in its planes.
type grid struct {
	h, w   int // rows, and positions in a row
	stride int // lanes from one row to the next; what lies between them is anything in the plane's range
}

// lanes is the number of lanes up to the last position.
func (g grid) lanes() int { return (g.h-1)*g.stride + g.w }

func (g grid) positions() int { return g.h * g.w }

// gridOf is the grid of a tensor of a shape, channels last, with rows without gaps; false: it has no
// positions.
func gridOf(shape []int) (grid, bool) {
	n := len(shape)
	if n < 2 {
		return grid{}, false
	}
	w := shape[n-2]
	return grid{h: ir.Size(shape[:n-2]), w: w, stride: w}, true
}

// Blocks of many samples of a small network stay in the cache, and fill vectors better than its few
// positions. But a program value by value takes about as long to make as a thousand samples of it to run: for
// fewer, a grid pays sooner.
const (
	gridValues    = 1 << 17 // of all tensors of a sample
	gridPositions = 1 << 10 // of a tensor on a grid, so that a plane has many vectors
	fewSamples    = 1000
	fewValues     = 1 << 13
	fewPositions  = 1 << 6
	// vectorPositions is for vectors, of which small networks have long ones that go into a sum of all values.
	vectorPositions = 1 << 16
)

// leastPositions is how many positions an input must have to lie on a grid; false: none does.
func leastPositions(g *ir.Graph, opts Options) (int, bool) {
	switch {
	case opts.Plain || opts.Grid == GridNever:
		return 0, false
	case opts.Grid == GridAlways:
		return 1, true
	}
	values := 0
	for _, n := range g.Nodes {
		for _, v := range n.Vars {
			values += v.Size()
		}
	}
	if opts.Samples > 0 && opts.Samples <= fewSamples {
		return fewPositions, values >= fewValues
	}
	return gridPositions, values >= gridValues
}

// onGrid reports whether a tensor of the shape goes on a grid; if so, which.
func (lo *Lowering) onGrid(shape []int) (grid, bool) {
	g, ok := gridOf(shape)
	return g, ok && lo.grids && g.positions() >= lo.least
}

// onVectorGrid is onGrid for vectors: of values that a kernel takes one by one.
func (lo *Lowering) onVectorGrid(shape []int) (grid, bool) {
	if len(shape) != 1 || !lo.grids || lo.least > 1 && shape[0] < vectorPositions {
		return grid{}, false
	}
	return grid{h: 1, w: shape[0], stride: shape[0]}, true
}

// takenAlone reports whether some node takes the values of a tensor one by one.
func takenAlone(g *ir.Graph, lookup Lookup, tensor string) bool {
	return slices.ContainsFunc(g.Nodes, func(n *ir.Node) bool {
		k, _ := lookup.Kernel(n.Kind)
		return k.Each && slices.Contains(n.Inputs, tensor)
	})
}

// gridNode lowers a node whose input lies on a grid; false: it has to be lowered value by value.
func (lo *Lowering) gridNode(n *ir.Node, k Kernel) (bool, error) {
	if k.Grid == nil || len(n.Inputs) == 0 {
		return false, nil
	}
	for i := range n.Inputs {
		t := lo.tensors[n.Inputs[i]]
		if t.grid == nil || !lo.narrow(t) || len(n.In(i).Shape) == 1 && !k.Each {
			return false, nil
		}
	}
	if !narrowWeights(n) {
		return false, nil
	}
	lo.align(n)
	mark, notes := len(lo.ops), lo.notes
	lo.setGrid(*lo.tensors[n.Inputs[0]].grid)
	lo.wide, lo.why = false, ""
	ok, err := k.Grid(lo, n)
	lo.leaveGrid()
	if err != nil || !ok || lo.wide {
		lo.forget(mark)
		lo.notes = notes
		return false, err
	}
	if len(lo.notes) == 0 {
		lo.Note(ClassPlanes, "", operationsLeft(len(lo.ops)-mark), n.Out().Size())
	}
	return true, nil
}

// setGrid lets the planes to come hold the positions of a grid.
func (lo *Lowering) setGrid(g grid) { lo.grid, lo.extent = &g, int32(g.lanes()) }

// extentOf is how many lanes of a plane hold positions; 0: it is no plane of a grid.
func (lo *Lowering) extentOf(p Plane) int32 {
	if lo.extents == nil {
		return 0
	}
	return lo.extents[p]
}

func (lo *Lowering) leaveGrid() { lo.grid, lo.extent = nil, 0 }

// positions is how many values of a sample the planes of the node at hand hold.
func (lo *Lowering) positions() int {
	if lo.grid == nil {
		return 1
	}
	return lo.grid.positions()
}

// align gives the inputs of a node one grid: where their rows are apart by different numbers of lanes, rows
// without gaps.
func (lo *Lowering) align(n *ir.Node) {
	first := lo.tensors[n.Inputs[0]].grid
	if !slices.ContainsFunc(n.Inputs, func(name string) bool { return *lo.tensors[name].grid != *first }) {
		return
	}
	for _, name := range n.Inputs {
		t := lo.tensors[name]
		g := *t.grid
		if g.stride == g.w {
			continue
		}
		g.stride = g.w
		planes := make([]Plane, len(t.Planes))
		for c, p := range t.Planes {
			planes[c] = lo.move(p, *t.grid, g, seq(0, 1, g.h), seq(0, 1, g.w), lo.lanes[p], 0)
		}
		lo.tensors[name] = Tensor{Format: t.Format, Planes: planes, grid: &g}
	}
}

// seq is n numbers from a on, in steps of d.
func seq(a, d, n int) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = int32(a + i*d)
	}
	return out
}

// EachPosition is the Grid of a kernel whose Lower does the same at every position, to each channel alone or
// among those of its position: there, channels take the place of all values.
func EachPosition(lower func(lo *Lowering, n *ir.Node) error) func(lo *Lowering, n *ir.Node) (bool, error) {
	return func(lo *Lowering, n *ir.Node) (bool, error) {
		if !lo.SamePositions(n) {
			return false, nil
		}
		return true, lower(lo, n)
	}
}

// SamePositions reports whether the inputs and outputs of a node on a grid have the same positions, with the
// channels inside.
func (lo *Lowering) SamePositions(n *ir.Node) bool {
	for _, name := range n.Inputs {
		if g := lo.tensors[name].grid; g.h != lo.grid.h || g.w != lo.grid.w {
			return false
		}
	}
	for _, v := range n.Vars {
		channels := 1 // of a vector
		if s := v.Shape; len(s) > 1 {
			channels = s[len(s)-1]
		}
		if v.Size() != lo.grid.positions()*channels {
			return false
		}
	}
	return true
}

// Window is a window that runs over a picture, in pixels; places outside of the picture hold Pad.
type Window struct {
	Height, Width        int // of the input
	FiltH, FiltW         int
	StrideH, StrideW     int
	DilationH, DilationW int
	PadTop, PadLeft      int
	OutH, OutW           int
	Pad                  int64
}

// still reports whether the window is the pixel of the result.
func (w *Window) still() bool {
	return w.FiltH == 1 && w.FiltW == 1 && w.StrideH == 1 && w.StrideW == 1 && w.PadTop == 0 && w.PadLeft == 0 &&
		w.OutH == w.Height && w.OutW == w.Width
}

// Windows are the planes of a window over the input of a node on a grid: those of its rows, columns and
// channels, in this order, each at all output positions. From then on the node's planes have these
// positions. It is false where the input's grid is another.
func (lo *Lowering) Windows(n *ir.Node, w Window) ([]Plane, bool) {
	t := lo.In(n, 0)
	if t.grid.h != w.Height || t.grid.w != w.Width {
		return nil, false
	}
	switch {
	case w.still():
		return t.Planes, true
	case w.StrideH == 1 && w.StrideW == 1 && lo.health == nil: // which counts all lanes
		return lo.slidingWindows(t, w), true
	}
	lo.setGrid(grid{w.OutH, w.OutW, w.OutW})
	var out []Plane
	widest := lo.widest(t.Planes, w.Pad)
	for kh := range w.FiltH {
		rows := sourcesOf(kh*w.DilationH-w.PadTop, w.StrideH, w.OutH, w.Height)
		for kw := range w.FiltW {
			columns := sourcesOf(kw*w.DilationW-w.PadLeft, w.StrideW, w.OutW, w.Width)
			for _, p := range t.Planes {
				out = append(out, lo.move(p, *t.grid, *lo.grid, rows, columns, widest, w.Pad))
			}
		}
	}
	return out, true
}

// slidingWindows are windows in steps of a pixel: one picture with its padding around it, read from other
// lanes on. The results have the distance of its rows, and something without meaning between them.
func (lo *Lowering) slidingWindows(t Tensor, w Window) []Plane {
	reachH, reachW := (w.FiltH-1)*w.DilationH, (w.FiltW-1)*w.DilationW
	frame := grid{w.OutH + reachH, w.OutW + reachW, w.OutW + reachW}
	rows := sourcesOf(-w.PadTop, 1, frame.h, w.Height)
	columns := sourcesOf(-w.PadLeft, 1, frame.w, w.Width)
	lo.setGrid(grid{w.OutH, w.OutW, frame.stride})
	widest := lo.widest(t.Planes, w.Pad)
	places := w.FiltH * w.FiltW
	out := make([]Plane, places*len(t.Planes))
	for c, p := range t.Planes {
		o := lo.moveOf(p, *t.grid, frame, rows, columns, widest, w.Pad)
		for k := range places {
			shift := k/w.FiltW*w.DilationH*frame.stride + k%w.FiltW*w.DilationW
			v := lo.newPlaneIn(lo.ranges[o.dst], widest)
			o.views = append(o.views, shifted{v, shift})
			out[k*len(t.Planes)+c] = v
		}
		lo.emit(o)
	}
	return out
}

// widest is the lane that holds all of some planes, and a value.
func (lo *Lowering) widest(planes []Plane, pad int64) lane {
	l := laneOf(rangeOf(pad))
	for _, p := range planes {
		l = max(l, lo.lanes[p])
	}
	return l
}

// sourcesOf is first, first+step, ..., and -1 for those that are not below size.
func sourcesOf(first, step, n, size int) []int32 {
	out := seq(first, step, n)
	for i, v := range out {
		if v < 0 || int(v) >= size {
			out[i] = -1
		}
	}
	return out
}

// Moved puts other positions of the input of a node, of h rows and w columns, in the place of those it has:
// output row i is input row rows[i], and likewise columns; -1 is zero. It gives a plane for each channel. It
// is false where the input's grid is another.
func (lo *Lowering) Moved(n *ir.Node, h, w int, rows, columns []int32) ([]Plane, bool) {
	t := lo.In(n, 0)
	if t.grid.h != h || t.grid.w != w {
		return nil, false
	}
	lo.setGrid(grid{len(rows), len(columns), len(columns)})
	out := make([]Plane, len(t.Planes))
	for c, p := range t.Planes {
		out[c] = lo.move(p, *t.grid, *lo.grid, rows, columns, lo.lanes[p], 0)
	}
	return out, true
}

// flat is a tensor value by value: those on a grid are taken apart.
func (lo *Lowering) flat(name string) {
	t := lo.tensors[name]
	if t.grid == nil || lo.apart[name].Planes != nil {
		return
	}
	o := &splitOp{src: t.Planes, grid: *t.grid, dst: make([]Plane, t.grid.positions()*len(t.Planes))}
	for i := range o.dst {
		p := t.Planes[i%len(t.Planes)]
		o.dst[i] = lo.newPlaneIn(lo.ranges[p], lo.lanes[p])
	}
	lo.emit(o)
	lo.apart[name] = Tensor{Format: t.Format, Planes: o.dst}
}
