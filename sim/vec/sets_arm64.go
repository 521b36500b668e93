//go:build arm64 && !purego

package vec

// Sets lists the sets that this machine runs, slowest first. Every machine that Go supports has NEON.
func Sets() []Set { return []Set{scalar(), setNEON()} }

// Missing names the instruction sets that this build has code for and this machine lacks.
func Missing() []string { return nil }

func setNEON() Set {
	return Set{
		Name:       "NEON",
		MulHi16:    Sum{"mulHi16", 4, 32, 4, true, mulHi16NEON},
		MulLo16:    Sum{"mulLo16", 4, 32, 4, true, mulLo16NEON},
		Dot16:      Sum{"dot16", 4, 16, 4, false, dot16NEON},
		Cut32:      Sum{"cut32", 4, 16, 4, false, cut32NEON},
		Saturate32: Sum{"saturate32", 4, 16, 4, false, saturate32NEON},
		Dot64:      Sum{"dot64", 4, 8, 8, false, dot64NEON},
		Cut64:      Sum{"cut64", 4, 8, 8, false, cut64NEON},
		Saturate64: Sum{"saturate64", 4, 8, 8, false, saturate64NEON},
		Floor:      Steps{stepsFloorNEON},
		Even:       Steps{stepsEvenNEON},
		Up:         Steps{stepsUpNEON},
		Pack16:     Plane{"pack16", 8, pack16NEON},
		casts:      castsNEON(),
		widen:      widenNEON(),
	}
}
