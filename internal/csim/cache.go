package csim

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/hlsgo/hlsgo/internal/atomicfile"
)

const (
	executable = "program"
	sealName   = "program.sha256" // beside it: what the compiler wrote
)

// ensure makes the program's folder unless it is there and sound. It is built under another name and renamed
// when it is complete, so that nobody sees half a program.
func ensure(ctx context.Context, cache, dir string, files map[string][]byte, command []string) error {
	if sound(dir, files) {
		now := time.Now()
		_ = os.Chtimes(dir, now, now) // in use: see prune
		return nil
	}
	prune(cache)
	tmp, remove, err := atomicfile.TempDir(filepath.Join(cache, "build"))
	if err != nil {
		return err
	}
	defer remove()
	if err := write(tmp, files); err != nil {
		return err
	}
	if err := compile(ctx, tmp, command); err != nil {
		return err
	}
	if err := seal(tmp); err != nil {
		return fmt.Errorf("compiler %q: got no program from it, want one: %w", command[0], err)
	}
	return install(cache, tmp, dir, files)
}

// seal writes down what the compiler wrote.
func seal(dir string) error {
	sum, err := programSum(dir)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, sealName), []byte(sum), 0o644)
}

// sound reports whether the folder holds the program as the compiler wrote it, and the weights that it reads:
// a disk that was full, a cleaner of caches or a hand may have been at them.
func sound(dir string, files map[string][]byte) bool {
	want, err := os.ReadFile(filepath.Join(dir, sealName))
	if err != nil {
		return false
	}
	if sum, err := programSum(dir); err != nil || sum != string(want) {
		return false
	}
	for name, data := range files {
		if filepath.Ext(name) != ".txt" {
			continue // compiled in
		}
		got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil || !bytes.Equal(got, data) {
			return false
		}
	}
	return true
}

// programSum is the hash of the folder's program, which must be one that can be run.
func programSum(dir string) (string, error) {
	path := filepath.Join(dir, executable)
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", errors.New("there is none") // in a folder that nobody but this package knows
	}
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() || info.Size() == 0 || info.Mode().Perm()&0o100 == 0 && executableBits {
		return "", fmt.Errorf("%s: got %d bytes, mode %v, want a program", executable, info.Size(), info.Mode())
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// install gives a built folder its name. A folder cannot be renamed over one that has files, so the loser of
// a race fails here, and finds the winner's program, which is the same by its name. A folder that is not
// sound steps aside, and comes back if another process has mended it in the meantime.
func install(cache, tmp, dir string, files map[string][]byte) error {
	err := os.Rename(tmp, dir)
	if err == nil || sound(dir, files) {
		return nil
	}
	aside, remove, err := atomicfile.TempDir(filepath.Join(cache, "broken"))
	if err != nil {
		return err
	}
	defer remove()
	broken := filepath.Join(aside, "was")
	if err := os.Rename(dir, broken); err == nil && sound(broken, files) {
		tmp = broken
	}
	if err := os.Rename(tmp, dir); err != nil && !sound(dir, files) {
		return fmt.Errorf("cache of compiled programs: %w", err)
	}
	return nil
}

func write(dir string, files map[string][]byte) error {
	for name, data := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// prune removes programs that nobody used for a month. What a killed build left goes with the next one.
func prune(cache string) {
	entries, err := os.ReadDir(cache)
	if err != nil {
		return
	}
	for _, e := range entries {
		info, err := e.Info()
		// Whatever goes wrong here is no reason to fail: the next build tries again.
		if err == nil && time.Since(info.ModTime()) > 30*24*time.Hour {
			_ = os.RemoveAll(filepath.Join(cache, e.Name()))
		}
	}
}
