package hlslib_test

import (
	"bytes"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/stretchr/testify/require"
)

// The tests below draw formats and values, let a C++ program compute with the embedded ap_types, and compare
// every raw integer with package fixed. HLSGO_FULL=1 draws more.

// draw is one triple of formats with values: a and b are operands, c the target of conversions.
type draw struct {
	a, b, c fixed.Format
	rows    []row
}

type row struct {
	a, b *big.Int
	d    float64
}

// prelude reads rows and prints raw integers as hexadecimal numbers, lowest bits last.
const prelude = `#include "ap_fixed.h"
#include "ap_int.h"
#include <cstdio>
#include <cstring>
#include <iostream>
#include <sstream>
template <class T> void get(T &x) {
    std::string s;
    std::cin >> s; // bits, highest first
    for (int i = 0; i < T::width; i++)
        x[i] = s[T::width - 1 - i] == '1';
}
template <class T> void put(const T &x) {
    std::string s;
    for (int i = T::width - 1; i >= 0; i--)
        s += x[i] ? '1' : '0';
    std::cout << s << ' ';
}
static double real() {
    unsigned long long u;
    std::cin >> u;
    double d;
    std::memcpy(&d, &u, 8);
    return d;
}
static void put_real(double d, float f) {
    unsigned long long u;
    unsigned v;
    std::memcpy(&u, &d, 8);
    std::memcpy(&v, &f, 4);
    std::cout << u << ' ' << v << ' ';
}
template <class A, class B, class C> void test(int rows) {
    for (int i = 0; i < rows; i++) {
        A a;
        B b;
        get(a);
        get(b);
        const double d = real();
        put(C(a));
        put(a * b);
        put(a + b);
        put(a - b);
        put(-a);
        put(a & b);
        put(a | b);
        put(a ^ b);
        put(a << 3);
        put(a >> 3);
        put(a << -2);
        std::cout << (a < b) << (a > b) << (a <= b) << (a >= b) << (a == b) << (a != b) << ' ';
        std::cout << static_cast<int>(a) << ' ';
        put_real(static_cast<double>(a), static_cast<float>(a));
        put(C(d));
        put(C(static_cast<float>(d)));
        C sum = C(a);
        sum += b;
        put(sum);
        put(a * 3 - 7);
        if (b == 0)
            std::cout << "- ";
        else
            put(a / b);
        std::cout << (a > 0) << (a < -1) << '\n';
    }
}
int main() {
`

func TestAPTypesAgreeWithFixed(t *testing.T) {
	n, rows := 24, 60
	if os.Getenv("HLSGO_FULL") == "1" {
		n = 240
	}
	const perProgram = 24
	seed := uint64(1)
	r := rand.New(rand.NewPCG(seed, 7))
	t.Logf("seed %d", seed)
	for first := 0; first < n; first += perProgram {
		var draws []draw
		for range min(perProgram, n-first) {
			draws = append(draws, newDraw(r, rows))
		}
		out := runProgram(t, apProgram(draws), apInput(draws))
		compareDraws(t, draws, strings.Split(strings.TrimSpace(out), "\n"))
	}
}

func apProgram(draws []draw) string {
	var s strings.Builder
	s.WriteString(prelude)
	for _, d := range draws {
		fmt.Fprintf(&s, "    test<%s, %s, %s>(%d);\n", cpp(d.a), cpp(d.b), cpp(d.c), len(d.rows))
	}
	s.WriteString("    return 0;\n}\n")
	return s.String()
}

func apInput(draws []draw) string {
	var s strings.Builder
	for _, d := range draws {
		for _, r := range d.rows {
			fmt.Fprintf(&s, "%s %s %d\n", pattern(r.a, d.a), pattern(r.b, d.b), math.Float64bits(r.d))
		}
	}
	return s.String()
}

func compareDraws(t *testing.T, draws []draw, lines []string) {
	t.Helper()
	i := 0
	for _, d := range draws {
		for _, r := range d.rows {
			require.Less(t, i, len(lines), "the program ended early")
			want := d.want(r)
			require.Equal(t, want, strings.TrimSpace(lines[i]),
				"%s, %s to %s: a=%v b=%v d=%v", d.a, d.b, d.c, r.a, r.b, r.d)
			i++
		}
	}
	require.Len(t, lines, i)
}

