package xilinx_test

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// facts is what a project says, apart from its wording: per topic a list of short texts.
type facts map[string][]string

// factsOf takes the facts out of a project's files. The same code reads hls4ml's projects and ours.
func factsOf(name string, files map[string]string) facts {
	f := facts{"files": projectFiles(files)}
	for path, text := range files {
		switch {
		case strings.HasPrefix(path, "firmware/weights/") && strings.HasSuffix(path, ".txt"),
			strings.HasSuffix(path, ".dat"):
			f[path] = []string{digest(text)}
		case strings.HasPrefix(path, "firmware/weights/"):
			f[path] = statements(text)
		}
	}
	f["top"] = statements(files["firmware/"+name+".cpp"])
	f["layer of each call"] = matches(`(\w+)(?:<.*>)?\(.*\); // (\S+)`, files["firmware/"+name+".cpp"])
	f["header"] = sorted(statements(files["firmware/"+name+".h"]))
	f["types"] = sorted(statements(files["firmware/defines.h"]))
	f["parameters"] = statements(files["firmware/parameters.h"])
	f["generated"] = generatedFacts(files["firmware/nnet_utils/nnet_code_gen.h"])
	f["bridge"] = bridgeFacts(name, files[name+"_bridge.cpp"])
	f["test bench"] = benchFacts(name, files[name+"_test.cpp"])
	f["settings"] = matches(`(?m)^set (\w+) (.*)$`, files["project.tcl"])
	f["tool"] = toolFacts(files["build_prj.tcl"])
	f["steps"] = stepFacts(files["build_opt.tcl"] + files["build_prj.tcl"])
	f["logic synthesis"] = matches(`(?m)^(add_files|synth_design|opt_design|report_utilization) (.*)$`,
		files["vivado_synth.tcl"])
	f["compiler"] = sorted(matches(`(-O\d|-fPIC|-std=[\w+]+|-fno-gnu-unique|-I[\w/]+|-D WEIGHTS_DIR|-shared|`+
		`-o firmware/\S+)`, strings.ReplaceAll(files["build_lib.sh"], `"`, "")))
	return f
}

func digest(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text)))[:24] }

func sorted(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// projectFiles lists all files but the library's, whose names are no part of what a project says.
func projectFiles(files map[string]string) []string {
	var out []string
	for _, path := range slices.Sorted(maps.Keys(files)) {
		if !strings.HasPrefix(path, "firmware/nnet_utils/") && !strings.HasPrefix(path, "firmware/ap_types/") {
			out = append(out, path)
		}
	}
	return out
}

func matches(pattern, text string) []string {
	out := []string{}
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		out = append(out, strings.Join(m[1:], " "))
	}
	return out
}

var (
	comment = regexp.MustCompile(`(?s)//[^\n]*|/\*.*?\*/`)
	space   = regexp.MustCompile(`\s+`)
	tight   = regexp.MustCompile(` ?([^\w"]) ?`)
	guard   = regexp.MustCompile(`^#(ifndef|define) \w+_H_$`)
)

var (
	plainModes = regexp.MustCompile(`,AP_TRN,AP_WRAP(,0)?>`)
	noBits     = regexp.MustCompile(`(,AP_\w+,AP_\w+),0>`)
)

// squeeze spells a piece of C++ with as few spaces as it can, and number formats without what is the default.
func squeeze(text string) string {
	text = space.ReplaceAllString(strings.TrimSpace(text), " ")
	text = tight.ReplaceAllString(text, "$1")
	return noBits.ReplaceAllString(plainModes.ReplaceAllString(text, ">"), "$1>")
}

var product = regexp.MustCompile(`=\d+(?:\*\d+)+$`)

// evaluated spells a number that is written as a product as one number.
func evaluated(statement string) string {
	return product.ReplaceAllStringFunc(statement, func(s string) string {
		n := 1
		for factor := range strings.SplitSeq(s[1:], "*") {
			f, _ := strconv.Atoi(factor)
			n *= f
		}
		return fmt.Sprintf("=%d", n)
	})
}

