package hlsgo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/internal/atomicfile"
	"github.com/hlsgo/hlsgo/internal/npy"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// Predict returns what the firmware answers to the samples: one array (samples, values) per output, in the
// type of the first input. in holds one array per input, in the model's order.
func (m *Model) Predict(ctx context.Context, in ...*Array) ([]*Array, error) {
	var o sim.Options
	if len(in) > 0 {
		o.Samples = in[0].Samples()
	}
	p, err := m.CompileContext(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := m.checkSamples(p, in); err != nil {
		return nil, err
	}
	// The first input decides for all, as in hls4ml's predict, which chooses by it between its float and its
	// double entry.
	if in[0].Double() {
		return predict(ctx, p, doubles(in), func(a *Array, v []float64) { a.F64 = v })
	}
	return predict(ctx, p, singles(in), func(a *Array, v []float32) { a.F32 = v })
}

// predict runs in the type of the samples; set puts the answers into the array's field of that type.
func predict[T sim.Float](
	ctx context.Context, p *sim.Program, in [][]T, set func(*Array, []T),
) ([]*Array, error) {
	y, err := sim.Predict(ctx, p, in)
	if err != nil {
		return nil, err
	}
	out := make([]*Array, len(y))
	for i, v := range y {
		size := p.Outputs[i].Size()
		out[i] = &Array{Shape: []int{len(v) / size, size}}
		set(out[i], v)
	}
	return out, nil
}

// checkInputs wants as many samples for every input: they are predicted together.
func (m *Model) checkInputs(want []sim.Port, in []*Array) error {
	if len(in) != len(want) {
		return during(CodeData, fmt.Errorf("model: inputs: got %d arrays, want %d", len(in), len(want)))
	}
	for i, a := range in {
		if err := a.check(want[i].Name, want[i].Size()); err != nil {
			return during(CodeData, err)
		}
		if err := m.checkLayout("array", i, a.Shape); err != nil {
			return err
		}
		if a.Samples() != in[0].Samples() {
			return during(CodeData, fmt.Errorf("input %q: samples: got %d, want %d as in the first input",
				want[i].Name, a.Samples(), in[0].Samples()))
		}
	}
	return nil
}

// checkSamples is checkInputs of samples for the firmware.
func (m *Model) checkSamples(p *sim.Program, in []*Array) error {
	if err := m.checkInputs(p.Inputs, in); err != nil || len(in) == 0 || !in[0].Double() {
		return err
	}
	return m.checkBus("samples")
}

// checkBus refuses float64, in which what came, where a bus would round it: the answers would not be those of
// the firmware.
func (m *Model) checkBus(what string) error {
	if m.backend.Bus == nil {
		return nil
	}
	bus, err := m.backend.Bus(m.config)
	if err == nil && bus == ir.Float32 {
		err = fmt.Errorf("%s: got float64, want float32, to which the bus of backend %s rounds",
			what, m.backend.Name)
	}
	return err
}

// singles copies only what is in the other type: samples are the largest thing in memory.
func singles(in []*Array) [][]float32 {
	out := make([][]float32, len(in))
	for i, a := range in {
		if out[i] = a.F32; a.Double() {
			out[i] = make([]float32, len(a.F64))
			for k, v := range a.F64 {
				out[i][k] = float32(v)
			}
		}
	}
	return out
}

// doubles is singles for float64; every float32 stays what it is.
func doubles(in []*Array) [][]float64 {
	out := make([][]float64, len(in))
	for i, a := range in {
		if out[i] = a.F64; !a.Double() {
			out[i] = make([]float64, len(a.F32))
			for k, v := range a.F32 {
				out[i][k] = float64(v)
			}
		}
	}
	return out
}

// PredictJob is a prediction from files to files.
type PredictJob struct {
	Inputs  []string // .npy or .dat, in the model's order; none: the configuration's InputData
	Outputs []string // .npy, .csv, .dat or .txt, one per output or one for all; none: CSV
	Trace   string   // .npz for what every layer answers; "": none
	CSV     io.Writer
	Threads int  // 0: all cores
	Health  bool // count what becomes of every value in its type
	// Exact asks whether the answers are those of the trained model in every bit. It is answered for networks
	// that were trained in fixed point, and of the first samples.
	Exact bool
	// Float asks for the answers of the float model, every layer of it rounded to float32 as in Keras, instead
	// of the firmware's. The trace then holds the layers of the network as it was read.
	Float bool
	// Progress is told the samples done; total is -1 where only the end of the data tells.
	Progress func(done, total int)
}

// PredictReport tells what PredictFiles did.
type PredictReport struct {
	Samples   int
	Seconds   float64 // reading, predicting and writing
	BadInputs int     // input values that are infinite or not a number
	// Health tells what became of the values in their types; nil: nobody asked.
	Health *sim.Health
	// Exact tells how the answers compare with the trained model's; nil: nobody asked, or it cannot be.
	Exact *Exactness
}

// PredictFiles predicts samples from files. Memory does not grow with the number of samples; output files
// appear as a whole at the end.
func (m *Model) PredictFiles(ctx context.Context, job PredictJob) (PredictReport, error) {
	if job.Float && job.Health {
		return PredictReport{}, errors.New("float model: got a count of overflows too, want one of them: " +
			"floating point has none")
	}
	p, err := m.CompileContext(ctx, sim.Options{Health: job.Health, Samples: m.samplesIn(job.Inputs)})
	if err != nil {
		return PredictReport{}, err
	}
	open := m.openSamples
	if job.Float {
		open = m.openInputs
	}
	src, err := open(p, job.Inputs)
	if err != nil {
		return PredictReport{}, err
	}
	defer src.close()
	// Names are settled before the clock starts and before any file is written.
	outputs, err := outputNames(p, job.Outputs)
	if err != nil {
		return PredictReport{}, err
	}
	begin := time.Now()
	run := runFiles[float32]
	switch double := src.files[0].DType() == npy.Float64; {
	case job.Float && double:
		run = floatFiles[float64](m)
	case job.Float:
		run = floatFiles[float32](m)
	case double:
		run = runFiles[float64]
	}
	if job.Exact && !job.Float && m.Quantized() {
		g, err := m.GraphContext(ctx)
		if err != nil {
			return PredictReport{}, err
		}
		src.kept = keep(g, p)
	}
	r, err := run(ctx, p, src, outputs, job)
	report := PredictReport{
		Samples: r.Samples, Seconds: time.Since(begin).Seconds(), BadInputs: r.BadInputs, Health: r.Health,
	}
	if err == nil && src.kept != nil {
		report.Exact, err = m.Exactness(ctx, src.kept.in...)
	}
	return report, err
}

// inputFiles are the open data files of a run.
type inputFiles struct {
	files []npy.Source
	names []string
	total int   // samples; -1: only the end tells
	kept  *kept // the first samples; nil: none is kept
}

func (f *inputFiles) close() {
	for _, s := range f.files {
		s.Close()
	}
}

// openInputs opens the files and compares their shapes with the model's inputs.
func (m *Model) openInputs(p *sim.Program, names []string) (*inputFiles, error) {
	f, err := m.inputsOf(p, names)
	return f, during(CodeData, err)
}

func (m *Model) inputsOf(p *sim.Program, names []string) (*inputFiles, error) {
	names, err := m.dataNames(names)
	if err != nil {
		return nil, err
	}
	if len(names) != len(p.Inputs) {
		return nil, fmt.Errorf("input data: got %d files, want %d: one per input of the model (-i, or InputData)",
			len(names), len(p.Inputs))
	}
	f := &inputFiles{names: names, total: -1}
	for i, name := range names {
		s, err := npy.OpenData(name)
		if err != nil {
			f.close()
			return nil, err
		}
		f.files = append(f.files, s)
		err = f.check(i, p.Inputs[i])
		if err == nil {
			err = m.checkLayout(name, i, s.Shape())
		}
		if err != nil {
			f.close()
			return nil, err
		}
	}
	return f, nil
}

// openSamples is openInputs of samples for the firmware.
func (m *Model) openSamples(p *sim.Program, names []string) (*inputFiles, error) {
	f, err := m.openInputs(p, names)
	if err != nil || f.files[0].DType() != npy.Float64 {
		return f, err
	}
	if err := m.checkBus(fmt.Sprintf("data %q", f.names[0])); err != nil {
		f.close()
		return nil, err
	}
	return f, nil
}

// dataFile finds a file of data that the configuration names.
func (m *Model) dataFile(key, path string) (string, error) {
	found, note, err := config.Search{Dir: m.dir}.File(path)
	if err != nil {
		return "", fmt.Errorf("%s: %s: %w", m.name, key, err)
	}
	if note != "" {
		m.warn(fmt.Sprintf("%s: %s: %s", m.name, key, note))
	}
	return found, nil
}

// samplesIn is how many samples the first of some data files has; 0: only reading it tells.
func (m *Model) samplesIn(names []string) int {
	names, err := m.dataNames(names)
	if err != nil || len(names) == 0 || !(&inputFiles{names: names}).regular() {
		return 0
	}
	s, err := npy.OpenData(names[0])
	if err != nil { // which openInputs tells
		return 0
	}
	defer s.Close()
	if len(s.Shape()) == 0 {
		return 0
	}
	return max(s.Shape()[0], 0)
}

// dataNames are the names of data files, or of those of the configuration.
func (m *Model) dataNames(names []string) ([]string, error) {
	if len(names) > 0 || m.config.InputData == "" {
		return names, nil
	}
	name, err := m.dataFile("InputData", m.config.InputData)
	return []string{name}, err
}

// regular tells whether the files can be opened again and hold the same.
func (f *inputFiles) regular() bool {
	for _, name := range f.names {
		if i, err := os.Stat(name); err != nil || !i.Mode().IsRegular() {
			return false
		}
	}
	return true
}

func (f *inputFiles) check(i int, in sim.Port) error {
	s := f.files[i]
	if s.RowLen() != in.Size() || len(s.Shape()) == 0 {
		want := fmt.Sprintf("(samples, %s)", joinInts(in.Shape, ", "))
		if len(in.Shape) > 1 {
			want += fmt.Sprintf(" or (samples, %d)", in.Size())
		}
		return fmt.Errorf("%s: shape: got %v, want %s for input %q",
			f.names[i], shapeText(s.Shape()), want, in.Name)
	}
	n := s.Shape()[0]
	if i > 0 && n >= 0 && f.total >= 0 && n != f.total {
		return fmt.Errorf("%s: samples: got %d, want %d as in %s", f.names[i], n, f.total, f.names[0])
	}
	f.total = max(f.total, n)
	return nil
}

func shapeText(shape []int) string {
	if len(shape) > 0 && shape[0] < 0 {
		return "(samples, " + joinInts(shape[1:], ", ") + ")"
	}
	return "(" + joinInts(shape, ", ") + ")"
}

func joinInts(list []int, sep string) string {
	words := make([]string, len(list))
	for i, v := range list {
		words[i] = strconv.Itoa(v)
	}
	return strings.Join(words, sep)
}

// outputNames spreads one name over several outputs: y.npy becomes y_0.npy, y_1.npy ...
func outputNames(p *sim.Program, names []string) ([]string, error) {
	k := len(p.Outputs)
	if k > 1 && slices.Contains(names, atomicfile.Stdout) {
		return nil, fmt.Errorf("output files: got standard output (-) for a model with %d outputs, want files", k)
	}
	for _, name := range names {
		if _, err := answerFormat(name); err != nil {
			return nil, err
		}
	}
	switch {
	case len(names) == 0 || len(names) == k:
		return names, nil
	case len(names) != 1:
		return nil, fmt.Errorf("output files: got %d, want %d, or one for all", len(names), k)
	}
	ext := filepath.Ext(names[0])
	stem := strings.TrimSuffix(names[0], ext)
	out := make([]string, k)
	for i := range out {
		out[i] = fmt.Sprintf("%s_%d%s", stem, i, ext)
	}
	return out, nil
}

// runFiles connects readers, program and writers. All are streams, so the memory of a run is that of its
// blocks.
func runFiles[T sim.Float](
	ctx context.Context, p *sim.Program, src *inputFiles, outputs []string, job PredictJob,
) (sim.Report, error) {
	run := sim.Job[T]{Source: fileSource[T]{src}, Workers: job.Threads}
	if job.Progress != nil {
		run.Progress = func(n int) { job.Progress(n, src.total) }
	}
	out, err := openSinks[T](portAnswers(p.Outputs), tracedAnswers(p), outputs, job)
	// After the files have their names, abort does nothing. So one line covers every way out of here, and no
	// half-written file stays.
	defer out.abort()
	if err != nil {
		return sim.Report{}, err
	}
	run.Sink, run.Trace = out.answers, out.trace
	report, err := sim.Run(ctx, p, run)
	if err == nil && report.Samples == 0 {
		err = fmt.Errorf("%s: samples: got none, want at least one", src.names[0])
	}
	if err == nil {
		err = finishAll(ctx, out.ends)
	}
	return report, err
}

// An answer is a tensor that is written: its name and the shape of one sample.
type answer struct {
	name  string
	shape []int
}

// portAnswers is what a program answers, each output as one row of values.
func portAnswers(ports []sim.Port) []answer {
	var out []answer
	for _, p := range ports {
		out = append(out, answer{p.Name, []int{p.Size()}})
	}
	return out
}

// tracedAnswers is what a trace of a program holds.
func tracedAnswers(p *sim.Program) []answer {
	var out []answer
	for _, t := range p.Traced {
		out = append(out, answer{t.Name, t.Shape})
	}
	return out
}

// sinks are where the answers of a run go.
type sinks[T sim.Float] struct {
	answers, trace sim.Sink[T] // nil: nowhere
	ends           []ending
}

// openSinks starts what a job asks for; outputs are the names of its files.
func openSinks[T sim.Float](answers, traced []answer, outputs []string, job PredictJob) (*sinks[T], error) {
	s := &sinks[T]{}
	if len(outputs) > 0 {
		sizes := make([]int, len(answers))
		for i, a := range answers {
			sizes[i] = ir.Size(a.shape)
		}
		sink, err := newFileSink[T](sizes, outputs)
		if err != nil {
			return s, err
		}
		s.answers, s.ends = sink, append(s.ends, sink)
	} else if job.CSV != nil {
		sink := newLineSink[T](job.CSV, ',')
		s.answers, s.ends = sink, append(s.ends, sink)
	}
	if job.Trace != "" {
		sink, err := newTraceSink[T](traced, job.Trace)
		if err != nil {
			return s, err
		}
		s.trace, s.ends = sink, append(s.ends, sink)
	}
	return s, nil
}

func (s *sinks[T]) abort() {
	for _, e := range s.ends {
		e.Abort()
	}
}

// An ending is a sink that is completed, or taken back, when all samples are done.
type ending interface {
	finish() ([]*atomicfile.File, error)
	Abort()
}

// finishAll completes the sinks of one run and gives their files their names together: answers and trace are
// of the same run, or of the run before.
func finishAll(ctx context.Context, ends []ending) error {
	var files []*atomicfile.File
	for _, e := range ends {
		f, err := e.finish()
		if err != nil {
			return err
		}
		files = append(files, f...)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return atomicfile.CommitAll(files...)
}

// fileSource reads the blocks of all inputs side by side.
type fileSource[T sim.Float] struct{ *inputFiles }

func (s fileSource[T]) Read(in [][]T) (int, error) {
	n, err := s.read(in)
	if s.kept != nil && n > 0 {
		s.kept.take(in, n)
	}
	if err != nil && err != io.EOF { // which is no error, and compared as it is
		err = during(CodeData, err)
	}
	return n, err
}

func (s fileSource[T]) read(in [][]T) (int, error) {
	rows := -1
	for i, f := range s.files {
		// The first file tells how many rows the block has; the others must have as many.
		want := len(in[i]) / f.RowLen()
		if rows >= 0 {
			want = rows
		}
		n, err := readFull(f, in[i][:want*f.RowLen()])
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		if rows >= 0 && n != rows {
			return 0, fmt.Errorf("%s: samples: got fewer than %s has, want as many", s.names[i], s.names[0])
		}
		rows = n
	}
	if rows > 0 {
		return rows, nil
	}
	return 0, s.ended()
}

// ended says whether all files ended together.
// One row more is asked of each: a longer file is as wrong as a shorter one, because samples of different
// inputs belong together by their numbers.
func (s fileSource[T]) ended() error {
	for i, f := range s.files {
		if n, err := readFull(f, make([]T, f.RowLen())); n > 0 {
			return fmt.Errorf("%s: samples: got more than %s has, want as many", s.names[i], s.names[0])
		} else if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
	}
	return io.EOF
}

// readFull reads rows until dst is full or the source ends.
func readFull[T npy.Float](s npy.Source, dst []T) (rows int, err error) {
	for len(dst) > 0 {
		n, err := npy.ReadRows(s, dst)
		rows += n
		if err != nil || n == 0 {
			return rows, err
		}
		dst = dst[n*s.RowLen():]
	}
	return rows, nil
}
