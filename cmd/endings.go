package cmd

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// checkEnding refuses a file whose name does not end in one of those that a verb can write (".npy"). The
// ending is all that says what is wanted, and a guess would be found out by the program that reads it.
func checkEnding(c *cobra.Command, flag, file string, known ...string) error {
	ext := strings.ToLower(filepath.Ext(file))
	if slices.Contains(known, ext) || ext == "" && special(file) {
		return nil
	}
	want := known[0]
	if n := len(known) - 1; n > 0 {
		want = strings.Join(known[:n], ", ") + " or " + known[n]
	}
	return usage(c, "%s: got %q, want a file that ends in %s", flag, file, want)
}

// special tells what is there and is no file, as pipes and devices are: nobody could name those by content.
func special(name string) bool {
	i, err := os.Stat(name)
	return err == nil && !i.Mode().IsRegular() && !i.IsDir()
}

// checkInputCount compares the number of -i with the model's inputs. After loading, as only the model knows
// that number, and still a matter of the command line: the error points to the help.
func checkInputCount(c *cobra.Command, files []string, inputs int) error {
	if len(files) > 0 && len(files) != inputs {
		return usage(c, "-i: got %s, want %d, one per input of the model", count(len(files), "file"), inputs)
	}
	return nil
}

// count writes "1 sample", "2 samples".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
