package hlsgo

import (
	"fmt"
	"io"

	"github.com/hlsgo/hlsgo/internal/atomicfile"
	"github.com/hlsgo/hlsgo/internal/npy"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// ReadArray reads a file of samples, .npy or .dat, into memory: float64 as it is stored, float32 likewise and
// from text; whole numbers and truth values, as labels often are, as float64. What does not fit memory is for
// OpenArray, and for PredictFiles and its like, which take names of files.
func ReadArray(name string) (*Array, error) {
	src, err := npy.OpenNumbers(name)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	return readAll(src)
}

// ReadNPY is ReadArray for what has the content of a .npy file and nothing behind it.
func ReadNPY(r io.Reader) (*Array, error) {
	src, err := npy.OpenNumbersReader(r)
	if err != nil {
		return nil, err
	}
	return readAll(src)
}

// readAll reads the rows that are left.
func readAll(src npy.Source) (*Array, error) {
	a := &Array{Shape: src.Shape()}
	var err error
	if src.DType() == npy.Float32 {
		a.F32, err = npy.ReadAll[float32](src)
	} else {
		a.F64, err = npy.ReadAll[float64](src)
	}
	if err != nil {
		return nil, err
	}
	if len(a.Shape) > 0 && a.Shape[0] < 0 {
		a.Shape[0] = a.Len() / max(src.RowLen(), 1) // of a text, whose end tells
	}
	return a, nil
}

// WriteNPY writes the array as a .npy file has it.
func (a *Array) WriteNPY(w io.Writer) error {
	if err := a.writable(); err != nil {
		return err
	}
	if a.Double() {
		return npy.WriteArray(w, a.Shape, a.F64)
	}
	return npy.WriteArray(w, a.Shape, a.F32)
}

// writable wants samples, each of at least one value.
func (a *Array) writable() error {
	if err := a.whole(); err != nil {
		return err
	}
	if len(a.Shape) == 0 || a.Len() == 0 {
		return fmt.Errorf("array: shape: got %v, want samples of at least one value", a.Shape)
	}
	return nil
}

// WriteFile writes the array into a file, .npy, or text with a line per sample, .csv, .dat or .txt. The file
// appears as a whole.
func (a *Array) WriteFile(name string) error {
	if err := a.writable(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	w, err := CreateArray(name, a.Double(), a.Shape[1:]...)
	if err != nil {
		return err
	}
	defer w.Abort()
	if err := w.Write(a); err != nil {
		return err
	}
	return w.Close()
}

// ArrayReader reads a file of samples part by part, so that its size does not matter.
type ArrayReader struct {
	src npy.Source
}

// OpenArray opens a file of samples, .npy or .dat; see ReadArray.
func OpenArray(name string) (*ArrayReader, error) {
	src, err := npy.OpenNumbers(name)
	if err != nil {
		return nil, err
	}
	return &ArrayReader{src}, nil
}

// Shape is the shape of the whole array; its first length is -1 where only the end of the data tells it.
func (r *ArrayReader) Shape() []int { return r.src.Shape() }

// Read reads the next samples, n of them or as many as are left. Behind the last one the error is io.EOF.
func (r *ArrayReader) Read(n int) (*Array, error) {
	if n < 1 {
		return nil, fmt.Errorf("array: samples to read: got %d, want at least 1", n)
	}
	if r.src.DType() == npy.Float32 {
		return nextSamples(r.src, n, func(a *Array, v []float32) { a.F32 = v })
	}
	return nextSamples(r.src, n, func(a *Array, v []float64) { a.F64 = v })
}

// nextSamples reads up to n samples; set puts them into the array's field of their type.
func nextSamples[T npy.Float](src npy.Source, n int, set func(*Array, []T)) (*Array, error) {
	shape, width := src.Shape(), src.RowLen()
	if len(shape) == 0 {
		shape = []int{1}
	}
	if shape[0] >= 0 {
		n = min(n, max(shape[0], 1)) // no room for more than there can be
	}
	values := make([]T, n*width)
	rows, err := readFull(src, values)
	if rows == 0 {
		return nil, err
	}
	if err != nil && err != io.EOF {
		return nil, err
	}
	a := &Array{Shape: append([]int{rows}, shape[1:]...)}
	set(a, values[:rows*width])
	return a, nil
}

// Close closes the file.
func (r *ArrayReader) Close() error { return r.src.Close() }

// ArrayWriter writes a file of samples part by part. The file appears when Close succeeds.
type ArrayWriter struct {
	name   string
	double bool
	shape  []int
	write  func(*Array) error
	finish func() error
	file   *atomicfile.File
	abort  func()
}

// CreateArray starts a file of samples of a shape, float64 or float32, in the format that its ending names:
// .npy, or text with a line per sample, .csv, .dat or .txt. End it with Close or Abort.
func CreateArray(name string, double bool, shape ...int) (*ArrayWriter, error) {
	for _, d := range shape {
		if d < 1 {
			return nil, fmt.Errorf("%s: shape of a sample: got %v, want lengths of at least 1", name, shape)
		}
	}
	if double {
		return createArray(name, shape, func(a *Array) []float64 { return doubles([]*Array{a})[0] })
	}
	return createArray(name, shape, func(a *Array) []float32 { return singles([]*Array{a})[0] })
}

// createArray is CreateArray for one type, in which `values` gives those of an array.
func createArray[T sim.Float](name string, shape []int, values func(*Array) []T) (*ArrayWriter, error) {
	f, err := createAnswers[T](name, shape...)
	if err != nil {
		return nil, err
	}
	_, double := any(T(0)).(float64)
	return &ArrayWriter{
		name: name, double: double, shape: shape, finish: f.Finish, file: f.File(), abort: f.Abort,
		write: func(a *Array) error { return f.WriteRows(values(a)) },
	}, nil
}

// Write appends the samples of an array. float64 into a file of float32 is an error, since nobody would see
// what was lost.
func (w *ArrayWriter) Write(a *Array) error {
	size := ir.Size(w.shape)
	if err := a.whole(); err != nil {
		return fmt.Errorf("%s: %w", w.name, err)
	}
	if len(a.Shape) == 0 || a.Len() != a.Shape[0]*size {
		return fmt.Errorf("%s: shape: got %v, want samples of shape %v", w.name, a.Shape, w.shape)
	}
	if a.Double() && !w.double {
		return fmt.Errorf("%s: got float64, want float32 as the file was created with", w.name)
	}
	return w.write(a)
}

// Close completes the file and gives it its name.
func (w *ArrayWriter) Close() error {
	defer w.abort()
	if err := w.finish(); err != nil {
		return err
	}
	return w.file.Commit()
}

// Abort gives up: the file does not appear, or stays as it was. After Close it does nothing, so that it may
// be deferred.
func (w *ArrayWriter) Abort() { w.abort() }

// NamedArray is an array of an archive, or what one layer answers.
type NamedArray struct {
	Name string
	*Array
}

// ReadNPZ reads the arrays of a .npz file into memory, in the order of the archive. They are of float32 or
// float64.
func ReadNPZ(name string) ([]NamedArray, error) {
	z, err := npy.OpenArchive(name)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	var out []NamedArray
	for _, member := range z.Names() {
		a, err := readMember(z, member)
		if err != nil {
			return nil, err
		}
		out = append(out, NamedArray{member, a})
	}
	return out, nil
}

func readMember(z *npy.Archive, name string) (*Array, error) {
	r, err := z.Open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return readAll(r)
}

// WriteNPZ writes arrays into a .npz file, which appears as a whole. A name that could not be unpacked as it
// is gets its odd bytes as %XX.
func WriteNPZ(name string, arrays []NamedArray) error {
	z, err := npy.CreateArchive(name)
	if err != nil {
		return err
	}
	defer z.Abort()
	for _, a := range arrays {
		if err := a.writable(); err != nil {
			return fmt.Errorf("%s: array %q: %w", name, a.Name, err)
		}
		if a.Double() {
			err = addMember(z, a, a.F64)
		} else {
			err = addMember(z, a, a.F32)
		}
		if err != nil {
			return err
		}
	}
	return z.Close()
}

func addMember[T npy.Float](z *npy.ArchiveWriter, a NamedArray, values []T) error {
	w, err := npy.AddArray[T](z, a.Name, a.Shape[1:]...)
	if err != nil {
		return err
	}
	return w.WriteRows(values)
}
