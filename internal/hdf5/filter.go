package hdf5

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
)

// Filters by their registered numbers.
const (
	filterDeflate    = 1
	filterShuffle    = 2
	filterFletcher32 = 3
	filterLZF        = 32000
)

// maxExpansion is the most that the filters can expand data: deflate's longest match, 258 bytes, takes at
// least two bits. (LZF stays below 89.)
const maxExpansion = 1032

// Files name filters by number, with a text that the writer chose or left out. The registered names tell a
// user which plugin to write the file without.
var filterNames = map[int]string{4: "szip", 5: "n-bit", 6: "scale-offset", 32001: "blosc", 32004: "LZ4",
	32008: "bitshuffle", 32013: "ZFP", 32015: "zstandard", 32026: "blosc2"}

// A filter is one step of the encoding of chunks.
type filter struct {
	id     int
	params []uint32
}

// A pipeline is the list of the filters of a dataset, in the order of encoding.
type pipeline struct {
	filters     []filter
	elementSize int
	inflater    io.ReadCloser // reused between chunks
}

// filters reads the filter pipeline of a dataset; without one it is empty.
func (d *Dataset) filters() (*pipeline, error) {
	p := &pipeline{elementSize: d.typ.Size}
	if d.header.find(msgFilters) == nil {
		return p, nil
	}
	c, err := d.header.open("filter pipeline message", msgFilters)
	if err != nil {
		return nil, err
	}
	version := c.version(1, 2)
	n := c.u8()
	if n > 32 {
		c.fail("number of filters: got %d, want at most 32", n)
	}
	if version == 1 {
		c.skip(6)
	}
	for ; n > 0 && c.err == nil; n-- {
		p.filters = append(p.filters, parseFilter(c, version))
	}
	return p, c.err
}

// parseFilter reads one filter. Version 2 drops the padding, and the names of well-known filters.
// See section IV.A.2.l. Numbers below 256 belong to the library itself, which knows their names.
func parseFilter(c *cursor, version int) filter {
	f := filter{id: c.u16()}
	nameLength := 0
	if version == 1 || f.id >= 256 {
		nameLength = c.u16()
	}
	c.skip(2) // flags
	params := c.u16()
	if version == 1 {
		nameLength = (nameLength + 7) &^ 7
	}
	name := string(bytes.TrimRight(c.take(nameLength), "\x00"))
	for range params {
		v := c.u32()
		if c.err != nil {
			return f
		}
		f.params = append(f.params, v)
	}
	// Parameters were padded to a multiple of eight bytes.
	if version == 1 && params%2 == 1 {
		c.skip(4)
	}
	switch f.id {
	case filterDeflate, filterShuffle, filterFletcher32, filterLZF:
		return f
	}
	if known, ok := filterNames[f.id]; ok {
		name = known
	}
	c.fail("filter %d (%s): not supported, want deflate, shuffle, fletcher32 or lzf", f.id, quote(name))
	return f
}

// decode undoes the filters on one chunk, the last first, except those that mask names. The result has want
// bytes.
func (p *pipeline) decode(data []byte, mask uint32, want uint64) ([]byte, error) {
	// Asked before any memory is: a chunk of 4 GB in a file of 100 bytes is a bomb, or damage.
	if want > maxExpansion*uint64(len(data)) {
		return nil, fmt.Errorf("got %d bytes stored, which no filter expands to the %d bytes of a chunk",
			len(data), want)
	}
	limit := int(want) + 4*len(p.filters) // checksums may lie between the filters
	for i := len(p.filters) - 1; i >= 0; i-- {
		// A writer leaves a filter out where it failed or made a chunk larger, and notes it for that chunk
		// alone.
		if mask&(1<<i) != 0 {
			continue
		}
		var err error
		if data, err = p.undo(p.filters[i], data, limit); err != nil {
			return nil, err
		}
	}
	if uint64(len(data)) != want {
		return nil, fmt.Errorf("got %d bytes after filtering, want %d", len(data), want)
	}
	return data, nil
}

func (p *pipeline) undo(f filter, data []byte, limit int) ([]byte, error) {
	switch f.id {
	case filterDeflate:
		return p.inflate(data, limit)
	case filterShuffle:
		// The parameter says with which size the writer shuffled; the type's stands in for one that is
		// missing.
		size := p.elementSize
		if len(f.params) > 0 && f.params[0] > 0 && f.params[0] < 1<<31 {
			size = int(f.params[0])
		}
		return unshuffle(data, size), nil
	case filterFletcher32:
		return checkFletcher32(data)
	}
	return decodeLZF(data, limit)
}

