// Package hlslib holds the C++ headers that generated projects include, embedded as files. They are written
// in C++11 without extensions.
//
//   - xilinx/ap_types: ap_fixed, ap_int and hls::stream for C simulation with any C++ compiler. An HLS tool
//     brings its own, so a project that goes to synthesis leaves these out of the tool's include path.
//   - xilinx/nnet_utils: the layers of the xilinx dialect (Vivado, Vitis), for simulation and synthesis.
//     Their namespace, functions and configuration members have the names that hls4ml's generated code uses.
//     What only simulation needs stands under #ifndef __SYNTHESIS__.
//
// Compile with -Wno-unknown-pragmas to have no warnings about HLS pragmas.
package hlslib

import (
	"embed"
	"io/fs"
	"path"
	"strings"
)

// FS holds every header under the path it has in this folder, such as "xilinx/ap_types/ap_fixed.h".
//
//go:embed xilinx
var FS embed.FS

// Files returns the headers below dir ("xilinx/nnet_utils"), keyed by their path relative to dir, as a
// generated project stores them. It returns nil when there is no such folder.
func Files(dir string) map[string][]byte {
	var files map[string][]byte
	_ = fs.WalkDir(FS, path.Clean(dir), func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := FS.ReadFile(p)
		if err != nil {
			panic("BUG: hlslib: embedded file " + p + ": " + err.Error())
		}
		if files == nil {
			files = map[string][]byte{}
		}
		files[strings.TrimPrefix(p, path.Clean(dir)+"/")] = data
		return nil
	})
	return files
}
