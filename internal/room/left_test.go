package room

import (
	"math"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

const meminfo = "MemTotal: 100 kB\nMemFree: 5 kB\nMemAvailable:   64 kB\n"

// TestLeft reads systems made of files.
func TestLeft(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		own   int64
		want  int64
	}{
		{"nothing known", nil, -1, -1},
		{"machine", map[string]string{"proc/meminfo": meminfo}, -1, 64 << 10},
		{"own limit", map[string]string{"proc/meminfo": meminfo}, 1000, 1000},
		{"group without limit", map[string]string{
			"proc/meminfo": meminfo, "proc/self/cgroup": "0::/a\n",
			"sys/fs/cgroup/a/memory.max": "max\n", "sys/fs/cgroup/a/memory.current": "7\n",
		}, -1, 64 << 10},
		{"group around", map[string]string{
			"proc/meminfo": meminfo, "proc/self/cgroup": "0::/a/b\n",
			"sys/fs/cgroup/a/b/memory.max": "9000\n", "sys/fs/cgroup/a/b/memory.current": "1000\n",
			"sys/fs/cgroup/a/memory.max": "5000\n", "sys/fs/cgroup/a/memory.current": "4000\n",
			"sys/fs/cgroup/a/memory.stat": "file 900\ninactive_file 500\n",
		}, -1, 1500},
		{"first version, used up", map[string]string{
			"proc/self/cgroup": "4:memory:/x\n2:cpu:/y\n",
			"sys/fs/cgroup/memory/x/memory.limit_in_bytes": "100",
			"sys/fs/cgroup/memory/x/memory.usage_in_bytes": "120",
		}, -1, 0},
	} {
		root := t.TempDir()
		for name, text := range c.files {
			path := filepath.Join(root, name)
			require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
			require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
		}
		got, ok := leftBelow(root, c.own)
		require.Equal(t, c.want >= 0, ok, c.name)
		require.Equal(t, c.want, got, c.name)
	}
	require.Equal(t, runtime.GOOS == "linux", left() < math.MaxInt64)
	require.Greater(t, left(), int64(1<<20))
}
