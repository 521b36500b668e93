//go:build amd64 && !purego

package vec

import "golang.org/x/sys/cpu"

// Sets lists the sets that this machine runs, slowest first.
func Sets() []Set {
	sets := []Set{scalar()}
	if cpu.X86.HasAVX2 {
		sets = append(sets, setAVX2())
	}
	if hasAVX512() {
		sets = append(sets, setAVX512())
	}
	if hasVNNI() {
		sets = append(sets, setVNNI())
	}
	return sets
}

// Missing names the instruction sets that this build has code for and this machine lacks.
func Missing() []string {
	var out []string
	for _, s := range []struct {
		name string
		has  bool
	}{{"AVX2", cpu.X86.HasAVX2}, {"AVX-512", hasAVX512()}, {"AVX-512 VNNI", hasVNNI()}} {
		if !s.has {
			out = append(out, s.name)
		}
	}
	return out
}

func hasAVX512() bool {
	return cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512VL
}

func hasVNNI() bool { return hasAVX512() && cpu.X86.HasAVX512VNNI }

func setAVX2() Set {
	return Set{
		Name:       "AVX2",
		MulHi16:    Sum{"mulHi16", 4, 32, 4, true, mulHi16AVX2},
		MulLo16:    Sum{"mulLo16", 4, 32, 4, true, mulLo16AVX2},
		Dot16:      Sum{"dot16", 4, 16, 4, false, dot16AVX2},
		Cut32:      Sum{"cut32", 4, 16, 4, false, cut32AVX2},
		Saturate32: Sum{"saturate32", 4, 16, 4, false, saturate32AVX2},
		Dot64:      Sum{"dot64", 4, 8, 8, false, dot64AVX2},
		Cut64:      Sum{"cut64", 4, 8, 8, false, cut64AVX2},
		Floor:      Steps{stepsFloorAVX2},
		Even:       Steps{stepsEvenAVX2},
		Up:         Steps{stepsUpAVX2},
		Pack16:     Plane{"pack16", 8, pack16AVX2},
		casts:      castsAVX2(),
		widen:      widenAVX2(),
		elements:   elementsAVX2(),
		looks:      looksAVX2(),
	}
}

func setAVX512() Set {
	return Set{
		Name:       "AVX-512",
		MulHi16:    Sum{"mulHi16", 8, 64, 4, true, mulHi16AVX512},
		MulLo16:    Sum{"mulLo16", 8, 64, 4, true, mulLo16AVX512},
		Dot16:      Sum{"dot16", 8, 32, 4, false, dot16AVX512},
		Cut32:      Sum{"cut32", 8, 32, 4, false, cut32AVX512},
		Saturate32: Sum{"saturate32", 8, 32, 4, false, saturate32AVX512},
		Dot64:      Sum{"dot64", 8, 16, 8, false, dot64AVX512},
		Cut64:      Sum{"cut64", 8, 16, 8, false, cut64AVX512},
		Saturate64: Sum{"saturate64", 8, 16, 8, false, saturate64AVX512},
		Floor:      Steps{stepsFloorAVX2},
		Even:       Steps{stepsEvenAVX2},
		Up:         Steps{stepsUpAVX2},
		Pack16:     Plane{"pack16", 16, pack16AVX512},
		casts:      castsAVX512(),
		widen:      widenAVX512(),
		elements:   elementsAVX512(),
		looks:      looksAVX512(),
	}
}

func setVNNI() Set {
	s := setAVX512()
	s.Name = "AVX-512 VNNI"
	s.Dot16 = Sum{"dot16", 8, 32, 4, false, dot16VNNI}
	return s
}
