package hlsgo

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/hlsgo/hlsgo/internal/npy"
	"github.com/hlsgo/hlsgo/profiling"
	"github.com/hlsgo/hlsgo/sim"
)

// ProfileOptions tune a profile. None of them changes a number.
type ProfileOptions struct {
	Threads int // 0: all cores
	// Labels are the classes of the samples: with them the profile tells how well both models tell them apart.
	Labels []int
	// LabelFile names a .npy file of one class per sample, or of one-hot rows, for ProfileFiles.
	LabelFile string
	// Progress is told the samples done; total is -1 where only the end of the data tells.
	Progress func(done, total int)
}

// Profile returns the distributions of the model's weights and, with data, of what its layers answer, in
// floating point and in the fixed point of the firmware. data holds one array per input, in the model's
// order; without it the profile is of the weights alone.
func (m *Model) Profile(ctx context.Context, o ProfileOptions, data ...*Array) (*Profile, error) {
	s, err := m.profileSetup(ctx)
	if err != nil {
		return nil, err
	}
	if len(data) == 0 {
		return profiling.New(s), nil
	}
	if err := m.checkSamples(s.Program, data); err != nil {
		return nil, err
	}
	if data[0].Double() {
		return profileSlices(ctx, s, o, doubles(data))
	}
	return profileSlices(ctx, s, o, singles(data))
}

// profileSlices profiles samples in memory.
func profileSlices[T sim.Float](
	ctx context.Context, s profiling.Setup, o ProfileOptions, data [][]T,
) (*Profile, error) {
	src, err := sim.NewSlices(s.Program, data)
	if err != nil {
		return nil, err
	}
	return profileSource(ctx, s, o, src, len(data[0])/s.Program.Inputs[0].Size())
}

// profileSource is where memory and files meet: from here on samples are a stream of unknown origin.
func profileSource[T sim.Float](
	ctx context.Context, s profiling.Setup, o ProfileOptions, src sim.Source[T], total int,
) (*Profile, error) {
	job := profiling.Job[T]{Source: src, Workers: o.Threads, Labels: o.Labels}
	if o.Progress != nil {
		job.Progress = func(n int) { o.Progress(n, total) }
	}
	return profiling.Run(ctx, s, job)
}

// ProfileFiles is Profile with samples from files: .npy or .dat, in the model's order; without names those of
// the configuration's InputData, or none. Memory does not grow with the number of samples.
func (m *Model) ProfileFiles(
	ctx context.Context, o ProfileOptions, names ...string,
) (*Profile, error) {
	if len(names) == 0 && m.config.InputData == "" {
		if o.LabelFile != "" {
			return nil, fmt.Errorf("%s: labels: got no samples for them, want some (-i, or InputData)", o.LabelFile)
		}
		return m.Profile(ctx, o)
	}
	s, err := m.profileSetup(ctx)
	if err != nil {
		return nil, err
	}
	src, err := m.openSamples(s.Program, names)
	if err != nil {
		return nil, err
	}
	defer src.close()
	if o.LabelFile != "" {
		width := s.Program.Outputs[0].Size()
		if o.Labels, err = readLabels(o.LabelFile, src.total, src.total, width); err != nil {
			return nil, err
		}
	}
	var p *Profile
	if src.files[0].DType() == npy.Float64 {
		p, err = profileSource(ctx, s, o, fileSource[float64]{src}, src.total)
	} else {
		p, err = profileSource(ctx, s, o, fileSource[float32]{src}, src.total)
	}
	if err == nil && p.Samples == 0 {
		err = fmt.Errorf("%s: samples: got none, want at least one", src.names[0])
	}
	return p, err
}

// profileSetup prepares both stages of the model.
// Before is built a second time, as the flow has changed the first graph in place.
func (m *Model) profileSetup(ctx context.Context) (profiling.Setup, error) {
	s := profiling.Setup{Name: filepath.Base(m.name)}
	var errs [3]error
	s.Before, errs[0] = m.build()
	if errs[0] == nil {
		s.Reference, errs[1] = sim.NewReference(s.Before, m.toolkit.reg.layers)
		s.Program, errs[2] = m.CompileContext(ctx, sim.Options{})
	}
	if errs[2] == nil {
		s.After, errs[2] = m.Graph() // the same that was compiled
	}
	// A layer without a float reference and one without a kernel are told in one go.
	return s, errors.Join(errs[:]...)
}