// want is the line that the program should print for the row.
func (d draw) want(r row) string {
	var w []string
	put := func(x *big.Int, f fixed.Format) { w = append(w, pattern(x, f)) }
	a, b := d.a, d.b
	cast := fixed.CastBig(new(big.Int), r.a, a, d.c)
	put(cast, d.c)
	put(fixed.MulBig(new(big.Int), r.a, r.b), fixed.Mul(a, b))
	put(fixed.AddBig(new(big.Int), r.a, a, r.b, b), fixed.Add(a, b))
	put(fixed.SubBig(new(big.Int), r.a, a, r.b, b), fixed.Sub(a, b))
	put(new(big.Int).Neg(r.a), fixed.Neg(a))
	put(fixed.AndBig(new(big.Int), r.a, a, r.b, b), fixed.Logic(a, b))
	put(fixed.OrBig(new(big.Int), r.a, a, r.b, b), fixed.Logic(a, b))
	put(fixed.XorBig(new(big.Int), r.a, a, r.b, b), fixed.Logic(a, b))
	put(fixed.ShlBig(new(big.Int), r.a, 3, a), a)
	put(fixed.ShrBig(new(big.Int), r.a, 3, a), a)
	put(fixed.ShrBig(new(big.Int), r.a, 2, a), a)
	c := fixed.CmpBig(r.a, a, r.b, b)
	eq := fixed.EqualBig(r.a, a, r.b, b)
	w = append(w, bits(c < 0, c > 0, c <= 0, c >= 0, eq, !eq), fmt.Sprint(fixed.ToCIntBig(r.a, a)))
	real, single := fixed.ToFloat64Big(r.a, a), fixed.ToFloat32Big(r.a, a)
	w = append(w, fmt.Sprint(math.Float64bits(real), math.Float32bits(single)))
	put(fixed.FromFloat64Big(new(big.Int), r.d, d.c), d.c)
	put(fixed.FromFloat32Big(new(big.Int), float32(r.d), d.c), d.c)
	sum := fixed.AddBig(new(big.Int), cast, d.c, plusOperand(r.b, b, d.c), plusFormat(b, d.c))
	put(fixed.CastBig(new(big.Int), sum, fixed.Add(d.c, plusFormat(b, d.c)), d.c), d.c)
	int32s := fixed.Int(32)
	three, tripled := fixed.MulBig(new(big.Int), r.a, big.NewInt(3)), fixed.Mul(a, int32s)
	put(fixed.SubBig(new(big.Int), three, tripled, big.NewInt(7), int32s), fixed.Sub(tripled, int32s))
	if fixed.EqualBig(r.b, b, new(big.Int), int32s) {
		w = append(w, "-")
	} else {
		put(fixed.DivBig(new(big.Int), r.a, a, r.b, b), fixed.Div(a, b))
	}
	positive := fixed.CmpBig(r.a, a, new(big.Int), int32s) > 0
	w = append(w, bits(positive, fixed.CmpBig(r.a, a, big.NewInt(-1), int32s) < 0))
	return strings.Join(w, " ")
}

// plusOperand and plusFormat: before it is added to an ap_int in place, a fixed-point number is cut to an
// integer.
func plusOperand(b *big.Int, f, target fixed.Format) *big.Int {
	if to := plusFormat(f, target); to != f {
		return fixed.CastBig(new(big.Int), b, f, to)
	}
	return b
}

func plusFormat(f, target fixed.Format) fixed.Format {
	if target.Kind != fixed.KindInt || f.Kind == fixed.KindInt {
		return f
	}
	return fixed.Format{W: max(f.I, 1), I: max(f.I, 1), Signed: f.Signed, Kind: fixed.KindInt}
}

func bits(bs ...bool) string {
	var s strings.Builder
	for _, b := range bs {
		s.WriteByte("01"[map[bool]int{true: 1}[b]])
	}
	return s.String()
}

// pattern is the two's complement of x in the width of f, highest bit first.
func pattern(x *big.Int, f fixed.Format) string {
	m := new(big.Int).And(x, new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), uint(f.W)), big.NewInt(1)))
	return fmt.Sprintf("%0*s", int(f.W), m.Text(2))
}

// cpp is the C++ type of f; package fixed knows AP_WRAP_SM, which hls4ml cannot configure.
func cpp(f fixed.Format) string {
	if f.Kind == fixed.KindInt {
		return f.CPP()
	}
	u := map[bool]string{false: "u"}[f.Signed]
	return fmt.Sprintf("ap_%sfixed<%d, %d, %s, %s, %d>", u, f.W, f.I, f.Q, f.O, f.N)
}

