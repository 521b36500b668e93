package hlsgo

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/frontend"
	"github.com/hlsgo/hlsgo/internal/filekind"
)

// pairOf finds the pair to which a reader's main file of an extension belongs, if it does.
func pairOf(r frontend.Reader, extension string) (frontend.Pair, bool) {
	p, ok := r.(frontend.Paired)
	if !ok {
		return frontend.Pair{}, false
	}
	for _, pair := range p.Pairs() {
		if strings.EqualFold(pair.Extension, extension) {
			return pair, true
		}
	}
	return frontend.Pair{}, false
}

// complete adds the weights to a source that names an architecture alone, where some reader takes such pairs.
// note says which file it took.
func (r *Registry) complete(src frontend.Source) (note string, err error) {
	for _, f := range r.readers {
		p, ok := f.Reader.(frontend.Paired)
		if !ok {
			continue
		}
		for _, pair := range p.Pairs() {
			path := src.Files[pair.Key]
			if len(src.Files) != 1 || path == "" {
				continue
			}
			weights, err := weightsBeside(path, pair.Ends)
			if err != nil {
				return "", err
			}
			src.Files[pair.Weights] = weights
			return fmt.Sprintf("%s: weights: using %q, which lies beside it", path, weights), nil
		}
	}
	return "", nil
}

// weightsBeside finds the weights of an architecture in its folder: the file of the same name, apart from
// words such as weights and model, or else the only one. ends are those of names of files of weights.
func weightsBeside(path string, ends []string) (string, error) {
	if _, err := os.Stat(path); err != nil || filekind.Of(path) != "" {
		return "", filekind.Explain(path, "an architecture in JSON", err)
	}
	dir := filepath.Dir(path)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", filekind.Explain(dir, "", err)
	}
	var same, all []string
	for _, e := range entries {
		stem, ok := cutEnd(e.Name(), ends)
		if !ok || e.IsDir() {
			continue
		}
		all = append(all, e.Name())
		if subject(stem) == subject(strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))) {
			same = append(same, e.Name())
		}
	}
	if len(same) == 0 {
		same = all
	}
	switch len(same) {
	case 1:
		return filepath.Join(dir, same[0]), nil
	case 0:
		return "", fmt.Errorf("%s: weights: got no file that ends in %s beside it, want one, or --weights",
			path, strings.Join(ends, " or "))
	}
	const most = 10
	more := ""
	if n := len(same) - most; n > 0 {
		same, more = same[:most], fmt.Sprintf(" and %d more", n)
	}
	return "", fmt.Errorf("%s: weights: got %s%s beside it, want one, which --weights names",
		path, strings.Join(same, ", "), more)
}

// cutEnd cuts one of the ends off a name, in any capitals.
func cutEnd(name string, ends []string) (stem string, ok bool) {
	for _, end := range ends {
		if n := len(name) - len(end); n >= 0 && strings.EqualFold(name[n:], end) {
			return name[:n], true
		}
	}
	return "", false
}

var words = regexp.MustCompile(`[A-Za-z0-9]+`)

// subject is what names of an architecture and of its weights have in common.
func subject(stem string) string {
	kept := slices.DeleteFunc(words.FindAllString(strings.ToLower(stem), -1), func(word string) bool {
		return slices.Contains([]string{"weights", "weight", "model", "arch", "architecture", "config"}, word)
	})
	return strings.Join(kept, "_")
}
