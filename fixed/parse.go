package fixed

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Parse reads a precision string of hls4ml: "fixed<16,6>", "ap_ufixed<8,0,AP_RND,AP_SAT>", "int<8>",
// "ac_fixed<16,6,true,AC_RND>", "ac_int<8,false>", "float", "ap_float<16,6>", "ac_float<25,2,8>", "auto"
// and so on; also what String prints ("xnor", "exponent<4>", "ac_xnor") and Long's "float<25,2,8,TRN>".
// Names that begin with "ac_" give family AC. The modes may have the prefix AP_ or AC_ or none.
//
// mirrors FPGABackend.convert_precision_string in fpga_backend.py.
func Parse(s string) (Format, error) {
	f, err := parse(strings.TrimSpace(s))
	if err == nil {
		err = f.Validate()
	}
	if err != nil {
		return Format{}, fmt.Errorf("precision %q: %w", s, err)
	}
	return f, nil
}

func parse(s string) (Format, error) {
	if strings.EqualFold(s, "auto") {
		return Auto, nil
	}
	name, args, err := split(s)
	if err != nil {
		return Format{}, err
	}
	family := AP
	base := strings.TrimPrefix(name, "ap_")
	if strings.HasPrefix(name, "ac_") {
		family, base = AC, name[3:]
	}
	f, err := parseKind(base, family, args)
	if err == errName {
		return Format{}, fmt.Errorf("unknown type: got %q, want fixed<W,I>, ufixed<W,I>, int<W>, uint<W>, "+
			"an ap_ or ac_ type, float, double, half, bfloat16 or auto", name)
	}
	f.Family = family
	if f.Float == FloatAC { // there is one C++ type of that name, in the AC headers, whatever the prefix
		f.Family = AC
	}
	return f, err
}

// errName says that no type has that name.
var errName = fmt.Errorf("unknown name")

func parseKind(base string, family Family, args []string) (Format, error) {
	if f, ok, err := parseFloat(base, family, args); ok {
		return f, err
	}
	unsigned := family == AP && strings.HasPrefix(base, "u")
	if unsigned {
		base = base[1:]
	}
	switch base {
	case "fixed":
		return parseFixed(args, family, unsigned)
	case "int":
		return parseInt(KindInt, args, family, unsigned)
	case "exponent":
		return parseInt(KindExponent, args, family, unsigned)
	case "xnor":
		return Xnor(), wantArgs(args, 0, 0)
	}
	return Format{}, errName
}

// parseFixed reads <W,I[,Q[,O[,N]]]>, or with AC <W,I[,signed[,Q[,O]]]>.
func parseFixed(args []string, family Family, unsigned bool) (Format, error) {
	if err := wantArgs(args, 2, 5); err != nil {
		return Format{}, err
	}
	w, err1 := number(args[0], "W")
	i, err2 := number(args[1], "I")
	f := Format{W: w, I: i, Signed: !unsigned}
	rest := args[2:]
	if family == AC && len(rest) > 0 {
		f.Signed = truth(rest[0])
		rest = rest[1:]
	}
	return parseModes(f, rest, firstError(err1, err2))
}

func parseModes(f Format, args []string, err error) (Format, error) {
	var errQ, errO, errN error
	if len(args) > 0 {
		f.Q, errQ = ParseQ(args[0])
	}
	if len(args) > 1 {
		f.O, errO = ParseO(args[1])
	}
	if len(args) > 2 {
		f.N, errN = number(args[2], "N")
	}
	return f, firstError(err, errQ, errO, errN)
}

// parseInt reads <W>, or with AC <W[,signed]>. Modes after it are without effect, as in hls4ml.
func parseInt(kind Kind, args []string, family Family, unsigned bool) (Format, error) {
	if err := wantArgs(args, 1, 4); err != nil {
		return Format{}, err
	}
	w, err := number(args[0], "W")
	f := Format{W: w, I: w, Signed: !unsigned, Kind: kind}
	rest := args[1:]
	if family == AC && len(rest) > 0 {
		f.Signed = truth(rest[0])
		rest = rest[1:]
	}
	_, errModes := parseModes(Format{}, rest, err)
	return f, errModes
}

// parseFloat reads the floating-point types; ok is false where base is none of them.
func parseFloat(base string, family Family, args []string) (f Format, ok bool, err error) {
	for _, kind := range []FloatKind{FloatSingle, FloatDouble, FloatHalf, FloatBFloat} {
		if base == kind.String() && len(args) == 0 {
			return Float(kind), true, nil
		}
	}
	switch {
	case base == "std_float", base == "float" && len(args) == 2 && family == AP:
		f, err = parseStdFloat(args)
		return f, true, err
	case base == "float":
		f, err = parseACFloat(args)
		return f, true, err
	}
	return Format{}, false, nil
}

func parseStdFloat(args []string) (Format, error) {
	if err := wantArgs(args, 2, 2); err != nil {
		return Format{}, err
	}
	w, err1 := number(args[0], "W")
	e, err2 := number(args[1], "E")
	return StdFloat(w, e), firstError(err1, err2)
}

