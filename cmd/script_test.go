package cmd_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/hlsgo/hlsgo/cmd"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"hlsgo": func() { os.Exit(cmd.Run(context.Background(), os.Args[1:])) },
	})
}

// TestScripts runs the command lines of testdata/script.
func TestScripts(t *testing.T) {
	answer, err := filepath.Abs("testdata/digits_y.npy")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("DIGITS_Y", answer)
			if dir, err := os.UserCacheDir(); err == nil {
				e.Setenv("XDG_CACHE_HOME", dir)
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"fails":    fails,
			"truncate": truncate,
			"flip":     flip,
			"npy":      writeNPY,
			"same":     same,
			"lines":    lines,
		},
		Condition: func(name string) (bool, error) {
			if name == "cxx" {
				_, err := exec.LookPath("g++")
				return err == nil || os.Getenv("HLSGO_REQUIRE_CXX") != "", nil
			}
			return false, fmt.Errorf("unknown condition %q", name)
		},
	})
}

// fails CODE PATTERN COMMAND ARGS... runs a command that must end with this exit code and say what is wrong
// in one line that matches.
func fails(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: fails CODE PATTERN COMMAND ARGS...")
	}
	err := ts.Exec(args[2], args[3:]...)
	stderr := ts.ReadFile("stderr")
	var exit *exec.ExitError
	code := 0
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if want, _ := strconv.Atoi(args[0]); code != want {
		ts.Fatalf("got exit code %d, want %d; stderr:\n%s", code, want, stderr)
	}
	said := complaints(stderr)
	if len(said) != 1 {
		ts.Fatalf("got %d complaints, want one line; stderr:\n%s", len(said), stderr)
	}
	if !regexp.MustCompile(args[1]).MatchString(said[0]) {
		ts.Fatalf("got %q, want a line that matches %q", said[0], args[1])
	}
}

// complaints are the lines about errors, without warnings and hints.
func complaints(stderr string) []string {
	var out []string
	for line := range strings.SplitSeq(strings.TrimSpace(stderr), "\n") {
		if strings.HasPrefix(line, "hlsgo: warning: ") || strings.HasPrefix(line, "See 'hlsgo") {
			continue
		}
		out = append(out, line)
	}
	return out
}

// truncate FILE BYTES keeps the first bytes of a file.
func truncate(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), n))
}

// flip FILE OFFSET inverts one byte of a file.
func flip(ts *testscript.TestScript, neg bool, args []string) {
	at, err := strconv.Atoi(args[1])
	ts.Check(err)
	name := ts.MkAbs(args[0])
	data, err := os.ReadFile(name)
	ts.Check(err)
	data[at] ^= 0xff
	ts.Check(os.WriteFile(name, data, 0o666))
}

// npy FILE TYPE DIM... writes an array whose elements are 0, 1/16, 2/16 ... 15/16, 0 ...; TYPE is f4, f8 or
// i4; nan makes float32 elements that are no numbers.
func writeNPY(ts *testscript.TestScript, neg bool, args []string) {
	size, shape := 1, ""
	for _, d := range args[2:] {
		n, err := strconv.Atoi(d)
		ts.Check(err)
		size *= n
		shape += d + ", "
	}
	kind := strings.Replace(args[1], "nan", "f4", 1)
	header := fmt.Sprintf("{'descr': '<%s', 'fortran_order': False, 'shape': (%s), }", kind, shape)
	for (len(header)+11)%64 != 0 {
		header += " "
	}
	var b bytes.Buffer
	b.WriteString("\x93NUMPY\x01\x00")
	ts.Check(binary.Write(&b, binary.LittleEndian, uint16(len(header)+1)))
	b.WriteString(header + "\n")
	for i := range size {
		ts.Check(binary.Write(&b, binary.LittleEndian, element(args[1], i)))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes(), 0o666))
}

func element(kind string, i int) any {
	v := float64(i%16) / 16
	switch kind {
	case "f8":
		return v
	case "i4":
		return int32(i)
	case "nan":
		return float32(math.NaN())
	}
	return float32(v)
}

// same A B compares two files byte by byte.
func same(ts *testscript.TestScript, neg bool, args []string) {
	equal := ts.ReadFile(args[0]) == ts.ReadFile(args[1])
	if equal == neg {
		ts.Fatalf("same %s %s: got %v, want %v", args[0], args[1], equal, !neg)
	}
}

// lines FILE N counts lines.
func lines(ts *testscript.TestScript, neg bool, args []string) {
	if n := strings.Count(ts.ReadFile(args[0]), "\n"); strconv.Itoa(n) != args[1] {
		ts.Fatalf("%s: got %d lines, want %s", args[0], n, args[1])
	}
}