// inflate decompresses to at most limit bytes.
// One decompressor is reused: its window and tables are larger than many a chunk.
func (p *pipeline) inflate(data []byte, limit int) ([]byte, error) {
	var err error
	if p.inflater == nil {
		p.inflater, err = zlib.NewReader(bytes.NewReader(data))
	} else {
		err = p.inflater.(zlib.Resetter).Reset(bytes.NewReader(data), nil)
	}
	if err != nil {
		return nil, fmt.Errorf("deflate: %w", err)
	}
	// One byte more than allowed tells "as long as wanted" from "longer" without inflating the rest.
	out := make([]byte, limit+1)
	n, err := io.ReadFull(p.inflater, out)
	switch {
	case err == nil:
		return nil, fmt.Errorf("deflate: got more than %d bytes", limit)
	case err != io.ErrUnexpectedEOF && err != io.EOF:
		return nil, fmt.Errorf("deflate: %w", err)
	}
	return out[:n], p.inflateEnd(n)
}

// inflateEnd tells the end of a complete stream from one cut short, which io.ReadFull reports alike.
// The Adler checksum of zlib stands at the very end of the stream and is verified by the read that meets it.
func (p *pipeline) inflateEnd(n int) error {
	if _, err := p.inflater.Read(make([]byte, 1)); err != io.EOF {
		return fmt.Errorf("deflate: the stream ends after %d bytes: %w", n, err)
	}
	return nil
}

// unshuffle gathers the bytes of each element, which the filter stored all first bytes first. Bytes behind
// the last whole element stay.
func unshuffle(data []byte, size int) []byte {
	// A shuffled chunk holds the first bytes of all elements, then all second bytes: neighbouring floats
	// share their exponents, so deflate finds long runs.
	n := len(data) / size
	if size < 2 || n < 2 {
		return data
	}
	out := make([]byte, len(data))
	for b := range size {
		plane := data[b*n : (b+1)*n]
		for i, v := range plane {
			out[i*size+b] = v
		}
	}
	copy(out[n*size:], data[n*size:])
	return out
}

// checkFletcher32 verifies and removes the checksum behind the data.
func checkFletcher32(data []byte) ([]byte, error) {
	if len(data) < 4 {
		return nil, fmt.Errorf("fletcher32: got %d bytes, want at least the 4 of a checksum", len(data))
	}
	data, sum := data[:len(data)-4], data[len(data)-4:]
	if got, want := fletcher32(data), binary.LittleEndian.Uint32(sum); got != want {
		return nil, fmt.Errorf("fletcher32: got the checksum %#08x, want %#08x", got, want)
	}
	return data, nil
}

// decodeLZF decompresses LZF, to at most limit bytes. A control byte below 32 starts a run of literal bytes,
// one more than its value. Any other starts a copy from earlier output: its upper 3 bits hold the length less
// 2 (7: a byte with the rest of it follows), its lower 5 and the next byte the distance less 1.
func decodeLZF(in []byte, limit int) ([]byte, error) {
	out := make([]byte, 0, limit)
	for pos := 0; pos < len(in); {
		control := int(in[pos])
		pos++
		if control < 32 {
			n := control + 1
			if pos+n > len(in) || len(out)+n > limit {
				return nil, fmt.Errorf("lzf: a run of %d bytes at byte %d reaches beyond the end", n, pos)
			}
			out = append(out, in[pos:pos+n]...)
			pos += n
			continue
		}
		n := control>>5 + 2
		if n == 9 && pos < len(in) {
			n += int(in[pos])
			pos++
		}
		if pos >= len(in) {
			return nil, fmt.Errorf("lzf: the data end inside a copy")
		}
		distance := control&31<<8 + int(in[pos]) + 1
		pos++
		if distance > len(out) || len(out)+n > limit {
			return nil, fmt.Errorf("lzf: a copy of %d bytes from %d back at byte %d leaves the output",
				n, distance, pos)
		}
		// Byte after byte: a copy may read what it has just written, and that is how LZF stores runs.
		for from := len(out) - distance; n > 0; n, from = n-1, from+1 {
			out = append(out, out[from])
		}
	}
	return out, nil
}
