//go:build amd64 && !purego

package vec

// dot16VNNI adds the products of pairs of 16-bit values to 32-bit sums. By hand, because the generator has no
// VNNI instructions.
//
//go:noescape
func dot16VNNI(x *byte, offs *int64, w *byte, k int64, acc *byte, p *int64)
