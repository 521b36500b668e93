//go:build amd64 && !purego

package vec

// elementsAVX2 lists the loops of elements by operation, operands and results.
func elementsAVX2() (out [ops][4][4]Plane) {
	out[Add][0][1] = Plane{"add8to16", 16, add8to16AVX2}
	out[Add][1][1] = Plane{"add16to16", 16, add16to16AVX2}
	out[Add][1][2] = Plane{"add16to32", 8, add16to32AVX2}
	out[Add][2][2] = Plane{"add32to32", 8, add32to32AVX2}
	out[Add][2][3] = Plane{"add32to64", 4, add32to64AVX2}
	out[Add][3][3] = Plane{"add64to64", 4, add64to64AVX2}
	out[Sub][0][1] = Plane{"sub8to16", 16, sub8to16AVX2}
	out[Sub][1][1] = Plane{"sub16to16", 16, sub16to16AVX2}
	out[Sub][1][2] = Plane{"sub16to32", 8, sub16to32AVX2}
	out[Sub][2][2] = Plane{"sub32to32", 8, sub32to32AVX2}
	out[Sub][2][3] = Plane{"sub32to64", 4, sub32to64AVX2}
	out[Sub][3][3] = Plane{"sub64to64", 4, sub64to64AVX2}
	out[Mul][0][1] = Plane{"mul8to16", 16, mul8to16AVX2}
	out[Mul][1][1] = Plane{"mul16to16", 16, mul16to16AVX2}
	out[Mul][1][2] = Plane{"mul16to32", 8, mul16to32AVX2}
	out[Mul][2][2] = Plane{"mul32to32", 8, mul32to32AVX2}
	out[Mul][2][3] = Plane{"mul32to64", 4, mul32to64AVX2}
	out[Scale][0][1] = Plane{"scale8to16", 16, scale8to16AVX2}
	out[Scale][1][1] = Plane{"scale16to16", 16, scale16to16AVX2}
	out[Scale][1][2] = Plane{"scale16to32", 8, scale16to32AVX2}
	out[Scale][2][2] = Plane{"scale32to32", 8, scale32to32AVX2}
	out[Scale][2][3] = Plane{"scale32to64", 4, scale32to64AVX2}
	out[Max][0][0] = Plane{"max8to8", 32, max8to8AVX2}
	out[Max][1][1] = Plane{"max16to16", 16, max16to16AVX2}
	out[Max][2][2] = Plane{"max32to32", 8, max32to32AVX2}
	out[Max][3][3] = Plane{"max64to64", 4, max64to64AVX2}
	out[Choose][0][0] = Plane{"choose8to8", 32, choose8to8AVX2}
	out[Choose][1][1] = Plane{"choose16to16", 16, choose16to16AVX2}
	out[Choose][2][2] = Plane{"choose32to32", 8, choose32to32AVX2}
	out[Choose][3][3] = Plane{"choose64to64", 4, choose64to64AVX2}
	return out
}

// elementsAVX512 lists the loops of elements by operation, operands and results.
func elementsAVX512() (out [ops][4][4]Plane) {
	out[Add][0][1] = Plane{"add8to16", 32, add8to16AVX512}
	out[Add][1][1] = Plane{"add16to16", 32, add16to16AVX512}
	out[Add][1][2] = Plane{"add16to32", 16, add16to32AVX512}
	out[Add][2][2] = Plane{"add32to32", 16, add32to32AVX512}
	out[Add][2][3] = Plane{"add32to64", 8, add32to64AVX512}
	out[Add][3][3] = Plane{"add64to64", 8, add64to64AVX512}
	out[Sub][0][1] = Plane{"sub8to16", 32, sub8to16AVX512}
	out[Sub][1][1] = Plane{"sub16to16", 32, sub16to16AVX512}
	out[Sub][1][2] = Plane{"sub16to32", 16, sub16to32AVX512}
	out[Sub][2][2] = Plane{"sub32to32", 16, sub32to32AVX512}
	out[Sub][2][3] = Plane{"sub32to64", 8, sub32to64AVX512}
	out[Sub][3][3] = Plane{"sub64to64", 8, sub64to64AVX512}
	out[Mul][0][1] = Plane{"mul8to16", 32, mul8to16AVX512}
	out[Mul][1][1] = Plane{"mul16to16", 32, mul16to16AVX512}
	out[Mul][1][2] = Plane{"mul16to32", 16, mul16to32AVX512}
	out[Mul][2][2] = Plane{"mul32to32", 16, mul32to32AVX512}
	out[Mul][2][3] = Plane{"mul32to64", 8, mul32to64AVX512}
	out[Mul][3][3] = Plane{"mul64to64", 8, mul64to64AVX512}
	out[Scale][0][1] = Plane{"scale8to16", 32, scale8to16AVX512}
	out[Scale][1][1] = Plane{"scale16to16", 32, scale16to16AVX512}
	out[Scale][1][2] = Plane{"scale16to32", 16, scale16to32AVX512}
	out[Scale][2][2] = Plane{"scale32to32", 16, scale32to32AVX512}
	out[Scale][2][3] = Plane{"scale32to64", 8, scale32to64AVX512}
	out[Scale][3][3] = Plane{"scale64to64", 8, scale64to64AVX512}
	out[Max][0][0] = Plane{"max8to8", 64, max8to8AVX512}
	out[Max][1][1] = Plane{"max16to16", 32, max16to16AVX512}
	out[Max][2][2] = Plane{"max32to32", 16, max32to32AVX512}
	out[Max][3][3] = Plane{"max64to64", 8, max64to64AVX512}
	out[Choose][0][0] = Plane{"choose8to8", 64, choose8to8AVX512}
	out[Choose][1][1] = Plane{"choose16to16", 32, choose16to16AVX512}
	out[Choose][2][2] = Plane{"choose32to32", 16, choose32to32AVX512}
	out[Choose][3][3] = Plane{"choose64to64", 8, choose64to64AVX512}
	return out
}
