//go:build amd64 && !purego

package vec

// castsAVX2 lists the casts by computing width, source and destination.
func castsAVX2() (out [3][4][4]Plane) {
	out[0][0] = [4]Plane{
		{"cast8to8", 16, cast8to8in16AVX2},
		{"cast8to16", 16, cast8to16in16AVX2},
	}
	out[0][1] = [4]Plane{
		{"cast16to8", 16, cast16to8in16AVX2},
		{"cast16to16", 16, cast16to16in16AVX2},
	}
	out[1][0] = [4]Plane{
		{"cast8to8", 8, cast8to8in32AVX2},
		{"cast8to16", 8, cast8to16in32AVX2},
		{"cast8to32", 8, cast8to32in32AVX2},
	}
	out[1][1] = [4]Plane{
		{"cast16to8", 8, cast16to8in32AVX2},
		{"cast16to16", 8, cast16to16in32AVX2},
		{"cast16to32", 8, cast16to32in32AVX2},
	}
	out[1][2] = [4]Plane{
		{"cast32to8", 8, cast32to8in32AVX2},
		{"cast32to16", 8, cast32to16in32AVX2},
		{"cast32to32", 8, cast32to32in32AVX2},
	}
	return out
}

// castsAVX512 lists the casts by computing width, source and destination.
func castsAVX512() (out [3][4][4]Plane) {
	out[0][0] = [4]Plane{
		{"cast8to8", 32, cast8to8in16AVX512},
		{"cast8to16", 32, cast8to16in16AVX512},
	}
	out[0][1] = [4]Plane{
		{"cast16to8", 32, cast16to8in16AVX512},
		{"cast16to16", 32, cast16to16in16AVX512},
	}
	out[1][0] = [4]Plane{
		{"cast8to8", 16, cast8to8in32AVX512},
		{"cast8to16", 16, cast8to16in32AVX512},
		{"cast8to32", 16, cast8to32in32AVX512},
	}
	out[1][1] = [4]Plane{
		{"cast16to8", 16, cast16to8in32AVX512},
		{"cast16to16", 16, cast16to16in32AVX512},
		{"cast16to32", 16, cast16to32in32AVX512},
	}
	out[1][2] = [4]Plane{
		{"cast32to8", 16, cast32to8in32AVX512},
		{"cast32to16", 16, cast32to16in32AVX512},
		{"cast32to32", 16, cast32to32in32AVX512},
	}
	out[2][0] = [4]Plane{
		{"cast8to8", 8, cast8to8in64AVX512},
		{"cast8to16", 8, cast8to16in64AVX512},
		{"cast8to32", 8, cast8to32in64AVX512},
		{"cast8to64", 8, cast8to64in64AVX512},
	}
	out[2][1] = [4]Plane{
		{"cast16to8", 8, cast16to8in64AVX512},
		{"cast16to16", 8, cast16to16in64AVX512},
		{"cast16to32", 8, cast16to32in64AVX512},
		{"cast16to64", 8, cast16to64in64AVX512},
	}
	out[2][2] = [4]Plane{
		{"cast32to8", 8, cast32to8in64AVX512},
		{"cast32to16", 8, cast32to16in64AVX512},
		{"cast32to32", 8, cast32to32in64AVX512},
		{"cast32to64", 8, cast32to64in64AVX512},
	}
	out[2][3] = [4]Plane{
		{"cast64to8", 8, cast64to8in64AVX512},
		{"cast64to16", 8, cast64to16in64AVX512},
		{"cast64to32", 8, cast64to32in64AVX512},
		{"cast64to64", 8, cast64to64in64AVX512},
	}
	return out
}
