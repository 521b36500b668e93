//go:build arm64 && !purego

package vec

// castsNEON lists the casts by computing width, source and destination.
func castsNEON() (out [3][4][4]Plane) {
	out[0][0] = [4]Plane{
		{"cast8to8", 8, cast8to8in16NEON},
		{"cast8to16", 8, cast8to16in16NEON},
	}
	out[0][1] = [4]Plane{
		{"cast16to8", 8, cast16to8in16NEON},
		{"cast16to16", 8, cast16to16in16NEON},
	}
	out[1][0] = [4]Plane{
		{"cast8to8", 4, cast8to8in32NEON},
		{"cast8to16", 4, cast8to16in32NEON},
		{"cast8to32", 4, cast8to32in32NEON},
	}
	out[1][1] = [4]Plane{
		{"cast16to8", 4, cast16to8in32NEON},
		{"cast16to16", 4, cast16to16in32NEON},
		{"cast16to32", 4, cast16to32in32NEON},
	}
	out[1][2] = [4]Plane{
		{"cast32to8", 4, cast32to8in32NEON},
		{"cast32to16", 4, cast32to16in32NEON},
		{"cast32to32", 4, cast32to32in32NEON},
	}
	out[2][0] = [4]Plane{
		{"cast8to8", 2, cast8to8in64NEON},
		{"cast8to16", 2, cast8to16in64NEON},
		{"cast8to32", 2, cast8to32in64NEON},
		{"cast8to64", 2, cast8to64in64NEON},
	}
	out[2][1] = [4]Plane{
		{"cast16to8", 2, cast16to8in64NEON},
		{"cast16to16", 2, cast16to16in64NEON},
		{"cast16to32", 2, cast16to32in64NEON},
		{"cast16to64", 2, cast16to64in64NEON},
	}
	out[2][2] = [4]Plane{
		{"cast32to8", 2, cast32to8in64NEON},
		{"cast32to16", 2, cast32to16in64NEON},
		{"cast32to32", 2, cast32to32in64NEON},
		{"cast32to64", 2, cast32to64in64NEON},
	}
	out[2][3] = [4]Plane{
		{"cast64to8", 2, cast64to8in64NEON},
		{"cast64to16", 2, cast64to16in64NEON},
		{"cast64to32", 2, cast64to32in64NEON},
		{"cast64to64", 2, cast64to64in64NEON},
	}
	return out
}

// widenNEON lists the sign extensions by source and destination.
func widenNEON() (out [3][4]Plane) {
	out[0][1] = Plane{"widen8to16", 8, widen8to16NEON}
	out[0][2] = Plane{"widen8to32", 4, widen8to32NEON}
	out[0][3] = Plane{"widen8to64", 2, widen8to64NEON}
	out[1][2] = Plane{"widen16to32", 4, widen16to32NEON}
	out[1][3] = Plane{"widen16to64", 2, widen16to64NEON}
	out[2][3] = Plane{"widen32to64", 2, widen32to64NEON}
	return out
}
