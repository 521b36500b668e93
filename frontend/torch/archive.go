package torch

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
)

// The ways to save a network with PyTorch. All of them are zip archives with one folder.
type form int

const (
	unknownForm  form = iota
	programForm       // of torch.export.save, from PyTorch 2.7 or 2.8 on
	flatForm          // the same before: all members at the top, weights in pickles
	scriptForm        // of torch.jit.save
	pickledForm       // of torch.save: a state_dict or a module
	compiledForm      // of AOTInductor: machine code
)

// exporting says in Python how to make a file that can be read here.
const exporting = "export the network: 'p = torch.export.export(model.eval(), (x,))', " +
	"'torch.export.save(p, \"model.pt2\")'"

// archive is an open file of PyTorch.
type archive struct {
	*build.Archive
	path string
	root string // the folder of all members, with its slash; "" where they stand at the top
	form form
}

// openArchive opens a file and finds out how it was saved.
func openArchive(path string) (*archive, error) {
	if !build.IsArchive(path) {
		return nil, notArchive(path)
	}
	zip, err := build.OpenArchive(path)
	if err != nil {
		return nil, err
	}
	a := &archive{Archive: zip, path: path}
	a.root, a.form = classify(zip.Names())
	return a, nil
}

// notArchive says what a file is instead. Pickles without an archive are those of PyTorch before 1.6.
func notArchive(path string) error {
	err := build.FileError(path, "a zip archive of PyTorch", nil)
	if strings.Contains(err.Error(), "pickle") {
		return fmt.Errorf("%s: got a pickle, which can hold any program and is not read: %s", path, exporting)
	}
	return err
}

// classify tells the forms apart by the names of the members. The folder has the name that the file had when
// it was written.
func classify(names []string) (root string, f form) {
	if slices.Contains(names, "serialized_exported_program.json") {
		return "", flatForm
	}
	for _, name := range names {
		folder, rest, ok := strings.Cut(name, "/")
		if !ok {
			continue
		}
		root = folder + "/"
		switch {
		case strings.HasPrefix(rest, "models/") && strings.HasSuffix(rest, ".json"):
			return root, programForm
		case strings.HasPrefix(rest, "data/aotinductor/"):
			f = compiledForm
		case strings.HasPrefix(rest, "code/") && f != compiledForm:
			f = scriptForm
		case rest == "data.pkl" && f == unknownForm:
			f = pickledForm
		}
	}
	return root, f
}

// refuse is what is wrong with files that hold no program.
func (a *archive) refuse() error {
	switch a.form {
	case scriptForm:
		return a.Errorf("got a TorchScript file, want a program of torch.export: %s", exporting)
	case pickledForm:
		return a.Errorf("got a state_dict or a module in a pickle: weights without a graph, or Python code, "+
			"which is not run: %s", exporting)
	case compiledForm:
		return a.Errorf("got a package compiled by AOTInductor, want the program itself: %s", exporting)
	}
	return a.Errorf("got a zip archive without a program of PyTorch: %s", exporting)
}

// model is the name of the member that holds the graph. An archive may hold several; torch.export.save writes
// the one called model.
func (a *archive) model() (string, error) {
	var found []string
	for _, name := range a.Names() {
		rest, ok := strings.CutPrefix(name, a.root+"models/")
		if ok && strings.HasSuffix(rest, ".json") {
			found = append(found, strings.TrimSuffix(rest, ".json"))
		}
	}
	if len(found) != 1 && !slices.Contains(found, "model") {
		return "", a.Errorf("models: got %d, want one, or one called model", len(found))
	}
	if len(found) == 1 {
		return found[0], nil
	}
	return "model", nil
}
