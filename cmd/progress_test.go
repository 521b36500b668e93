package cmd

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestProgressShowsAndClears(t *testing.T) {
	var b bytes.Buffer
	p := &progress{label: "predict", out: &b, next: time.Now().Add(time.Hour)}
	p.update(1, 10)
	p.clear()
	require.Empty(t, b.String(), "short work shows nothing")

	p.next = time.Now()
	p.update(5, 10)
	require.Equal(t, "\r\x1b[Kpredict: [##########----------] 5 of 10 (50 %)", b.String())
	p.update(6, 10)
	require.NotContains(t, b.String(), "6 of 10", "updates keep a distance")
	b.Reset()
	p.clear()
	require.Equal(t, "\r\x1b[K", b.String())

	b.Reset()
	p.next = time.Now()
	p.update(7, -1)
	require.Equal(t, "\r\x1b[Kpredict: 7", b.String(), "nobody knows the total")
}

func TestProgressAnnouncesWhatCannotBeCounted(t *testing.T) {
	var b bytes.Buffer
	p := &progress{label: "verify", out: &b}
	p.wait("compiling")
	require.Empty(t, b.String(), "short work shows nothing")
	p.announce()
	require.Equal(t, "\r\x1b[Kverify: compiling ...", b.String())
	b.Reset()
	p.wait("linking")
	require.Equal(t, "\r\x1b[Kverify: linking ...", b.String())
	b.Reset()
	p.update(1, 2)
	p.announce()
	require.Equal(t, "\r\x1b[Kverify: [##########----------] 1 of 2 (50 %)", b.String(), "too late")
	p.wait("comparing")
	p.clear()
	b.Reset()
	p.announce()
	p.clear()
	require.Empty(t, b.String(), "the work is over")
}

func TestProgressIsQuietInAPipe(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	require.NoError(t, err)
	defer f.Close()
	quiet := (&app{raw: Streams{Err: f}}).progress("x")
	require.Nil(t, quiet.out)
	quiet.wait("compiling")
	require.Nil(t, quiet.timer)
	require.Nil(t, (&app{raw: Streams{Err: &bytes.Buffer{}}}).progress("x").out)
}
