// Command cure measures what `hlsgo compare --write` makes of trained networks whose types were cut by hand:
// of each network and configuration below networks/ (see networks.py) the scores on samples that the cure has
// not seen, the bits, and the processor time.
//
//	go run ./benchmarks/cure [-dir benchmarks/cure/networks] [-keep FOLDER] [-update FILE] [NETWORK...]
//
// The table goes to standard output, or between the two marks of a page. With -keep the cured configurations
// stay, as FOLDER/NETWORK_VARIANT.yml.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/hlsgo/hlsgo"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "cure:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("cure", flag.ContinueOnError)
	dir := flags.String("dir", "benchmarks/cure/networks", "the networks' `folder`")
	keep := flags.String("keep", "", "a `folder` for the cured configurations")
	update := flags.String("update", "", "a `page` to put the table into")
	if err := flags.Parse(args); err != nil {
		return err
	}
	networks, err := openNetworks(*dir, flags.Args())
	if err != nil {
		return err
	}
	tk, err := hlsgo.New()
	if err != nil {
		return err
	}
	if *keep == "" {
		if *keep, err = os.MkdirTemp("", "cure"); err != nil {
			return err
		}
		defer os.RemoveAll(*keep)
	} else if err := os.MkdirAll(*keep, 0o777); err != nil {
		return err
	}
	var rows []*row
	var failed error // what is wrong with each, after all have run
	for _, n := range networks {
		for _, v := range n.variants {
			r, err := n.cure(ctx, tk, v, *keep)
			if err != nil {
				failed = errors.Join(failed, fmt.Errorf("%s: %w", n.config(v), err))
				continue
			}
			fmt.Fprintln(os.Stderr, r)
			rows = append(rows, r)
		}
	}
	if failed != nil {
		return failed
	}
	if *update == "" {
		fmt.Print(table(rows))
		return nil
	}
	return updatePage(*update, table(rows))
}

// Marks between which the table stands in a page.
const (
	markBegin = "<!-- table: benchmarks/cure -->\n"
	markEnd   = "<!-- end -->\n"
)

// updatePage replaces what stands between the marks.
func updatePage(name, text string) error {
	page, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	head, rest, ok := strings.Cut(string(page), markBegin)
	_, tail, end := strings.Cut(rest, markEnd)
	if !ok || !end {
		return fmt.Errorf("%s: marks: got none, want %q and %q", name, markBegin, markEnd)
	}
	return os.WriteFile(name, []byte(head+markBegin+text+markEnd+tail), 0o644)
}

// table shows the rows as Markdown, and a summary.
func table(rows []*row) string {
	var b strings.Builder
	b.WriteString("| network | configuration | float, % | before | after | agreement, % | bits | settings " +
		"| CPU s |\n")
	b.WriteString("|---|---|---|---|---|---|---|---|---|\n")
	near, slowest := 0, 0.0
	for _, r := range rows {
		b.WriteString(r.String() + "\n")
		slowest = max(slowest, r.seconds)
		if r.after.near(r.float) {
			near++
		}
	}
	fmt.Fprintf(&b, "\n%d of %d within a point of the float model; the slowest took %.1f s of one core.\n",
		near, len(rows), slowest)
	return b.String()
}
