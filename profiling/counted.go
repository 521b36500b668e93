package profiling

import (
	"io"

	"github.com/hlsgo/hlsgo/sim"
)

// counted tells how many samples of each pass have been read. total is -1: sources do not say.
func (in Samples) counted(told func(done, total int)) Samples {
	return func(p *sim.Program) (sim.Source[float64], error) {
		source, err := in(p)
		if err != nil {
			return nil, err
		}
		return &counting{source: source, told: told}, nil
	}
}

// counting is a source that tells how much of it has been read.
type counting struct {
	source sim.Source[float64]
	told   func(done, total int)
	done   int
}

// Read implements sim.Source.
func (c *counting) Read(in [][]float64) (int, error) {
	n, err := c.source.Read(in)
	if n > 0 {
		c.done += n
		c.told(c.done, -1)
	}
	return n, err
}

// Close implements io.Closer, for the source may be a file.
func (c *counting) Close() error {
	if s, ok := c.source.(io.Closer); ok {
		return s.Close()
	}
	return nil
}
