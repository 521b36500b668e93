package num

import "unsafe"

// Copy converts a plane to another lane that holds all its values.
func Copy[D, S Lane](dst []D, src []S) {
	dst = dst[:len(src)]
	for i, x := range src {
		dst[i] = D(x)
	}
}

// Select sets dst to above where x > t and to below elsewhere.
func Select[S Lane](dst []int64, x []S, t S, above, below []int64) {
	dst, above, below = dst[:len(x)], above[:len(x)], below[:len(x)]
	for i, v := range x {
		y := below[i]
		if v > t {
			y = above[i]
		}
		dst[i] = y
	}
}

// Lookup sets dst to table[x - lo]. All x must lie in the table: nothing checks them.
func Lookup[D, S Lane](dst []D, x []S, table []D, lo int64) {
	dst = dst[:len(x)]
	if len(x) == 0 {
		return
	}
	size := int64(unsafe.Sizeof(dst[0]))
	first := unsafe.Pointer(unsafe.SliceData(table))
	at := func(v S) D { return *(*D)(unsafe.Add(first, (int64(v)-lo)*size)) }
	i := 0
	for ; i+4 <= len(x); i += 4 {
		in, out := x[i:i+4:i+4], dst[i:i+4:i+4]
		out[0], out[1], out[2], out[3] = at(in[0]), at(in[1]), at(in[2]), at(in[3])
	}
	for ; i < len(x); i++ {
		dst[i] = at(x[i])
	}
}

// Add sets dst to (a << s) + (b << t).
func Add(dst, a, b []int64, s, t uint) {
	a, b = a[:len(dst)], b[:len(dst)]
	s, t = s&63, t&63
	for i := range dst {
		dst[i] = a[i]<<s + b[i]<<t
	}
}

// Sub sets dst to (a << s) - (b << t).
func Sub(dst, a, b []int64, s, t uint) {
	a, b = a[:len(dst)], b[:len(dst)]
	s, t = s&63, t&63
	for i := range dst {
		dst[i] = a[i]<<s - b[i]<<t
	}
}

// Mul sets dst to a * b.
func Mul(dst, a, b []int64) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] * b[i]
	}
}

// Max sets dst to the larger of a and b.
func Max(dst, a, b []int64) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = max(a[i], b[i])
	}
}

// Scale sets dst to x*w + b.
func Scale(dst, x []int64, w, b int64) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] = x[i]*w + b
	}
}

// Quo sets dst to x / d, cut toward zero.
func Quo(dst, x []int64, d int64) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] = x[i] / d
	}
}

// First keeps a running first maximum: where x > best, best becomes x and at becomes k.
func First(best, at, x []int64, k int64) {
	at, x = at[:len(best)], x[:len(best)]
	for i, b := range best {
		if x[i] > b {
			best[i], at[i] = x[i], k
		}
	}
}

// Equal sets dst to v where x == k and to zero elsewhere.
func Equal(dst, x []int64, k, v int64) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] = 0
		if x[i] == k {
			dst[i] = v
		}
	}
}
