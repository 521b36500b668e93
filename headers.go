package hlsgo

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/hlsgo/hlsgo/codegen"
)

// AddSource adds the files of a folder, headers and data, to the projects of a dialect. They stand beside
// the library's headers, under the paths that they have in fsys, and code of layers includes them by those. A
// name that another plugin or the library has is an error that names both plugins.
func (r *Registry) AddSource(dialect codegen.Dialect, fsys fs.FS) error {
	return fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if err := r.claim("source", string(dialect)+": "+path); err != nil {
			return err
		}
		data, err := fs.ReadFile(fsys, path)
		if err != nil {
			return fmt.Errorf("source %q: %w", path, err)
		}
		if r.sources[dialect] == nil {
			r.sources[dialect] = map[string][]byte{}
		}
		r.sources[dialect][path] = data
		return nil
	})
}

// checkSources holds the names of sources against those of the tools' own libraries, when all are known.
func (r *Registry) checkSources() error {
	for _, b := range r.working() {
		if b.Library == nil {
			continue
		}
		library := b.Library()
		for _, path := range slices.Sorted(maps.Keys(r.sources[b.Dialect])) {
			if _, ok := library[path]; ok {
				name := string(b.Dialect) + ": " + path
				return fmt.Errorf("source %q: registered twice: got it from %q, already in the library of backend %s "+
					"from %q", name, r.owner["source "+name], b.Name, r.owner["backend "+b.Name])
			}
		}
	}
	return nil
}
