package fixed

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"math"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// group is one group of testdata/vectors: an operation on given formats, corner operands with the header's
// answers, and the hash of the answers to a seeded bulk.
type group struct {
	header  []string
	corners [][]string
	n       int
	seed    uint64
	hash    uint64
}

// readGroups reads a vector file. The line format is described in testdata/gen/README.md.
func readGroups(t *testing.T, name string) []*group {
	f, err := os.Open(filepath.Join("testdata", "vectors", name))
	require.NoError(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	var groups []*group
	for s := bufio.NewScanner(z); s.Scan(); {
		line, fields := s.Text(), strings.Fields(s.Text())
		switch {
		case strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, " "):
			g := groups[len(groups)-1]
			g.corners = append(g.corners, fields)
		case fields[0] == "bulk":
			g := groups[len(groups)-1]
			g.n, _ = strconv.Atoi(fields[1])
			g.seed, _ = strconv.ParseUint(fields[2], 10, 64)
			g.hash, _ = strconv.ParseUint(fields[3], 16, 64)
		default:
			groups = append(groups, &group{header: fields})
		}
	}
	return groups
}

// random is the generator of the vector programs: splitmix64.
type random struct{ state uint64 }

func (r *random) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// operand is a seeded raw of f, by the recipe of testdata/gen/README.md.
func (r *random) operand(f Format) *big.Int {
	k := r.next()
	x := new(big.Int)
	for i := 0; i < (f.W+63)/64; i++ {
		x.Or(x, new(big.Int).Lsh(new(big.Int).SetUint64(r.next()), uint(64*i)))
	}
	w := uint64(f.W)
	switch k & 3 {
	case 2:
		x = lowRaw(x, Format{W: int(1 + k>>8%w), Signed: k>>2&1 != 0})
	case 3:
		e := uint(k >> 16 % w)
		x.SetInt64(0)
		switch k >> 8 % 6 {
		case 1:
			x.Lsh(one, uint(w-1))
		case 2:
			x.Lsh(one, uint(w-1)).Sub(x, one)
		case 3:
			x.SetInt64(-1)
		case 4:
			x.Lsh(one, e)
		case 5:
			x.Lsh(one, e).Neg(x)
		}
		x.Add(x, big.NewInt(int64(k>>40%5)-2))
	}
	return lowRaw(x, f)
}

// operandDouble is a seeded double around f.
func (r *random) operandDouble(f Format) float64 {
	k, m := r.next(), r.next()
	if k&7 == 7 {
		return math.Float64frombits(specials[k>>8%10])
	}
	e := min(max(1023-f.F()-4+int(k>>8%uint64(f.W+8)), 1), 2046)
	keep := k >> 32 % 53
	frac := m >> 12 &^ (1<<(52-keep) - 1)
	return math.Float64frombits(k>>3&1<<63 | uint64(e)<<52 | frac)
}

var specials = [10]uint64{0, 1 << 63, 0x7ff << 52, 0xfff << 52, 0x7ff8 << 48, 0xfff8 << 48, 1, 1<<63 | 1,
	0x7fefffffffffffff, 0xffefffffffffffff}

// lowRaw is the low W bits of x as a raw of f.
func lowRaw(x *big.Int, f Format) *big.Int {
	lo := new(big.Int).Lsh(one, uint(f.W))
	x = new(big.Int).And(x, new(big.Int).Sub(lo, one))
	if f.Signed && x.Bit(f.W-1) != 0 {
		x.Sub(x, lo)
	}
	return x
}

func hexRaw(s string, f Format) *big.Int {
	x, ok := new(big.Int).SetString(s, 16)
	if !ok {
		panic("bad vector " + s)
	}
	return lowRaw(x, f)
}

// fnv accumulates the hash of a bulk, word by word.
type fnv uint64

func (h *fnv) add(x *big.Int, w int) {
	if w <= 64 {
		h.word(lowBits(x))
		return
	}
	for i := 0; i < w; i += 64 {
		h.word(lowBits(new(big.Int).Rsh(x, uint(i))))
	}
}

func (h *fnv) word(x uint64) { *h = fnv((uint64(*h) ^ x) * 0x100000001b3) }

func mustParse(t *testing.T, s string) Format {
	f, err := Parse(s)
	require.NoError(t, err)
	return f
}

// sameRaw fails unless got is the vector's raw of f.
func sameRaw(t *testing.T, f Format, want string, got *big.Int, what ...any) {
	t.Helper()
	if w := hexRaw(want, f); got.Cmp(w) != 0 {
		t.Errorf("%s: got raw %d, want %d", fmt.Sprint(what...), got, w)
	}
}

