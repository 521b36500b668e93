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

// widenAVX2 lists the sign extensions by source and destination.
func widenAVX2() (out [3][4]Plane) {
	out[0][1] = Plane{"widen8to16", 16, widen8to16AVX2}
	out[0][2] = Plane{"widen8to32", 8, widen8to32AVX2}
	out[0][3] = Plane{"widen8to64", 4, widen8to64AVX2}
	out[1][2] = Plane{"widen16to32", 8, widen16to32AVX2}
	out[1][3] = Plane{"widen16to64", 4, widen16to64AVX2}
	out[2][3] = Plane{"widen32to64", 4, widen32to64AVX2}
	return out
}

// widenAVX512 lists the sign extensions by source and destination.
func widenAVX512() (out [3][4]Plane) {
	out[0][1] = Plane{"widen8to16", 32, widen8to16AVX512}
	out[0][2] = Plane{"widen8to32", 16, widen8to32AVX512}
	out[0][3] = Plane{"widen8to64", 8, widen8to64AVX512}
	out[1][2] = Plane{"widen16to32", 16, widen16to32AVX512}
	out[1][3] = Plane{"widen16to64", 8, widen16to64AVX512}
	out[2][3] = Plane{"widen32to64", 8, widen32to64AVX512}
	return out
}
