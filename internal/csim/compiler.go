package csim

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// A MissingCompilerError says that no C++ compiler was found.
type MissingCompilerError struct {
	Tried []string // commands that were looked for
}

func (e *MissingCompilerError) Error() string {
	return fmt.Sprintf("C++ compiler: not found: tried %s; set CXX or install g++", strings.Join(e.Tried, ", "))
}

// A CompileError says that the compiler refused a project, or was ended before it could.
type CompileError struct {
	Command string
	Output  string // what the compiler said, or its start and its end
	Signal  string // that ended it; "" for none
	Status  string // how it ended: "exit status 1"
}

// One line: templates make g++ write hundreds, of which the first with "error" names the cause. All of them
// stay in Output.
func (e *CompileError) Error() string {
	first, _, _ := strings.Cut(firstError(strings.TrimSpace(e.Output)), "\n")
	switch {
	case e.Signal != "" && first == "":
		return fmt.Sprintf("C++ compiler: ended by the signal %q", e.Signal)
	case e.Signal != "":
		return fmt.Sprintf("C++ compiler: ended by the signal %q: %s", e.Signal, quoted(first))
	case first == "":
		return fmt.Sprintf("C++ compiler: project does not compile: %s, no reason given", e.Status)
	}
	return fmt.Sprintf("C++ compiler: project does not compile: %s", quoted(first))
}

// firstError is the compiler's output from its first error on.
func firstError(output string) string {
	for rest := output; rest != ""; {
		line, after, _ := strings.Cut(rest, "\n")
		if strings.Contains(line, "error") {
			return rest
		}
		rest = after
	}
	return output
}

// Compiler returns the command of the C++ compiler and its first arguments: $CXX if set, else g++, else
// clang++. Without any it returns a *MissingCompilerError.
func Compiler() ([]string, error) {
	candidates := [][]string{{"g++"}, {"clang++"}}
	if cxx := strings.Fields(os.Getenv("CXX")); len(cxx) > 0 {
		candidates = [][]string{cxx}
	}
	var missing MissingCompilerError
	for _, c := range candidates {
		if p, err := exec.LookPath(c[0]); err == nil {
			return append([]string{p}, c[1:]...), nil
		}
		missing.Tried = append(missing.Tried, c[0])
	}
	return nil, &missing
}

// version is what the compiler says about itself; it goes into the name of a cached program.
func version(ctx context.Context, cxx []string) (string, error) {
	var out excerpt
	cmd := exec.CommandContext(ctx, cxx[0], append(cxx[1:len(cxx):len(cxx)], "--version")...)
	cmd.Stdout = &out
	if err := run(cmd); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return "", fmt.Errorf("compiler %q: --version failed: %w", cxx[0], err)
	}
	return out.String(), nil
}

// run runs a command that ends with its context, whatever it has started.
func run(cmd *exec.Cmd) error {
	ownGroup(cmd)
	cmd.WaitDelay = time.Second
	return cmd.Run()
}

// VendorAPTypes returns the folder of the vendor's ap_types that HLSGO_VENDOR_AP_TYPES names, or "" when it
// names none that holds ap_fixed.h.
func VendorAPTypes() string {
	dir := os.Getenv("HLSGO_VENDOR_AP_TYPES")
	if _, err := os.Stat(filepath.Join(dir, "ap_fixed.h")); dir == "" || err != nil {
		return ""
	}
	return dir
}

// compile runs the compiler in dir and returns a *CompileError with its output when it fails.
func compile(ctx context.Context, dir string, command []string) error {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir = dir
	if abs, err := filepath.Abs(dir); err == nil {
		// A compiler that is killed leaves its temporary files: here they go with the folder.
		cmd.Env = append(os.Environ(), "TMPDIR="+abs)
	}
	var out excerpt
	cmd.Stdout, cmd.Stderr = &out, &out
	err := run(cmd)
	switch {
	// A killed compiler fails too; the reason is ours and not the project's.
	case ctx.Err() != nil:
		return fmt.Errorf("compiler: stopped: %w", ctx.Err())
	case err == nil:
		return nil
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return fmt.Errorf("compiler %q: %w", command[0], err)
	}
	return &CompileError{
		Command: strings.Join(command, " "), Output: out.String(), Signal: signalOf(exit), Status: exit.String(),
	}
}
