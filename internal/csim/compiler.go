package csim

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A MissingCompilerError says that no C++ compiler was found.
type MissingCompilerError struct {
	Tried []string // commands that were looked for
}

func (e *MissingCompilerError) Error() string {
	return fmt.Sprintf("C++ compiler: not found: tried %s; set CXX or install g++", strings.Join(e.Tried, ", "))
}

// A CompileError says that the compiler refused a project.
type CompileError struct {
	Command string
	Output  string // what the compiler said
}

// One line: templates make g++ write hundreds, of which the first with "error" names the cause. All of them
// stay in Output.
func (e *CompileError) Error() string {
	first, _, _ := strings.Cut(firstError(e.Output), "\n")
	return fmt.Sprintf("C++ compiler: project does not compile: %s", first)
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
	out, err := exec.CommandContext(ctx, cxx[0], append(cxx[1:len(cxx):len(cxx)], "--version")...).Output()
	if err != nil {
		return "", fmt.Errorf("compiler %q: --version failed: %w", cxx[0], err)
	}
	return string(out), nil
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
	out, err := cmd.CombinedOutput()
	switch {
	case err == nil:
		return nil
	// A killed compiler fails too; the reason is ours and not the project's.
	case ctx.Err() != nil:
		return fmt.Errorf("compiler: stopped: %w", ctx.Err())
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return fmt.Errorf("compiler %q: %w", command[0], err)
	}
	return &CompileError{Command: strings.Join(command, " "), Output: string(out)}
}
