package profiling

// kept are numbers that are looked at seldom and all of which stay. What float32 holds exactly, as nearly all
// types of firmware and all answers of frameworks are, takes half the memory.
type kept struct {
	narrow []float32
	wide   []float64 // all of them, once one of them needs it
}

// newKept has room for n numbers.
func newKept(n int) *kept { return &kept{narrow: make([]float32, 0, n)} }

// add appends numbers.
func (k *kept) add(x []float64) {
	if k.wide == nil {
		start := len(k.narrow)
		for _, v := range x {
			if float64(float32(v)) != v {
				k.narrow = k.narrow[:start]
				k.wide = k.numbers()
				k.narrow = nil
				break
			}
			k.narrow = append(k.narrow, float32(v))
		}
	}
	if k.wide != nil {
		k.wide = append(k.wide, x...)
	}
}

// len is how many there are; nil has none.
func (k *kept) len() int {
	if k == nil {
		return 0
	}
	return max(len(k.narrow), len(k.wide))
}

// numbers are all of them. They may share the memory of k.
func (k *kept) numbers() []float64 {
	if k == nil || k.wide != nil {
		if k == nil {
			return nil
		}
		return k.wide
	}
	out := make([]float64, len(k.narrow), max(cap(k.narrow), 1))
	for i, v := range k.narrow {
		out[i] = float64(v)
	}
	return out
}
