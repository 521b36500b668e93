package hlsgo

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/frontend"
)

// StageRow is a step by which a front end changes networks before it makes layers of them; GraphText shows
// the network behind it.
type StageRow struct {
	FrontEnd string // such as "onnx"
	Name     string // such as "cleanup:fold_constants"
	Why      string
}

// Stages lists the steps of all front ends that have some.
func (t *Toolkit) Stages() []StageRow {
	var rows []StageRow
	for _, f := range t.reg.readers {
		if s, ok := f.Reader.(frontend.Staged); ok {
			for _, st := range s.Stages() {
				rows = append(rows, StageRow{s.Name(), st.Name, st.Why})
			}
		}
	}
	return rows
}

// isStage reports whether a name is that of a step and of no pass.
func (t *Toolkit) isStage(name string) bool {
	return slices.ContainsFunc(t.Stages(), func(r StageRow) bool { return r.Name == name })
}

// stageText is the network behind a step of the front end that read it.
func (m *Model) stageText(stage string, form GraphForm) ([]byte, error) {
	s, ok := m.source.from.Reader.(frontend.Staged)
	if !ok {
		return nil, fmt.Errorf("%s: got a network without the step %q: its front end has no steps", m.name, stage)
	}
	if form != GraphLines {
		return nil, fmt.Errorf("%s: got JSON for the step %q of the front end, want text: it has no layers",
			m.name,
			stage)
	}
	text, err := s.After(m.source.from.src, stage)
	return []byte(text), during(CodeModel, err)
}
