package sim

import (
	"errors"
	"fmt"
	"math"

	"github.com/hlsgo/hlsgo/internal/freemem"
	"github.com/hlsgo/hlsgo/ir"
)

// Sizes come from files. What a program would take is known before it is asked for, and what there is not is
// refused with both figures, rather than have the system end the process.

// What making a program value by value takes at least, in all of its forms.
const (
	planeBytes = 300
	tapBytes   = 24
	freeBytes  = 64 << 20 // what nobody asks for: looking at the system takes longer than a small run
)

// memoryError is a refusal.
type memoryError struct {
	what       string
	need, have int64
}

func (e *memoryError) Error() string {
	return fmt.Sprintf("memory: %s: got %s free, want %s at least", e.what, megabytes(e.have), megabytes(e.need))
}

func megabytes(n int64) string { return fmt.Sprintf("%d MB", (n+1<<20-1)>>20) }

// afford refuses what takes more bytes than the options allow, or than there are.
func (o *Options) afford(what string, need int64) error {
	have := o.Memory
	if have <= 0 {
		var ok bool
		if need <= freeBytes {
			return nil
		}
		if have, ok = freemem.Available(); !ok {
			return nil
		}
	}
	if need > have {
		return &memoryError{what, need, have}
	}
	return nil
}

// refused reports whether an error is a refusal: nothing then should go on to ask for memory.
func refused(err error) bool {
	var m *memoryError
	return errors.As(err, &m)
}

// affordNode refuses a node whose values, each with a plane of its own, would make the program too large.
func (lo *Lowering) affordNode(n *ir.Node, opts *Options) error {
	planes, taps := int64(0), int64(0)
	for _, v := range n.Vars {
		planes += int64(v.Size())
	}
	if t := lo.tensors[firstInput(n)]; t.grid != nil { // which is taken apart
		planes += int64(t.grid.positions()) * int64(len(t.Planes))
	}
	if w := n.Weight("weight"); w != nil && len(n.Out().Shape) > 1 {
		channels := n.Out().Shape[len(n.Out().Shape)-1]
		taps = int64(n.Out().Size()/channels) * int64(len(w.Data.Data)/channels)
	}
	need := planes*planeBytes + taps*tapBytes
	if need < freeBytes && opts.Memory <= 0 {
		return nil
	}
	err := opts.afford("the layer's program", need)
	if err != nil {
		return n.Errorf("%w", err)
	}
	return nil
}

func firstInput(n *ir.Node) string {
	if len(n.Inputs) == 0 {
		return ""
	}
	return n.Inputs[0]
}

// bytes is the memory of a worker that takes so many samples at once.
func (c *code) bytes(samples int) int64 {
	l := c.layout
	if c.lanes != nil {
		return int64(l.perSample) + int64(l.staging.size(l.most)) + int64(l.most)*scratchBytes
	}
	block := int64(min(c.block, roundUp(samples, planeAlign)))
	each := int64(l.perSample) + scratchBytes + wideBytes*int64(l.wideSlots)
	return each*block + int64(l.staging.size(int(block)))
}

const (
	scratchBytes = 4 * 8 // of memory.scratch, per lane
	wideBytes    = 48    // of a big integer with a word or two
)

// affordable is how many workers there is memory for, of those wanted, each with what is under way beside it;
// an error where there is not for one.
func (p *Program) affordable(c *code, want, samples int, beside int64) (int, error) {
	one := c.bytes(samples) + beside
	if err := p.opts.afford(fmt.Sprintf("running %s", blockText(c, samples)), one); err != nil {
		return 0, err
	}
	have := p.opts.Memory
	if have <= 0 {
		if one*int64(want) <= freeBytes {
			return want, nil
		}
		var ok bool
		if have, ok = freemem.Available(); !ok {
			return want, nil
		}
	}
	return int(min(int64(want), max(have/max(one, 1), 1))), nil
}

func blockText(c *code, samples int) string {
	if n := min(c.block, samples); n != 1 && n != math.MaxInt {
		return fmt.Sprintf("%d samples at once", n)
	}
	return "a sample"
}
