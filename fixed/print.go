package fixed

import (
	"fmt"
	"strconv"
	"strings"
)

var qNames = [...]string{"TRN", "TRN_ZERO", "RND", "RND_ZERO", "RND_INF", "RND_MIN_INF", "RND_CONV"}
var oNames = [...]string{"WRAP", "WRAP_SM", "SAT", "SAT_ZERO", "SAT_SYM"}
var floatNames = [...]string{"", "float", "double", "half", "bfloat16", "std_float", "ac_float"}

// Short is the name without prefix, as hls4ml prints it: "TRN", "RND_CONV".
func (q Q) Short() string { return nameOf(qNames[:], int(q), "Q") }

// Short is the name without prefix, as hls4ml prints it: "WRAP", "SAT_SYM".
func (o O) Short() string { return nameOf(oNames[:], int(o), "O") }

// String is the name in the AP headers: "AP_TRN", "AP_RND_CONV".
func (q Q) String() string { return "AP_" + q.Short() }

// String is the name in the AP headers: "AP_WRAP", "AP_SAT_SYM".
func (o O) String() string { return "AP_" + o.Short() }

// String is the name of the C++ type, without its widths.
func (k FloatKind) String() string { return nameOf(floatNames[:], int(k), "FloatKind") }

func nameOf(names []string, i int, kind string) string {
	if i < len(names) {
		return names[i]
	}
	return kind + "(" + strconv.Itoa(i) + ")"
}

// String is the shortest spelling that Parse reads back as f: "fixed<16,6>", "ufixed<8,0,RND,SAT>",
// "int<8>", "ac_fixed<16,6,true>", "float", "auto".
func (f Format) String() string {
	if f.Kind == KindAuto {
		return "auto"
	}
	if f.Kind == KindFloat {
		return f.floatString()
	}
	if f.Family == AC {
		return f.acString()
	}
	switch f.Kind {
	case KindXnor:
		return "xnor"
	case KindFixed:
		return f.prefixU() + "fixed" + list(f.W, f.I, f.shortModes())
	}
	return f.prefixU() + f.kindName() + list(f.W)
}

// acString is String of an AC format that is not a float.
func (f Format) acString() string {
	switch f.Kind {
	case KindXnor:
		return "ac_xnor"
	case KindFixed:
		return "ac_fixed" + list(f.W, f.I, f.Signed, f.shortModes())
	}
	return "ac_" + f.kindName() + list(f.W, f.Signed)
}

// Long is the spelling of hls4ml's own str() of a precision: "fixed<16,6,TRN,WRAP,0>", "uint<1>". It hides
// the family and shows Xnor and Exponent formats as integers.
func (f Format) Long() string {
	switch f.Kind {
	case KindAuto:
		return "auto"
	case KindFloat:
		return f.floatLong()
	case KindFixed:
		return f.prefixU() + "fixed" + list(f.W, f.I, f.Q.Short(), f.O.Short(), f.N)
	}
	return f.prefixU() + "int" + list(f.W)
}

// CPP is the C++ type as hls4ml writes it: "ap_fixed<16,6>", "ap_fixed<12,5,AP_RND,AP_SAT,0>",
// "ac_fixed<16,6,true>", "ac_int<8, false>". See Emitted for where that type is not f itself.
func (f Format) CPP() string {
	switch {
	case f.Kind == KindAuto:
		return "auto"
	case f.Kind == KindFloat:
		return f.floatCPP()
	case f.Family == AC:
		return f.acCPP()
	case f.Kind == KindFixed:
		return "ap_" + f.prefixU() + "fixed" + list(f.W, f.I, f.cppModes("AP_"))
	}
	return "ap_" + f.prefixU() + "int" + list(f.W)
}

// Emitted is the format that the C++ type written by hls4ml really has. AC drops saturation bits and widens
// a one-bit ac_fixed to two bits, I unchanged. mirrors ACFixedPrecisionDefinition in fpga_types.py.
func (f Format) Emitted() Format {
	if f.Family == AC && f.Kind == KindFixed {
		f.N = 0
		f.W = max(f.W, 2)
	}
	return f
}

func (f Format) acCPP() string {
	f = f.Emitted()
	if f.Kind == KindFixed {
		return "ac_fixed" + list(f.W, f.I, f.Signed, f.cppModes("AC_"))
	}
	return fmt.Sprintf("ac_int<%d, %t>", f.W, f.Signed)
}

// cppModes is the tail of a fixed type's arguments, empty where all are the C++ defaults.
func (f Format) cppModes(prefix string) []any {
	if f.Q == TRN && f.O == WRAP && f.N == 0 {
		return nil
	}
	// All or none, as hls4ml writes them: generated files are compared as text.
	modes := []any{prefix + f.Q.Short(), prefix + f.O.Short()}
	if f.Family == AP {
		modes = append(modes, f.N)
	}
	return modes
}

// shortModes is the tail of a fixed type's arguments in the short form, cut where the rest are defaults.
func (f Format) shortModes() []any {
	switch {
	case f.N != 0:
		return []any{f.Q.Short(), f.O.Short(), f.N}
	case f.O != WRAP:
		return []any{f.Q.Short(), f.O.Short()}
	case f.Q != TRN:
		return []any{f.Q.Short()}
	}
	return nil
}

func (f Format) floatString() string {
	prefix := ""
	if f.Family == AC {
		prefix = "ac_"
	}
	switch f.Float {
	case FloatStd:
		return prefix + "std_float" + list(f.W, f.I)
	case FloatAC:
		return "ac_float" + list(f.acFloatArgs(f.W-f.I, "")...)
	}
	return prefix + f.Float.String()
}

func (f Format) floatLong() string {
	switch f.Float {
	case FloatStd:
		return "std_float" + list(f.W, f.I)
	case FloatAC:
		return "float" + list(f.W-f.I, f.N, f.I, f.Q.Short())
	}
	return f.Float.String()
}

func (f Format) floatCPP() string {
	switch {
	case f.Float == FloatAC: // hls4ml writes the total width where the mantissa's belongs
		return "ac_float" + list(f.acFloatArgs(f.W, "AC_")...)
	case f.Float == FloatStd && f.Family == AC:
		return "ac_std_float" + list(f.W, f.I)
	case f.Float == FloatStd:
		return "ap_float" + list(f.W, f.I)
	case f.Float == FloatHalf && f.Family == AP:
		return "std::float16_t"
	case f.Float == FloatBFloat && f.Family == AP:
		return "std::bfloat16_t"
	}
	return f.Float.String()
}

func (f Format) acFloatArgs(first int, prefix string) []any {
	args := []any{first, f.N, f.I}
	if f.Q != TRN {
		args = append(args, prefix+f.Q.Short())
	}
	return args
}

func (f Format) kindName() string {
	if f.Kind == KindExponent {
		return "exponent"
	}
	return "int"
}

// prefixU is the letter that makes a type name unsigned.
func (f Format) prefixU() string {
	if f.Signed {
		return ""
	}
	return "u"
}

// list is "<a,b,c>"; an argument that is a slice stands for its elements.
func list(args ...any) string {
	var parts []string
	for _, a := range args {
		if tail, ok := a.([]any); ok {
			for _, t := range tail {
				parts = append(parts, fmt.Sprint(t))
			}
			continue
		}
		parts = append(parts, fmt.Sprint(a))
	}
	return "<" + strings.Join(parts, ",") + ">"
}
