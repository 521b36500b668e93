package hlsgo

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/frontend"
	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/internal/filekind"
)

// reader is a front end with the plugin that brought it.
type reader struct {
	frontend.Reader
	plugin string
}

// handlers are those that a plugin adds to the readers of a framework.
type handlers struct {
	framework string
	plugin    string
	list      []build.Handler
}

// AddReader adds a front end. Its configuration keys and the ends of its files' names become known ones; it
// may share them with other readers. A name taken already is an error that names both plugins.
func (r *Registry) AddReader(f frontend.Reader) error {
	if err := r.claim("front end", f.Name()); err != nil {
		return err
	}
	r.readers = append(r.readers, reader{f, r.plugin})
	return nil
}

// AddHandler adds handlers of layers to every reader of a framework, such as "keras": the built-in ones and
// those of other plugins, whether they were added before or come after. A class that a reader reads already
// is an error that names both plugins; it shows when all plugins are set up.
func (r *Registry) AddHandler(framework string, list ...build.Handler) error {
	r.handlers = append(r.handlers, handlers{framework, r.plugin, slices.Clone(list)})
	return nil
}

// extend gives the readers the handlers of all plugins.
func (r *Registry) extend() error {
	for _, h := range r.handlers {
		found := false
		for _, f := range r.readers {
			e, ok := f.Reader.(frontend.Extensible)
			found = found || ok && e.Framework() == h.framework
		}
		if !found {
			return fmt.Errorf("plugin %q: handlers for %q: got no reader of that framework, want one of %s",
				h.plugin, h.framework, strings.Join(r.frameworks(), ", "))
		}
	}
	for i, f := range r.readers {
		e, ok := f.Reader.(frontend.Extensible)
		if !ok {
			continue
		}
		more, err := r.extended(e, f.plugin)
		if err != nil {
			return err
		}
		r.readers[i].Reader = more
	}
	return nil
}

// extended is the reader, which plugin brought, with all handlers for its framework.
func (r *Registry) extended(e frontend.Extensible, plugin string) (frontend.Extensible, error) {
	owner := map[string]string{}
	for _, class := range e.Classes() {
		owner[class] = plugin
	}
	for _, h := range r.handlers {
		if h.framework != e.Framework() {
			continue
		}
		for _, one := range h.list {
			for _, class := range one.Classes {
				if by, ok := owner[class]; ok {
					return nil, fmt.Errorf("plugin %q: %s layer %q: handled twice: got it from %q, already from %q",
						h.plugin, h.framework, class, h.plugin, by)
				}
				owner[class] = h.plugin
			}
		}
		var err error
		if e, err = e.With(h.list...); err != nil {
			return nil, fmt.Errorf("plugin %q: %w", h.plugin, err)
		}
	}
	return e, nil
}

// frameworks lists those whose readers take handlers, sorted.
func (r *Registry) frameworks() []string {
	var names []string
	for _, f := range r.readers {
		if e, ok := f.Reader.(frontend.Extensible); ok && !slices.Contains(names, e.Framework()) {
			names = append(names, e.Framework())
		}
	}
	slices.Sort(names)
	return names
}

// sourceKeys lists the configuration keys of all readers, each once.
func (r *Registry) sourceKeys() []string {
	var keys []string
	for _, f := range r.readers {
		for _, key := range f.Keys() {
			if !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// candidate is a reader that may take the files of a source, by their keys or their names.
type candidate struct {
	reader
	key string // of the reader's, under which the main file stands
	src frontend.Source
}

// candidates lists the readers that have a key of the source's files, the one added last first.
func (r *Registry) candidates(src frontend.Source) []candidate {
	var list []candidate
	for _, f := range slices.Backward(r.readers) {
		keys := f.Keys()
		if i := slices.IndexFunc(keys, func(key string) bool { return src.Files[key] != "" }); i >= 0 {
			list = append(list, candidate{f, keys[i], src})
		}
	}
	return list
}

// choose picks the reader of a network, of one candidate at least. One alone is not asked, because what its
// Read says of a file is more than its Accepts would. Of several that accept the files the first is taken,
// that is the one added last: a plugin may put a better reader before a built-in one. A warning says so.
func choose(list []candidate) (c candidate, warnings []string, err error) {
	if len(list) == 1 {
		return list[0], nil, nil
	}
	for _, c := range list { // a missing file is no matter of forms
		for _, path := range c.src.Files {
			if _, err := os.Stat(path); err != nil {
				return c, nil, filekind.Explain(path, "", err)
			}
		}
	}
	var taken []candidate
	reasons := linesError{fmt.Sprintf("%s: no front end reads it:", list[0].src.Files[list[0].key])}
	for _, c := range list {
		if err := c.Accepts(c.src); err != nil {
			reasons = append(reasons, fmt.Sprintf("  %s: %s", c.Name(), err))
			continue
		}
		taken = append(taken, c)
	}
	if len(taken) == 0 {
		return c, nil, reasons
	}
	c = taken[0]
	for _, other := range taken[1:] {
		warnings = append(warnings, fmt.Sprintf("%s: read by %q of plugin %q; %q of plugin %q takes it too: the "+
			"one added last goes first", c.src.Files[c.key], c.Name(), c.plugin, other.Name(), other.plugin))
	}
	return c, warnings, nil
}

// linesError is an error of several lines. Whoever prints them can tell them from line ends of names in it.
type linesError []string

// Error is all lines.
func (e linesError) Error() string { return strings.Join(e, "\n") }

// Lines are those of Error.
func (e linesError) Lines() []string { return e }
