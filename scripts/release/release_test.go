package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestArchives are the same bytes at each time and hold a folder with the program, which may run, and the
// documents.
func TestArchives(t *testing.T) {
	program := filepath.Join(t.TempDir(), "hlsgo")
	require.NoError(t, os.WriteFile(program, []byte("program"), 0o600))
	for _, p := range platforms() {
		var packed [2][]byte
		var name string
		for i := range packed {
			r := release{source: "../..", folder: t.TempDir(), version: "v1.2.3", time: time.Unix(1.7e9, 0).UTC()}
			var err error
			name, err = r.pack(p, program)
			require.NoError(t, err)
			packed[i], err = os.ReadFile(filepath.Join(r.folder, name))
			require.NoError(t, err)
			require.NoError(t, r.sum([]string{name}))
			sums, err := os.ReadFile(filepath.Join(r.folder, "SHA256SUMS"))
			require.NoError(t, err)
			require.Equal(t, fmt.Sprintf("%x  %s\n", sha256.Sum256(packed[i]), name), string(sums))
			later := time.Now().Add(time.Hour)
			require.NoError(t, os.Chtimes(program, later, later))
		}
		require.Equal(t, packed[0], packed[1], name)
		stem := "hlsgo-v1.2.3-" + p.os + "-" + p.arch
		want := []string{stem + "/hlsgo 755",
			stem + "/README.md 644", stem + "/CHANGELOG.md 644", stem + "/LICENSE 644"}
		require.Equal(t, want, members(t, name, packed[0]))
	}
}

// members lists what is in an archive.
func members(t *testing.T, name string, content []byte) []string {
	t.Helper()
	var list []string
	if strings.HasSuffix(name, ".zip") {
		z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		require.NoError(t, err)
		for _, f := range z.File {
			list = append(list, fmt.Sprintf("%s %o", f.Name, f.Mode()))
		}
		return list
	}
	z, err := gzip.NewReader(bytes.NewReader(content))
	require.NoError(t, err)
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err == io.EOF {
			return list
		}
		require.NoError(t, err)
		list = append(list, fmt.Sprintf("%s %o", h.Name, h.Mode))
	}
}

// TestReleaseRuns builds this machine's program, which must be static, know its version and name no folder of
// this machine.
func TestReleaseRuns(t *testing.T) {
	if testing.Short() {
		t.Skip("links the program")
	}
	program := filepath.Join(t.TempDir(), "hlsgo")
	r := release{source: "../..", version: "v9.8.7"}
	require.NoError(t, r.build(t.Context(), platform{runtime.GOOS, runtime.GOARCH}, program))
	out, err := exec.CommandContext(t.Context(), program, "version").Output()
	require.NoError(t, err)
	require.Contains(t, string(out), "hlsgo v9.8.7 ")
	content, err := os.ReadFile(program)
	require.NoError(t, err)
	here, err := filepath.Abs("../..")
	require.NoError(t, err)
	require.NotContains(t, string(content), here)
	if runtime.GOOS == "linux" {
		require.NotContains(t, string(content), "/lib64/ld-linux", "want a static program")
	}
}

// TestCommandLine says what is wrong before anything is built.
func TestCommandLine(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
	require.ErrorContains(t, run(t.Context(), []string{"-version", "v1", "-only", "plan9/arm"}), "-only: got")
	require.ErrorContains(t, run(t.Context(), []string{"-version", "a b"}), "version: got \"a b\"")
	t.Setenv("SOURCE_DATE_EPOCH", "soon")
	require.ErrorContains(t, run(t.Context(), []string{"-version", "v1"}), "want seconds")
}