// newDraw draws formats and rows: corners of the ranges first.
func newDraw(r *rand.Rand, rows int) draw {
	d := draw{a: newFormat(r), b: newFormat(r), c: newFormat(r)}
	for i := range rows {
		d.rows = append(d.rows, row{newRaw(r, d.a, i), newRaw(r, d.b, i/3), newReal(r, d.c)})
	}
	return d
}

func newFormat(r *rand.Rand) fixed.Format {
	widths := []int{1, 2, 3, 8, 16, 31, 32, 33, 53, 62, 63, 64, 65, 70, 127, 128, 129, 200}
	w := widths[r.IntN(len(widths))]
	if r.IntN(2) == 0 {
		w = 1 + r.IntN(40)
	}
	f := fixed.Format{W: w, I: w, Signed: r.IntN(3) > 0}
	if r.IntN(5) == 0 {
		f.Kind = fixed.KindInt
		return f
	}
	f.I = []int{w, 0, 1, r.IntN(w + 1), r.IntN(w + 1), w + r.IntN(6), r.IntN(w + 1), -1 - r.IntN(5)}[r.IntN(8)]
	f.Q = fixed.Q(r.IntN(7))
	f.O = []fixed.O{fixed.WRAP, fixed.WRAP, fixed.SAT, fixed.SATZero, fixed.SATSym, fixed.WRAPSM}[r.IntN(6)]
	if f.O == fixed.WRAPSM && !f.Signed {
		f.O = fixed.SAT
	}
	if (f.O == fixed.WRAP || f.O == fixed.WRAPSM) && w > 3 && r.IntN(3) == 0 {
		f.N = 1 + r.IntN(3)
	}
	return f
}

// newRaw draws a raw of f: its corners first, then numbers of any length.
func newRaw(r *rand.Rand, f fixed.Format, i int) *big.Int {
	lo, hi := f.Range()
	switch i {
	case 0:
		return lo
	case 1:
		return hi
	case 2:
		return new(big.Int)
	}
	x := new(big.Int)
	for range f.W/64 + 1 {
		x.Lsh(x, 64).Or(x, new(big.Int).SetUint64(r.Uint64()))
	}
	x.Rsh(x, uint(r.IntN(x.BitLen()+1)))
	span := new(big.Int).Add(new(big.Int).Sub(hi, lo), big.NewInt(1))
	x.Mod(x, span)
	if f.Signed && x.Cmp(hi) > 0 {
		x.Sub(x, span)
	}
	if f.Signed && r.IntN(2) == 0 && new(big.Int).Neg(x).Cmp(lo) >= 0 && x.Sign() > 0 {
		x.Neg(x)
	}
	return x
}

// newReal draws a double around the range and the step of f.
func newReal(r *rand.Rand, f fixed.Format) float64 {
	m := float64(int64(r.Uint64())>>r.IntN(63)) + 0.25*float64(r.IntN(4))
	return math.Ldexp(m, -f.F()-r.IntN(66)+r.IntN(f.W+4))
}

// compiler returns the C++ compiler's command; without one the test is skipped, or fails when
// HLSGO_REQUIRE_CXX is set.
func compiler(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("CXX"), "g++", "clang++"} {
		if name == "" {
			continue
		}
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("HLSGO_REQUIRE_CXX") != "" {
		t.Fatal("no C++ compiler found: HLSGO_REQUIRE_CXX is set")
	}
	t.Skip("no C++ compiler found")
	return ""
}

// warnings are the flags under which the headers have to compile.
func warnings() []string {
	return []string{"-pedantic", "-Wall", "-Wextra", "-Werror", "-Wno-unknown-pragmas"}
}

// runProgram compiles a program against the embedded xilinx headers and runs it.
func runProgram(t *testing.T, source, input string, flags ...string) string {
	t.Helper()
	dir := t.TempDir()
	writeHeaders(t, dir)
	main := filepath.Join(dir, "main.cpp")
	require.NoError(t, os.WriteFile(main, []byte(source), 0o644))
	args := []string{"-std=c++11", "-O1", "-I" + filepath.Join(dir, "ap_types")}
	args = append(append(args, warnings()...), flags...)
	program := filepath.Join(dir, "program")
	out, err := exec.Command(compiler(t), append(args, main, "-o", program)...).CombinedOutput()
	require.NoError(t, err, "%.4000s", out)
	cmd := exec.Command(program)
	cmd.Dir = dir
	cmd.Stdin = strings.NewReader(input)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	require.NoError(t, cmd.Run(), "%s", stderr.String())
	return stdout.String()
}
