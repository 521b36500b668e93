package hlsgo

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/hlsgo/hlsgo/internal/atomicfile"
	"github.com/hlsgo/hlsgo/internal/npy"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// An answerFile is a file of answers on its way, row by row; it appears when its File is committed.
type answerFile[T sim.Float] interface {
	WriteRows(rows []T) error
	Finish() error
	File() *atomicfile.File
	Abort()
}

// answerFormats are the endings of files of answers: numpy's arrays, and text with a line per sample whose
// values commas or blanks part.
var answerFormats = []string{".npy", ".csv", ".dat", ".txt"}

// AnswerFormats lists the endings of the files that PredictFiles writes answers to.
func AnswerFormats() []string { return slices.Clone(answerFormats) }

// answerFormat is the ending of a name. What is there already and is no file, such as a pipe or what a shell
// makes of >(command), cannot be named by its content: without an ending it gets .npy.
func answerFormat(name string) (string, error) {
	ext := strings.ToLower(filepath.Ext(name))
	if name == atomicfile.Stdout {
		return ".npy", nil
	}
	if i, err := os.Stat(name); ext == "" && err == nil && !i.Mode().IsRegular() && !i.IsDir() {
		return ".npy", nil
	}
	if !slices.Contains(answerFormats, ext) {
		return "", fmt.Errorf("%s: the name's ending tells the format: got %q, want %s", name, ext,
			strings.Join(answerFormats, ", "))
	}
	return ext, nil
}

// createAnswers starts a file of samples of a shape, in the format that its ending names.
func createAnswers[T sim.Float](name string, shape ...int) (answerFile[T], error) {
	format, err := answerFormat(name)
	switch {
	case err != nil:
		return nil, err
	case format == ".npy":
		return npy.Create[T](name, shape...)
	}
	file, err := atomicfile.Create(name)
	if err != nil {
		return nil, err
	}
	separator := byte(' ')
	if format == ".csv" {
		separator = ','
	}
	return &textFile[T]{newLineSink[T](file, separator), file, ir.Size(shape)}, nil
}

// textFile writes a line per sample.
type textFile[T sim.Float] struct {
	lines *lineSink[T]
	file  *atomicfile.File
	width int
}

// WriteRows implements answerFile.
func (f *textFile[T]) WriteRows(rows []T) error { return f.lines.Write(len(rows)/f.width, [][]T{rows}) }

// Finish implements answerFile.
func (f *textFile[T]) Finish() error { return f.lines.w.Flush() }

// File implements answerFile.
func (f *textFile[T]) File() *atomicfile.File { return f.file }

// Abort implements answerFile.
func (f *textFile[T]) Abort() { f.file.Abort() }

// fileSink writes each output to a file of shape (samples, values).
type fileSink[T sim.Float] struct{ files []answerFile[T] }

// newFileSink starts the files of outputs of these sizes.
func newFileSink[T sim.Float](sizes []int, names []string) (*fileSink[T], error) {
	s := &fileSink[T]{}
	for i, name := range names {
		w, err := createAnswers[T](name, sizes[i])
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

// newTraceSink starts an archive of these tensors.
func newTraceSink[T sim.Float](tensors []answer, name string) (*traceSink[T], error) {
	a, err := npy.CreateArchive(name)
	if err != nil {
		return nil, err
	}
	s := &traceSink[T]{archive: a}
	for _, t := range tensors {
		w, err := npy.AddArray[T](a, t.name, t.shape...)
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

// lineSink writes one line per sample: the values of all outputs, in as few digits as tell them apart.
// In the shortest digits that read back as the same number: a text that is read again then compares bit for
// bit.
type lineSink[T sim.Float] struct {
	w         *bufio.Writer
	separator byte
	bits      int
	line      []byte
}

func newLineSink[T sim.Float](w io.Writer, separator byte) *lineSink[T] {
	s := &lineSink[T]{w: bufio.NewWriterSize(w, 1<<16), separator: separator, bits: 32}
	if _, double := any(T(0)).(float64); double {
		s.bits = 64
	}
	return s
}

// Write implements sim.Sink.
func (s *lineSink[T]) Write(n int, tensors [][]T) error {
	for i := range n {
		s.line = s.line[:0]
		for _, t := range tensors {
			size := len(t) / n
			for _, v := range t[i*size : (i+1)*size] {
				s.line = strconv.AppendFloat(s.line, float64(v), 'g', -1, s.bits)
				s.line = append(s.line, s.separator)
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
func (s *lineSink[T]) finish() ([]*atomicfile.File, error) { return nil, s.w.Flush() }

// Abort keeps what was printed.
func (s *lineSink[T]) Abort() {}