// statements lists the statements, brackets and directives of a C++ file in order, without comments, include
// guards and white space.
func statements(text string) []string {
	out := []string{}
	var open strings.Builder
	flush := func(end string) {
		if s := squeeze(open.String()); s != "" || end == "}" {
			out = append(out, evaluated(s)+end)
		}
		open.Reset()
	}
	for _, line := range strings.Split(comment.ReplaceAllString(text, ""), "\n") {
		if trimmed := strings.TrimSpace(line); strings.HasPrefix(trimmed, "#") {
			directive := space.ReplaceAllString(trimmed, " ")
			if !guard.MatchString(directive) && directive != "#endif" {
				out = append(out, directive)
			}
			continue
		}
		for _, c := range line {
			switch {
			case c == ';':
				flush(";")
			case c == '{' && !strings.Contains(open.String(), "="):
				flush("{")
			case c == '}' && !strings.Contains(open.String(), "="):
				flush("}")
			default:
				open.WriteRune(c)
			}
		}
		open.WriteByte(' ')
	}
	flush("")
	return out
}

// generatedFacts lists the generated classes and functions, their pragmas and what they add, copy or convert.
func generatedFacts(text string) []string {
	list := matches(`class (fill_buffer_\d+|dense_resource_unrolled_\d+)|(?:if \(partition ==\s+)(\d+)|`+
		`(acc\[\d+\]) \+= .*(data\[\d+\]), (weights\[\d+\])|(buffer\[\d+\]\[\d+\]) = +([^;]+);|`+
		`(#pragma HLS .*)|(namespace \w+)|void (\w+)\((?:input_t|const data_T) \*|`+
		`(?:out|res)\[(\d+)\] = (?:(ap_.*)\(\w+\[(\d+)\]\)|(0));`, comment.ReplaceAllString(text, ""))
	for i := range list {
		list[i] = squeeze(list[i])
	}
	return list
}

// bridgeFacts lists the C functions, the weights that the bridge includes, and the traced layers with their
// sizes.
func bridgeFacts(name, text string) []string {
	out := matches(`void (`+name+`_\w+|allocate_trace_storage|free_trace_storage|collect_trace_output)\(`, text)
	out = append(out, matches(`#include "(firmware/weights/\w+\.h)"`, text)...)
	out = append(out, matches(`"(\w+)"[^\n]*malloc\((\S+) \*`, text)...)
	return append(out, calls(text, name)...)
}

// benchFacts lists the calls by which the test bench fills inputs, runs the firmware and prints outputs. Ours
// calls its own variables something with tb_.
func benchFacts(name, text string) []string {
	text = regexp.MustCompile(`\btb_(in|fout)\b`).ReplaceAllString(text, "$1")
	out := matches(`#include "(firmware/weights/\w+\.h)"`, text)
	out = append(out, matches(`(tb_data/\w+\.\w+)`, text)...)
	return sorted(append(out, calls(text, name)...))
}

// calls lists the calls of nnet functions and of the top function.
func calls(text, name string) []string {
	var out []string
	call := `((?:nnet::(?:convert_data|copy_data|fill_zero|print_result)<.*>|\b` + name + `)\([^)]*\));`
	for _, c := range matches(call, text) {
		out = append(out, squeeze(c))
	}
	return out
}

// toolFacts lists the commands of the HLS tool that build_prj.tcl runs, sorted.
func toolFacts(text string) []string {
	text = regexp.MustCompile(`(?m)^\s*#.*$`).ReplaceAllString(text, "")
	out := matches(`(?m)(?:^|[{ ])((?:open_project|set_top|add_files|open_solution|config_\w+|set_part|`+
		`create_clock|set_clock_uncertainty|csim_design|csynth_design|cosim_design|export_design|exec vivado|`+
		`file mkdir|source run_sim\.tcl|open_vcd)\b.*)$`, text)
	for i := range out {
		out[i] = strings.TrimRight(out[i], " }")
	}
	return sorted(out)
}

// stepFacts lists the options of the build with their defaults.
func stepFacts(text string) []string {
	_, text, _ = strings.Cut(text, "array set opt {")
	text, _, _ = strings.Cut(text, "}")
	return matches(`(\w+)\s+([01])`, text)
}
