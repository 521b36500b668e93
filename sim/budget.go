package sim

import (
	"errors"
	"fmt"
	"math"

	"github.com/hlsgo/hlsgo/internal/room"
)

// What a run takes beside its program is known before it begins: workers that there is no memory for are not
// started.

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
	have := p.opts.Memory - p.cost
	if p.opts.Memory <= 0 {
		if one*int64(want) <= room.Freely {
			return want, nil
		}
		have = room.Beside(p.cost)
	}
	if have = max(have, 0); one > have {
		return 0, errors.New(room.Refusal("running "+blockText(c, samples)+" beside the program", one, have))
	}
	return int(min(int64(want), max(have/max(one, 1), 1))), nil
}

func blockText(c *code, samples int) string {
	if n := min(c.block, samples); n != 1 && n != math.MaxInt {
		return fmt.Sprintf("%d samples at once", n)
	}
	return "a sample"
}
