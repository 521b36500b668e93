//go:build amd64 && !purego

package vec

// By hand: the generator has no reductions.

//go:noescape
func facts8AVX2(src *byte, n int64, out *byte)

//go:noescape
func facts16AVX2(src *byte, n int64, out *byte)

//go:noescape
func facts32AVX2(src *byte, n int64, out *byte)

//go:noescape
func floatsAVX2(src *float32, n int64, limits *float32, out *byte)

//go:noescape
func beyond16AVX2(src *byte, n int64, p, out *byte)

//go:noescape
func beyond32AVX2(src *byte, n int64, p, out *byte)

// withFacts adds the loops that look at planes.
func withFacts(s Set) Set {
	s.facts = [3]func(src *byte, n int64, out *byte){facts8AVX2, facts16AVX2, facts32AVX2}
	s.floats = floatsAVX2
	s.beyond = [2]func(src *byte, n int64, p, out *byte){beyond16AVX2, beyond32AVX2}
	return s
}
