package codegen_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"testing"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/stretchr/testify/require"
)

func small() *codegen.Project {
	p := codegen.NewProject("net")
	p.Add("firmware/net.cpp", []byte("int x;\n"))
	p.AddExec("build_lib.sh", []byte("#!/bin/bash\n"))
	p.AddDir("tb_data")
	return p
}

func TestProjectKeepsOrderAndContent(t *testing.T) {
	p := small()
	require.Equal(t, "firmware/net.cpp", p.Files()[0].Path)
	require.True(t, p.Files()[1].Exec)
	data, ok := p.Read("firmware/net.cpp")
	require.True(t, ok)
	require.Equal(t, "int x;\n", string(data))
	_, ok = p.Read("net.cpp")
	require.False(t, ok)
}

func TestProjectRefusesBadPaths(t *testing.T) {
	for _, path := range []string{"../x", "/x", "a/../b", "./a", "firmware/net.cpp"} {
		require.Panics(t, func() { small().Add(path, nil) }, path)
	}
}

func TestStampChangesWithContentOnly(t *testing.T) {
	a, b := small(), small()
	a.SetStamp()
	b.SetStamp()
	require.Equal(t, a.Stamp, b.Stamp)
	require.Regexp(t, "^[0-9a-f]{8}$", a.Stamp)
	b.Add("more.txt", nil)
	b.SetStamp()
	require.NotEqual(t, a.Stamp, b.Stamp)
}

// TestStampSeesTheBordersOfFiles tells projects apart whose files read the same one after the other.
func TestStampSeesTheBordersOfFiles(t *testing.T) {
	a, b := codegen.NewProject("n"), codegen.NewProject("n")
	a.Add("ab", []byte("c"))
	b.Add("a", []byte("bc"))
	a.SetStamp()
	b.SetStamp()
	require.NotEqual(t, a.Stamp, b.Stamp)
}

func TestTarHoldsTheProject(t *testing.T) {
	var first, second bytes.Buffer
	require.NoError(t, small().WriteTar(&first))
	require.NoError(t, small().WriteTar(&second))
	require.Equal(t, first.Bytes(), second.Bytes(), "an archive must not depend on the clock")

	z, err := gzip.NewReader(&first)
	require.NoError(t, err)
	found := map[string]string{}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		data, err := io.ReadAll(r)
		require.NoError(t, err)
		found[h.Name] = string(data)
		if h.Name == "build_lib.sh" {
			require.Equal(t, int64(0o755), h.Mode)
		}
	}
	require.Equal(t, map[string]string{
		"tb_data/": "", "firmware/net.cpp": "int x;\n", "build_lib.sh": "#!/bin/bash\n",
	}, found)
}

type broken struct{ room int }

func (b *broken) Write(p []byte) (int, error) {
	if b.room -= len(p); b.room < 0 {
		return 0, errors.New("full")
	}
	return len(p), nil
}

func TestTarReportsWriteErrors(t *testing.T) {
	require.Error(t, small().WriteTar(&broken{room: 20}))
}
