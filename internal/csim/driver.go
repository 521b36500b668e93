package csim

import (
	"fmt"
	"strings"
)

// mainText is the program round the models. What models print on standard output is sent to standard error;
// the records go to the descriptor that was standard output.
// The driver is C++11 without anything of ours but the sink of nnet_helpers.h, so that projects compile as a
// user's tool would compile them.
const mainText = `// Runs compiled models: see the protocol in the documentation of package csim.
#include "%[1]s/nnet_utils/nnet_helpers.h"
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <unistd.h>

namespace nnet {
bool trace_enabled = false;
std::map<std::string, void *> *trace_outputs = 0;
std::size_t trace_type_size = sizeof(double);
} // namespace nnet

namespace csim {

static std::FILE *out;
char record = 'T';

static void number(unsigned long long x, int bytes) {
    for (int i = 0; i < bytes; i++)
        std::putc(int((x >> (8 * i)) & 0xff), out);
}

static void send(const nnet::raw_tensor &t) {
    std::putc(record, out);
    number(std::strlen(t.name), 4);
    std::fputs(t.name, out);
    number(t.count, 8);
    number(t.width, 4);
    number(t.bytes, 4);
    number((t.is_signed ? 1 : 0) | (t.is_float ? 2 : 0), 1);
    std::fwrite(t.data, 1, t.count * t.bytes, out);
}

// Reads and answers one sample; false at the end of the input.
typedef bool (*sample_t)();

static void run(sample_t sample) {
    std::fwrite("hlscsim1", 1, 8, out);
    while (sample())
        std::putc('S', out);
    std::putc('E', out);
#ifdef HLSGO_HLS_STREAM_H_
    number(hls::undrained_streams(), 4);
#else
    number(0, 4);
#endif
}

} // namespace csim

%[2]s
int main(int argc, char **argv) {
    csim::out = fdopen(dup(1), "wb");
    dup2(2, 1);
    nnet::trace_sink() = csim::send;
    const std::string model = argc == 3 ? argv[1] : "", type = argc == 3 ? argv[2] : "";
    csim::sample_t sample = 0;
%[3]s    if (sample == 0) {
        std::fprintf(stderr, "no model \"%%s\" with numbers of type \"%%s\"\n", model.c_str(), type.c_str());
        return 3;
    }
    try {
        csim::run(sample);
    } catch (const std::exception &e) {
        std::fprintf(stderr, "%%s\n", e.what());
        return 3;
    }
    if (std::fclose(csim::out) != 0) {
        std::fprintf(stderr, "cannot write\n");
        return 3;
    }
    return 0;
}
`

func mainSource(models []Model) []byte {
	var decl, choose strings.Builder
	for i, m := range models {
		fmt.Fprintf(&decl, "bool csim_float_%d();\nbool csim_double_%d();\n", i, i)
		for _, t := range []string{"float", "double"} {
			const choice = "    if (model == %q && type == %q)\n        sample = csim_%s_%d;\n"
			fmt.Fprintf(&choose, choice, m.Key(), t, t, i)
		}
	}
	return fmt.Appendf(nil, mainText, "m0/firmware", decl.String(), choose.String())
}

// unitText is the translation unit of one model: the model itself and its entry points.
// It includes the model's source instead of linking it: the entry points can then name its types, and a model
// is one compilation. sample() is a template over the type of the numbers, since hls4ml's own bridge has an
// entry for floats and one for doubles, and the data are to arrive as they are.
const unitText = `#define WEIGHTS_DIR "%[1]s/firmware/weights"
#include "%[1]s/firmware/%[2]s.cpp"
%[3]s#include <cstdio>
#include <stdexcept>

namespace csim {
extern char record;
}

namespace csim_unit_%[4]d {
%[5]s
// The next numbers of the input; false at its end, an error in the middle of a sample.
template <class C> bool read(C *x, std::size_t n, bool first) {
    const std::size_t got = std::fread(x, sizeof(C), n, stdin);
    if (got != n && !(first && got == 0 && std::feof(stdin)))
        throw std::runtime_error("the input ends in the middle of a sample");
    return got == n;
}

template <class C> bool sample() {
%[6]s    csim::record = 'T';
    %[2]s(%[7]s);
    csim::record = 'O';
%[8]s    return true;
}

} // namespace csim_unit_%[4]d

bool csim_float_%[4]d() { return csim_unit_%[4]d::sample<float>(); }
bool csim_double_%[4]d() { return csim_unit_%[4]d::sample<double>(); }
#undef WEIGHTS_DIR
`

func unitSource(i int, m Model) []byte {
	folder := fmt.Sprintf("m%d", i)
	var headers, using, before, after strings.Builder
	for _, h := range m.Headers {
		fmt.Fprintf(&headers, "#include \"%s/firmware/%s\"\n", folder, h)
	}
	if m.Namespace != "" {
		fmt.Fprintf(&using, "using namespace %s;\n", m.Namespace)
	}
	var args []string
	for k, p := range m.Inputs {
		before.WriteString(p.readText(k == 0))
		args = append(args, p.Name)
	}
	for _, p := range m.Outputs {
		before.WriteString("    " + p.declaration() + "\n")
		after.WriteString(p.sendText())
		args = append(args, p.Name)
	}
	args = append(args, m.Extra...)
	return fmt.Appendf(nil, unitText, folder, m.Name, headers.String(), i, using.String(), before.String(),
		strings.Join(args, ", "), after.String())
}

func (p Port) declaration() string {
	if p.Stream != "" {
		return fmt.Sprintf("%s<%s> %s(%q);", p.Stream, p.Type, p.Name, p.Name)
	}
	// Static, as arrays of a large model's input overflow the stack.
	return fmt.Sprintf("static %s %s[%d];", p.Type, p.Name, p.Size)
}

func (p Port) readText(first bool) string {
	return fmt.Sprintf(`    static C %[1]s_numbers[%[2]d];
    if (!read(%[1]s_numbers, %[2]d, %[3]t))
        return false;
    %[4]s
    nnet::convert_data<C, %[5]s, %[2]d>(%[1]s_numbers, %[1]s);
`, p.Name, p.Size, first, p.declaration(), p.Type)
}

// sendText hands the output to the sink; a stream is read to its end.
// Words hold several elements (channels). A loop over whole words reads exactly what the layer must have
// written, so that one too few blocks or warns, and one too many is counted as undrained.
func (p Port) sendText() string {
	if p.Stream == "" {
		return fmt.Sprintf("    nnet::send_raw(%s, %q, %d);\n", p.Name, p.Name, p.Size)
	}
	return fmt.Sprintf(`    static %[1]s::value_type %[2]s_flat[%[3]d];
    for (unsigned i = 0; i + %[1]s::size <= %[3]d; i += %[1]s::size) {
        const %[1]s word = %[2]s.read();
        for (unsigned j = 0; j < %[1]s::size; j++)
            %[2]s_flat[i + j] = word[j];
    }
    nnet::send_raw(%[2]s_flat, %[4]q, %[3]d);
`, p.Type, p.Name, p.Size, p.Name)
}
