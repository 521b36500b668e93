// Command release writes archives of hlsgo for six platforms, and their checksums, into a folder:
//
//	go run ./scripts/release
//
// The version is what git describes, and the time in the archives that of the commit, so that the same commit
// gives the same bytes on every machine with the same Go.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A platform is what a program is built for.
type platform struct{ os, arch string }

// platforms are those that README.md promises.
func platforms() []platform {
	var list []platform
	for _, system := range []string{"linux", "darwin", "windows"} {
		for _, arch := range []string{"amd64", "arm64"} {
			list = append(list, platform{system, arch})
		}
	}
	return list
}

func (p platform) String() string { return p.os + "/" + p.arch }

// program is the name of the program there.
func (p platform) program() string {
	if p.os == "windows" {
		return "hlsgo.exe"
	}
	return "hlsgo"
}

// documents go into each archive beside the program.
func documents() []string { return []string{"README.md", "CHANGELOG.md", "LICENSE"} }

// A release is what is built, and how it is called.
type release struct {
	source  string // the repository's root
	folder  string // for archives
	version string
	time    time.Time
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

// run reads the command line and writes the release.
func run(ctx context.Context, args []string) error {
	f := flag.NewFlagSet("release", flag.ContinueOnError)
	folder := f.String("o", "dist", "folder of the archives")
	version := f.String("version", "", "version (default: what git describes)")
	only := f.String("only", "", "one platform, such as linux/amd64")
	if err := f.Parse(args); err != nil {
		return err
	}
	r := release{source: ".", folder: *folder, version: *version}
	if err := r.ask(ctx); err != nil {
		return err
	}
	var chosen []platform
	for _, p := range platforms() {
		if *only == "" || *only == p.String() {
			chosen = append(chosen, p)
		}
	}
	if len(chosen) == 0 {
		return fmt.Errorf("-only: got %q, want one of %v", *only, platforms())
	}
	return r.write(ctx, chosen)
}

// ask completes what was not given: from git, or from SOURCE_DATE_EPOCH for a source that is no checkout.
func (r *release) ask(ctx context.Context) error {
	if r.version == "" {
		out, err := r.git(ctx, "describe", "--tags", "--always", "--dirty")
		if err != nil {
			return fmt.Errorf("version: got none from git, want a checkout, or -version: %w", err)
		}
		r.version = out
	}
	// It becomes part of names of files and of a command line.
	if strings.ContainsFunc(r.version, func(c rune) bool { return !strings.ContainsRune(versionLetters, c) }) {
		return fmt.Errorf("version: got %q, want letters, digits, dots and dashes", r.version)
	}
	seconds := os.Getenv("SOURCE_DATE_EPOCH")
	if seconds == "" {
		var err error
		if seconds, err = r.git(ctx, "log", "-1", "--format=%ct"); err != nil {
			return fmt.Errorf("time: got none from git, want a checkout, or SOURCE_DATE_EPOCH: %w", err)
		}
	}
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return fmt.Errorf("SOURCE_DATE_EPOCH: got %q, want seconds", seconds)
	}
	r.time = time.Unix(n, 0).UTC()
	return nil
}

const versionLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-+_"

// git answers a question about the source.
func (r *release) git(ctx context.Context, args ...string) (string, error) {
	c := exec.CommandContext(ctx, "git", args...)
	c.Dir = r.source
	out, err := c.Output()
	return strings.TrimSpace(string(out)), err
}

// write builds and packs each platform, then sums up what there is.
func (r *release) write(ctx context.Context, chosen []platform) error {
	if err := os.MkdirAll(r.folder, 0o777); err != nil {
		return err
	}
	build, err := os.MkdirTemp("", "hlsgo-release")
	if err != nil {
		return err
	}
	defer os.RemoveAll(build)
	var archives []string
	for _, p := range chosen {
		program := filepath.Join(build, p.os+"-"+p.arch, p.program())
		if err := r.build(ctx, p, program); err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		name, err := r.pack(p, program)
		if err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		fmt.Println(filepath.Join(r.folder, name))
		archives = append(archives, name)
	}
	return r.sum(archives)
}

// build compiles the program: static, without paths of this machine, with its version.
func (r *release) build(ctx context.Context, p platform, program string) error {
	program, err := filepath.Abs(program)
	if err != nil {
		return err
	}
	flags := "-s -w -buildid= -X github.com/hlsgo/hlsgo/cmd.release=" + r.version
	c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false",
		"-ldflags", flags, "-o", program, "./cmd/hlsgo")
	c.Dir = r.source
	c.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+p.os, "GOARCH="+p.arch, "GOFLAGS=")
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	return nil
}