func parseACFloat(args []string) (Format, error) {
	if err := wantArgs(args, 3, 4); err != nil {
		return Format{}, err
	}
	m, err1 := number(args[0], "M")
	i, err2 := number(args[1], "I")
	e, err3 := number(args[2], "E")
	f := Format{W: m + e, I: e, N: i, Signed: true, Kind: KindFloat, Float: FloatAC}
	return parseModes(f, args[3:], firstError(err1, err2, err3))
}

// ParseQ reads a quantization mode with prefix AP_ or AC_ or none, in any case: "AP_RND", "trn_zero".
func ParseQ(s string) (Q, error) {
	i := slices.Index(qNames[:], modeName(s))
	if i < 0 {
		return 0, fmt.Errorf("unknown rounding mode: got %q, want one of %s", s, strings.Join(qNames[:], " "))
	}
	return Q(i), nil
}

// ParseO reads an overflow mode with prefix AP_ or AC_ or none, in any case: "AP_SAT", "sat_sym".
func ParseO(s string) (O, error) {
	i := slices.Index(oNames[:], modeName(s))
	if i < 0 {
		return 0, fmt.Errorf("unknown overflow mode: got %q, want one of %s", s, strings.Join(oNames[:], " "))
	}
	return O(i), nil
}

func modeName(s string) string {
	s = strings.ToUpper(strings.TrimSpace(s))
	return strings.TrimPrefix(strings.TrimPrefix(s, "AP_"), "AC_")
}

// split takes "name<a,b>" apart. A name alone has no arguments.
func split(s string) (name string, args []string, err error) {
	name, rest, found := strings.Cut(s, "<")
	name = strings.TrimSpace(name)
	if !found {
		return name, nil, nil
	}
	inner, ok := strings.CutSuffix(rest, ">")
	if !ok || strings.ContainsAny(inner, "<>") {
		return "", nil, fmt.Errorf("malformed: got %q, want name<...>", s)
	}
	return name, strings.Split(inner, ","), nil
}

func wantArgs(args []string, lo, hi int) error {
	if len(args) < lo || len(args) > hi {
		return fmt.Errorf("wrong number of arguments: got %d, want %d to %d", len(args), lo, hi)
	}
	return nil
}

func number(s, what string) (int, error) {
	v, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		return 0, fmt.Errorf("bad %s: got %q, want a whole number", what, s)
	}
	return v, nil
}

// truth reads the signed argument of an AC type: only false and 0 mean unsigned.
func truth(s string) bool {
	s = strings.ToLower(strings.TrimSpace(s))
	return s != "false" && s != "0"
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Validate reports the first thing that makes f no format: a width outside 1..MaxW, an absurd I, unknown
// modes, saturation bits outside 0..W, a mode that the family lacks.
func (f Format) Validate() error {
	switch f.Kind {
	case KindAuto:
		return nil
	case KindFloat:
		return f.validateFloat()
	}
	switch {
	case f.Kind > KindAuto:
		return fmt.Errorf("unknown kind: got %d", f.Kind)
	case f.W < 1 || f.W > MaxW:
		return fmt.Errorf("bad width: got %d, want 1 to %d", f.W, MaxW)
	case f.I < -maxI || f.I > maxI:
		return fmt.Errorf("bad integer bits: got %d, want %d to %d", f.I, -maxI, maxI)
	case f.Kind != KindFixed && f.I != f.W:
		return fmt.Errorf("an integer with fractional bits: got I %d, want %d", f.I, f.W)
	}
	return f.validateModes()
}

func (f Format) validateModes() error {
	switch {
	case int(f.Q) >= len(qNames) || int(f.O) >= len(oNames):
		return fmt.Errorf("unknown mode: got %s, %s", f.Q, f.O)
	case f.N < 0 || f.N > f.W:
		return fmt.Errorf("bad saturation bits: got %d, want 0 to %d", f.N, f.W)
	case f.Family == AC && f.N != 0:
		return fmt.Errorf("saturation bits with ac_fixed: got %d, want 0", f.N)
	case f.O == WRAPSM && (f.Family == AC || !f.Signed):
		return fmt.Errorf("WRAP_SM needs a signed ap_fixed: got %s", f)
	}
	return nil
}

func (f Format) validateFloat() error {
	switch {
	case f.Float == FloatNone || f.Float > FloatAC:
		return fmt.Errorf("unknown float kind: got %d", f.Float)
	case f.W < 1 || f.W > MaxW:
		return fmt.Errorf("bad width: got %d, want 1 to %d", f.W, MaxW)
	case f.I < 0 || f.I >= f.W:
		return fmt.Errorf("bad exponent bits: got %d, want 0 to %d", f.I, f.W-1)
	case f.N < -maxI || f.N > maxI:
		return fmt.Errorf("bad integer bits: got %d, want %d to %d", f.N, -maxI, maxI)
	}
	return nil
}
