package layerstest

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/ir"
)

// firmware compiles the networks of each io type into one program and compares raw integers of every layer.
func (c *checker) firmware(t *testing.T, trials []*trial) {
	for _, io := range ir.IOTypes() {
		var group []*trial
		for _, tr := range trials {
			if tr.place.io == io {
				group = append(group, tr)
			}
		}
		if len(group) > 0 {
			t.Run(string(io), func(t *testing.T) { compileAndCompare(t, group) })
		}
	}
}

func compileAndCompare(t *testing.T, group []*trial) {
	var models []*hlsgo.Model
	var names []string
	for _, tr := range group {
		models, names = append(models, tr.model), append(names, tr.String())
	}
	f, err := hlsgo.CompileFirmware(context.Background(), models, hlsgo.FirmwareOptions{})
	var missing *hlsgo.MissingCompilerError
	switch {
	case errors.As(err, &missing) && os.Getenv("HLSGO_REQUIRE_CXX") != "1":
		t.Skipf("firmware is not compared: %v", err)
	case err != nil:
		t.Fatalf("%s: %v", strings.Join(names, ", "), err)
	}
	for i, tr := range group {
		compareFirmware(t, f, i, tr)
	}
}

func compareFirmware(t *testing.T, f *hlsgo.Firmware, i int, tr *trial) {
	g, err := tr.model.Graph()
	if err != nil {
		t.Fatal(err)
	}
	in := arrays(samples(g, tr.seed))
	r, err := f.Verify(context.Background(), i, hlsgo.VerifyJob{Inputs: in})
	if err != nil {
		t.Errorf("%s: %v", tr, err)
		return
	}
	for _, l := range r.Layers {
		if d := l.First; d != nil {
			t.Errorf("%s: %s %s %s: %d of %d values differ, first at sample %d, value %d: program %s, firmware %s\n%s",
				tr, l.Kind, l.Name, l.Type, l.Differ, l.Values, d.Sample, d.Index, d.Got, d.Want, describe(g))
			return // what comes behind follows from it
		}
	}
}
