package hlsgo

import (
	"bufio"
	"io"
	"strconv"

	"github.com/hlsgo/hlsgo/internal/atomicfile"
	"github.com/hlsgo/hlsgo/internal/npy"
	"github.com/hlsgo/hlsgo/sim"
)

// fileSink writes each output to a .npy file of shape (samples, values).
type fileSink[T sim.Float] struct{ files []*npy.Writer[T] }

func newFileSink[T sim.Float](p *sim.Program, names []string) (*fileSink[T], error) {
	s := &fileSink[T]{}
	for i, name := range names {
		w, err := npy.Create[T](name, p.Outputs[i].Size())
		if err != nil {
			s.Abort()
			return nil, err
		}
		s.files = append(s.files, w)
	}
	return s, nil
}

// Write implements sim.Sink.
func (s *fileSink[T]) Write(_ int, tensors [][]T) error {
	for i, w := range s.files {
		if err := w.WriteRows(tensors[i]); err != nil {
			return err
		}
	}
	return nil
}

// finish completes the files, which then wait for their names.
func (s *fileSink[T]) finish() ([]*atomicfile.File, error) {
	var files []*atomicfile.File
	for _, w := range s.files {
		if err := w.Finish(); err != nil {
			return nil, err
		}
		files = append(files, w.File())
	}
	return files, nil
}

// Abort removes what is not complete.
func (s *fileSink[T]) Abort() {
	for _, w := range s.files {
		w.Abort()
	}
}

// traceSink writes each traced tensor to one array of a .npz file, of shape (samples, shape...).
type traceSink[T sim.Float] struct {
	archive *npy.ArchiveWriter
	arrays  []*npy.ArrayWriter[T]
}

func newTraceSink[T sim.Float](p *sim.Program, name string) (*traceSink[T], error) {
	a, err := npy.CreateArchive(name)
	if err != nil {
		return nil, err
	}
	s := &traceSink[T]{archive: a}
	for _, t := range p.Traced {
		w, err := npy.AddArray[T](a, t.Name, t.Shape...)
		if err != nil {
			a.Abort()
			return nil, err
		}
		s.arrays = append(s.arrays, w)
	}
	return s, nil
}

// Write implements sim.Sink.
func (s *traceSink[T]) Write(_ int, tensors [][]T) error {
	for i, w := range s.arrays {
		if err := w.WriteRows(tensors[i]); err != nil {
			return err
		}
	}
	return nil
}

// finish completes the archive, which then waits for its name.
func (s *traceSink[T]) finish() ([]*atomicfile.File, error) {
	if err := s.archive.Finish(); err != nil {
		return nil, err
	}
	return []*atomicfile.File{s.archive.File()}, nil
}

// Abort removes what is not complete.
func (s *traceSink[T]) Abort() { s.archive.Abort() }

// csvSink writes one line per sample: the values of all outputs, in as few digits as tell them apart.
// In the shortest digits that read back as the same number: a CSV that is read again then compares bit for
// bit.
type csvSink[T sim.Float] struct {
	w    *bufio.Writer
	bits int
	line []byte
}

func newCSVSink[T sim.Float](w io.Writer) *csvSink[T] {
	s := &csvSink[T]{w: bufio.NewWriterSize(w, 1<<16), bits: 32}
	if _, double := any(T(0)).(float64); double {
		s.bits = 64
	}
	return s
}

// Write implements sim.Sink.
func (s *csvSink[T]) Write(n int, tensors [][]T) error {
	for i := range n {
		s.line = s.line[:0]
		for _, t := range tensors {
			size := len(t) / n
			for _, v := range t[i*size : (i+1)*size] {
				s.line = strconv.AppendFloat(s.line, float64(v), 'g', -1, s.bits)
				s.line = append(s.line, ',')
			}
		}
		s.line[len(s.line)-1] = '\n'
		if _, err := s.w.Write(s.line); err != nil {
			return err
		}
	}
	return nil
}

// finish writes what is left.
func (s *csvSink[T]) finish() ([]*atomicfile.File, error) { return nil, s.w.Flush() }

// Abort keeps what was printed.
func (s *csvSink[T]) Abort() {}
