//go:build amd64 && !purego

package vec

// By hand: the generator has no reductions.

//go:noescape
func ends8AVX2(src *byte, n int64, out *Facts)

//go:noescape
func ends16AVX2(src *byte, n int64, out *Facts)

//go:noescape
func ends32AVX2(src *byte, n int64, out *Facts)

//go:noescape
func ends64AVX2(src *byte, n int64, out *Facts)

//go:noescape
func ends8AVX512(src *byte, n int64, out *Facts)

//go:noescape
func ends16AVX512(src *byte, n int64, out *Facts)

//go:noescape
func ends32AVX512(src *byte, n int64, out *Facts)

//go:noescape
func ends64AVX512(src *byte, n int64, out *Facts)

//go:noescape
func facts8AVX2(src *byte, n int64, out *Facts)

//go:noescape
func facts16AVX2(src *byte, n int64, out *Facts)

//go:noescape
func facts32AVX2(src *byte, n int64, out *Facts)

//go:noescape
func facts64AVX2(src *byte, n int64, out *Facts)

//go:noescape
func facts8AVX512(src *byte, n int64, out *Facts)

//go:noescape
func facts16AVX512(src *byte, n int64, out *Facts)

//go:noescape
func facts32AVX512(src *byte, n int64, out *Facts)

//go:noescape
func facts64AVX512(src *byte, n int64, out *Facts)

//go:noescape
func within8AVX2(src *byte, n, low, high int64) int64

//go:noescape
func within16AVX2(src *byte, n, low, high int64) int64

//go:noescape
func within32AVX2(src *byte, n, low, high int64) int64

//go:noescape
func within64AVX2(src *byte, n, low, high int64) int64

//go:noescape
func within8AVX512(src *byte, n, low, high int64) int64

//go:noescape
func within16AVX512(src *byte, n, low, high int64) int64

//go:noescape
func within32AVX512(src *byte, n, low, high int64) int64

//go:noescape
func within64AVX512(src *byte, n, low, high int64) int64

//go:noescape
func tiny8AVX2(src *byte, n, low, high int64) int64

//go:noescape
func tiny16AVX2(src *byte, n, low, high int64) int64

//go:noescape
func tiny32AVX2(src *byte, n, low, high int64) int64

//go:noescape
func tiny64AVX2(src *byte, n, low, high int64) int64

//go:noescape
func tiny8AVX512(src *byte, n, low, high int64) int64

//go:noescape
func tiny16AVX512(src *byte, n, low, high int64) int64

//go:noescape
func tiny32AVX512(src *byte, n, low, high int64) int64

//go:noescape
func tiny64AVX512(src *byte, n, low, high int64) int64

//go:noescape
func floatsAVX2(src *float32, n int64, low, high float32, out *FloatFacts)

//go:noescape
func floatsAVX512(src *float32, n int64, low, high float32, out *FloatFacts)

//go:noescape
func beyondAVX2(src *float32, n int64, low, high float32) int64

//go:noescape
func beyondAVX512(src *float32, n int64, low, high float32) int64

func looksAVX2() looks {
	return looks{
		bytes:  32,
		ends:   [4]factLoop{ends8AVX2, ends16AVX2, ends32AVX2, ends64AVX2},
		facts:  [4]factLoop{facts8AVX2, facts16AVX2, facts32AVX2, facts64AVX2},
		within: [4]countLoop{within8AVX2, within16AVX2, within32AVX2, within64AVX2},
		tiny:   [4]countLoop{tiny8AVX2, tiny16AVX2, tiny32AVX2, tiny64AVX2},
		floats: floatsAVX2,
		beyond: beyondAVX2,
	}
}

func looksAVX512() looks {
	return looks{
		bytes:  64,
		ends:   [4]factLoop{ends8AVX512, ends16AVX512, ends32AVX512, ends64AVX512},
		facts:  [4]factLoop{facts8AVX512, facts16AVX512, facts32AVX512, facts64AVX512},
		within: [4]countLoop{within8AVX512, within16AVX512, within32AVX512, within64AVX512},
		tiny:   [4]countLoop{tiny8AVX512, tiny16AVX512, tiny32AVX512, tiny64AVX512},
		floats: floatsAVX512,
		beyond: beyondAVX512,
	}
}
