package csim

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Program is a compiled executable of one or more models.
type Program struct {
	dir    string
	models map[string]Model
}

// Dir is the folder of the program: its sources, the projects in m0, m1, ... and the executable.
func (p *Program) Dir() string { return p.dir }

// Build compiles the models into one program, or finds it in the cache. The cache may be used by several
// processes at once.
// Compiling takes seconds to minutes and running milliseconds, so the whole design follows from one rule: a
// program is a function of its sources, flags and compiler, and their hash is its name. Nothing is ever
// updated in place, hence no lock is needed; what has been damaged is replaced as a whole.
func Build(ctx context.Context, models []Model, o Options) (*Program, error) {
	o = o.withDefaults()
	if err := checkAll(models, o.Joined); err != nil {
		return nil, err
	}
	cxx, err := Compiler()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	// The path of the compiler does not change when a distribution updates it, but what it says of itself
	// does.
	what, err := version(ctx, cxx)
	if err != nil {
		return nil, err
	}
	files, command := layout(models, o)
	command = append(slices.Clone(cxx), command...)
	key, err := digest(files, append(slices.Clone(command), what), o.APTypes)
	if err != nil {
		return nil, err
	}
	cache, err := cacheDir(o.Cache)
	if err != nil {
		return nil, err
	}
	p := &Program{dir: filepath.Join(cache, key), models: map[string]Model{}}
	for _, m := range models {
		p.models[m.Key()] = m
	}
	return p, ensure(ctx, cache, p.dir, files, command)
}

// cacheDir asks the caller first, then the environment, then the system. A folder of its own below that keeps
// prune from removing what is not ours.
func cacheDir(dir string) (string, error) {
	if dir == "" {
		dir = os.Getenv("HLSGO_CACHE")
	}
	if dir == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("cache of compiled programs: no folder: %w; set HLSGO_CACHE", err)
		}
		dir = filepath.Join(user, "hlsgo")
	}
	dir, err := filepath.Abs(filepath.Join(dir, "csim"))
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		var path *os.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return "", fmt.Errorf("cache of compiled programs: folder %q cannot be made: %w; set HLSGO_CACHE", dir, err)
	}
	return dir, nil
}

// layout returns the files of the program's folder and the arguments of the compiler.
func layout(models []Model, o Options) (map[string][]byte, []string) {
	files := map[string][]byte{"main.cpp": mainSource(models)}
	args := []string{o.Opt, "-std=" + o.Std, "-Wno-unknown-pragmas"}
	args = append(args, o.Flags...)
	// Behind ours, so that a user's -O0 or sanitizer wins.
	args = append(args, strings.Fields(os.Getenv("CXXFLAGS"))...)
	if o.APTypes != "" {
		args = append(args, "-I"+o.APTypes)
	} else {
		args = append(args, "-Im0/firmware/"+o.Types)
	}
	args = append(args, "-I.", "main.cpp")
	var joined strings.Builder
	for i, m := range models {
		folder := fmt.Sprintf("m%d", i)
		for name, data := range m.Files {
			files[folder+"/"+name] = data
		}
		unit := unitSource(i, m)
		if o.Joined {
			joined.Write(unit)
			continue
		}
		files[folder+".cpp"] = unit
		args = append(args, folder+".cpp")
	}
	if o.Joined {
		files["models.cpp"] = []byte(joined.String())
		args = append(args, "models.cpp")
	}
	return files, append(args, "-o", executable)
}

// digest hashes all that decides what the program does.
func digest(files map[string][]byte, words []string, apTypes string) (string, error) {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		add(h, name, files[name])
	}
	for _, w := range words {
		add(h, "", []byte(w))
	}
	// Headers of the project are among its files. The vendor's are outside, and hashed by content: the same
	// folder may hold another release tomorrow.
	if apTypes != "" {
		err := filepath.WalkDir(apTypes, func(path string, d os.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			data, err := os.ReadFile(path)
			add(h, path, data)
			return err
		})
		if err != nil {
			return "", fmt.Errorf("ap_types %q: %w", apTypes, err)
		}
	}
	// 128 bits are enough that two programs never meet, and leave paths short.
	return hex.EncodeToString(h.Sum(nil))[:32], nil
}

// The lengths keep "ab"+"c" and "a"+"bc" apart.
func add(h hash.Hash, name string, data []byte) {
	fmt.Fprintf(h, "%d %s %d ", len(name), name, len(data))
	h.Write(data)
}
