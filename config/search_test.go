package config_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/config"
)

var searches = []struct {
	name  string
	there []string // files, in the working folder
	same  bool     // whether all hold the same
	path  string
	want  string // "" for none
	note  string
	err   string
}{
	{name: "beside", there: []string{"prj/m.h5"}, path: "m.h5", want: "prj/m.h5"},
	{name: "dots", there: []string{"m.h5"}, path: "../m.h5", want: "m.h5"},
	{name: "below", there: []string{"prj/a/m.h5"}, path: "a/m.h5", want: "prj/a/m.h5"},
	{name: "from the working folder", there: []string{"a/m.h5"}, path: "./a/m.h5", want: "a/m.h5"},
	{
		name: "of a project", there: []string{"prj/m.h5"}, path: "prj/m.h5", want: "prj/m.h5",
	},
	{
		name: "moved", there: []string{"prj/m.h5"}, path: "models/v1/m.h5", want: "prj/m.h5",
		note: `got "models/v1/m.h5", which is not there: using "prj/m.h5"`,
	},
	{
		name: "of another machine", there: []string{"prj/m.h5"}, path: "/nowhere/m.h5", want: "prj/m.h5",
		note: `got "/nowhere/m.h5", which is not there: using "prj/m.h5"`,
	},
	{
		name: "variable of a shell", there: []string{"prj/m.h5"}, path: "$PROJECT/m.h5", want: "prj/m.h5",
		note: `got "$PROJECT/m.h5", which is not there: using "prj/m.h5"`,
	},
	{name: "backslashes", there: []string{"prj/a/m.h5"}, path: `a\m.h5`, want: "prj/a/m.h5"},
	{
		name: "drive", there: []string{"prj/m.h5"}, path: `C:\models\m.h5`, want: "prj/m.h5",
		note: `got "C:\\models\\m.h5", which is not there: using "prj/m.h5"`,
	},
	{
		name: "drive with slashes", there: []string{"prj/m.h5"}, path: `C:/models/m.h5`, want: "prj/m.h5",
		note: `got "C:/models/m.h5", which is not there: using "prj/m.h5"`,
	},
	{
		name: "with a file that is found", there: []string{"other/m.h5"}, path: "x/m.h5", want: "other/m.h5",
		note: `got "x/m.h5", which is not there: using "other/m.h5"`,
	},
	{name: "home", there: []string{"home/m.h5"}, path: "~/m.h5", want: "HOME/m.h5"},
	{name: "home as a variable", there: []string{"home/m.h5"}, path: "$HOME/m.h5", want: "HOME/m.h5"},
	{name: "home in braces", there: []string{"home/m.h5"}, path: "${HOME}/m.h5", want: "HOME/m.h5"},
	{
		name: "two of them", there: []string{"a/m.h5", "prj/a/m.h5"}, path: "a/m.h5", want: "prj/a/m.h5",
		note: `using "prj/a/m.h5", as seen from the configuration; from the working folder there is another, ` +
			`"a/m.h5"`,
	},
	{
		name: "two copies", there: []string{"a/m.h5", "prj/a/m.h5"}, same: true, path: "a/m.h5",
		want: "prj/a/m.h5",
	},
	{
		name: "none", path: "a/m.h5",
		err: `got "a/m.h5", want a file: there is none at "prj/a/m.h5", "a/m.h5", "prj/m.h5", "other/m.h5"`,
	},
	{
		name: "a file before a folder", there: []string{"prj/m/saved_model.pb", "other/m"}, path: "m",
		want: "other/m",
		note: `got "m", which is not there: using "other/m"`,
	},
	{name: "a folder", there: []string{"prj/m/saved_model.pb"}, path: "m", want: "prj/m"},
	{
		name: "a folder of the name", there: []string{"prj/m/saved_model.pb"}, path: "x/m",
		err: `got "x/m", want a file: there is none at "prj/x/m", "x/m", "prj/m" (a folder), "other/m"`,
	},
	{
		name: "below a file", there: []string{"prj/m"}, path: "m/x",
		err: `got "m/x", want a file: there is none at "prj/m/x" (not a directory), "m/x", "prj/x", "other/x"`,
	},
}

// TestSearchFile looks for files in the way of people's configurations: written by a script in another
// folder, on another machine, on Windows, or moved together with their files.
func TestSearchFile(t *testing.T) {
	for _, row := range searches {
		t.Run(row.name, func(t *testing.T) {
			content := func(name string) []byte { return []byte(name) }
			if row.same {
				content = func(string) []byte { return make([]byte, 1<<16) }
			}
			t.Chdir(t.TempDir())
			home, err := filepath.Abs("home")
			require.NoError(t, err)
			t.Setenv("HOME", home)
			require.NoError(t, os.Mkdir("prj", 0o777))
			for _, name := range row.there {
				require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o777))
				require.NoError(t, os.WriteFile(name, content(name), 0o666))
			}
			got, note, err := config.Search{Dir: "prj", Beside: []string{"other"}}.File(row.path)
			if row.err != "" {
				require.EqualError(t, err, row.err)
				require.ErrorIs(t, err, fs.ErrNotExist)
				return
			}
			require.NoError(t, err)
			require.Equal(t, row.note, note)
			if row.want == "HOME/m.h5" {
				row.want = filepath.Join(home, "m.h5")
			}
			require.Equal(t, row.want, got)
		})
	}
}
