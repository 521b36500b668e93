package cmd

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestProgressShowsAndClears(t *testing.T) {
	var b bytes.Buffer
	p := &progress{label: "predict", unit: "samples", out: &b, width: 80, next: time.Now().Add(time.Hour)}
	p.update(1, 10)
	p.clear()
	require.Empty(t, b.String(), "short work shows nothing")

	p.next = time.Now()
	p.update(5, 10)
	require.Equal(t, "\rpredict: [##########----------] 50 % of 10 samples", b.String())
	p.update(6, 10)
	require.NotContains(t, b.String(), "60 %", "updates keep a distance")
	b.Reset()
	p.clear()
	require.Equal(t, "\r"+strings.Repeat(" ", 50)+"\r", b.String())

	b.Reset()
	p.next = time.Now()
	p.update(7, -1)
	require.Equal(t, "\rpredict: 7 samples", b.String(), "nobody knows the total")
}

// TestProgressTellsTheTimeLeft and how fast the work goes, as far as the terminal has room.
func TestProgressTellsTheTimeLeft(t *testing.T) {
	for _, c := range []struct {
		width, done, total int
		spent              time.Duration
		want               string
	}{
		{80, 43_200_000, 360_000_000, 8 * time.Second,
			"predict: [##------------------] 12 % of 360M samples, 5.4M/s, 0:59 left"},
		{60, 43_200_000, 360_000_000, 8 * time.Second, "predict: 12 % of 360M samples, 0:59 left, 5.4M/s"},
		{25, 43_200_000, 360_000_000, 8 * time.Second, "12 % of 360M samples"},
		{80, 10, 20_000, 2 * time.Second, "predict: [--------------------] 0 % of 20k samples, 5/s, 1:06:38 left"},
		{80, 10, 20, time.Millisecond, "predict: [##########----------] 50 % of 20 samples"},
		{80, 950, -1, 2 * time.Second, "predict: 950 samples, 475/s"},
		{80, 123_456, 0, 3 * time.Second, "predict: 123k samples, 41.2k/s"},
	} {
		p := &progress{label: "predict", unit: "samples", width: c.width}
		require.Equal(t, c.want, p.counted(c.done, c.total, c.spent))
	}
	for v, want := range map[float64]string{
		0.25: "0.3", 9999: "9999", 10_000: "10k", 999_400: "999k", 999_600: "1M", 1.5e9: "1.5G", 2e13: "20T",
	} {
		require.Equal(t, want, short(v))
	}
}

// TestProgressBeginsAnew with each pass over the same samples.
func TestProgressBeginsAnew(t *testing.T) {
	var b bytes.Buffer
	p := &progress{label: "compare", unit: "samples", out: &b, width: 80}
	p.phase("try cures")
	p.update(10, 10)
	require.Contains(t, b.String(), "compare: try cures: [####################] 100 % of 10 samples")
	p.update(2, 10)
	require.Equal(t, 2, p.first)
	p.clear()
}

func TestProgressAnnouncesWhatCannotBeCounted(t *testing.T) {
	var b bytes.Buffer
	p := &progress{label: "verify", unit: "samples", out: &b, width: 80}
	p.wait("compiling")
	require.Empty(t, b.String(), "short work shows nothing")
	p.announce()
	require.Equal(t, "\rverify: compiling ...", b.String())
	b.Reset()
	p.since = p.since.Add(-65 * time.Second)
	p.announce()
	require.Equal(t, "\rverify: compiling ... 1:05", b.String())
	b.Reset()
	p.wait("linking")
	require.Equal(t, "\rverify: linking ...       \b\b\b\b\b\b\b", b.String())
	b.Reset()
	p.update(1, 2)
	p.announce()
	require.Equal(t, "\rverify: [##########----------] 50 % of 2 samples", b.String(), "too late")
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
	require.Zero(t, quiet.width)
	quiet.wait("compiling")
	require.Nil(t, quiet.timer)
	quiet.update(1, 2)
	quiet.clear()
	require.Zero(t, (&app{raw: Streams{Err: &bytes.Buffer{}}}).progress("x").width)
}