func (g *group) check(t *testing.T, bulk func(r *random, h *fnv)) {
	t.Helper()
	r, h := &random{g.seed}, fnv(0xcbf29ce484222325)
	for i := 0; i < g.n; i++ {
		bulk(r, &h)
	}
	if uint64(h) != g.hash {
		t.Errorf("%s: hash of %d seeded answers: got %016x, want %016x",
			strings.Join(g.header, " "), g.n, uint64(h), g.hash)
	}
}

// anyCast converts by the wide path, and by the narrow one and its plan where the formats allow.
func anyCast(t *testing.T, x *big.Int, from, to Format, p *WidePlan) *big.Int {
	y := p.Apply(new(big.Int), x)
	if from.Narrow() && to.Narrow() {
		if n := Cast(x.Int64(), from, to); n != y.Int64() {
			t.Fatalf("%s to %s of %d: narrow path %d, wide path %d", from, to, x, n, y)
		}
	}
	return y
}

func (g *group) castTest(t *testing.T) {
	from, to := mustParse(t, g.header[1]), mustParse(t, g.header[2])
	p := NewWidePlan(from, to)
	for _, c := range g.corners {
		sameRaw(t, to, c[1], anyCast(t, hexRaw(c[0], from), from, to, p), g.header, c[0])
	}
	g.check(t, func(r *random, h *fnv) { h.add(anyCast(t, r.operand(from), from, to, p), to.W) })
}

func anyFromFloat(t *testing.T, v float64, float bool, to Format) *big.Int {
	y := new(big.Int)
	if float {
		FromFloat32Big(y, float32(v), to)
	} else {
		FromFloat64Big(y, v, to)
	}
	if to.Narrow() {
		n := FromFloat64(v, to)
		if float {
			n = FromFloat32(float32(v), to)
		}
		if n != y.Int64() {
			t.Fatalf("%v (%x) to %s: narrow path %d, wide path %d", v, v, to, n, y)
		}
	}
	return y
}

func (g *group) fromFloatTest(t *testing.T) {
	float, to := g.header[0] == "float", mustParse(t, g.header[1])
	for _, c := range g.corners {
		b, err := strconv.ParseUint(c[0], 16, 64)
		require.NoError(t, err)
		v := math.Float64frombits(b)
		sameRaw(t, to, c[1], anyFromFloat(t, v, float, to), g.header, v)
	}
	g.check(t, func(r *random, h *fnv) { h.add(anyFromFloat(t, r.operandDouble(to), float, to), to.W) })
}

func anyToFloat(t *testing.T, x *big.Int, float bool, f Format) uint64 {
	v := ToFloat64Big(x, f)
	if float {
		v = float64(ToFloat32Big(x, f))
	}
	if f.Narrow() {
		n := ToFloat64(x.Int64(), f)
		if float {
			n = float64(ToFloat32(x.Int64(), f))
		}
		if math.Float64bits(n) != math.Float64bits(v) {
			t.Fatalf("%s of %d to float: narrow path %v, wide path %v", f, x, n, v)
		}
	}
	return math.Float64bits(v)
}

func (g *group) toFloatTest(t *testing.T) {
	float, f := g.header[0] == "to_float", mustParse(t, g.header[1])
	for _, c := range g.corners {
		want, err := strconv.ParseUint(c[1], 16, 64)
		require.NoError(t, err)
		if got := anyToFloat(t, hexRaw(c[0], f), float, f); got != want {
			t.Errorf("%s %s: got %016x, want %016x", g.header, c[0], got, want)
		}
	}
	g.check(t, func(r *random, h *fnv) { h.word(anyToFloat(t, r.operand(f), float, f)) })
}

// TestVectors compares this package with the vendor headers.
func TestVectors(t *testing.T) {
	files, err := filepath.Glob("testdata/vectors/a*.txt.gz")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	kinds := map[string]func(*group, *testing.T){
		"cast": (*group).castTest, "double": (*group).fromFloatTest, "float": (*group).fromFloatTest,
		"to_double": (*group).toFloatTest, "to_float": (*group).toFloatTest,
		"mul": (*group).binaryTest, "add": (*group).binaryTest, "sub": (*group).binaryTest,
		"div": (*group).binaryTest, "and": (*group).binaryTest, "or": (*group).binaryTest,
		"xor": (*group).binaryTest, "negate": (*group).negateTest,
		"compare": (*group).compareTest, "shift": (*group).shiftTest, "to_int": (*group).toIntTest,
	}
	checks := 0
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			for _, g := range readGroups(t, filepath.Base(file)) {
				test := kinds[g.header[0]]
				require.NotNil(t, test, g.header[0])
				test(g, t)
				checks += g.n + len(g.corners)
			}
		})
	}
	require.Greater(t, checks, 2_000_000)
	t.Logf("%d answers of the headers", checks)
}
