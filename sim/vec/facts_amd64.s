//go:build amd64 && !purego

#include "textflag.h"

// How many lanes are below low or above high: p holds both, a register each.

#define BEYOND(greater, add) \
	MOVQ src+0(FP), AX; \
	MOVQ n+8(FP), CX; \
	MOVQ p+16(FP), BX; \
	MOVQ out+24(FP), DX; \
	VMOVDQU 0(BX), Y0; \
	VMOVDQU 32(BX), Y1; \
	VPXOR Y2, Y2, Y2; \
beyond: \
	VMOVDQU (AX), Y4; \
	greater Y4, Y0, Y5; \
	greater Y1, Y4, Y6; \
	VPOR Y5, Y6, Y5; \
	add Y5, Y2, Y2; \
	ADDQ $32, AX; \
	DECQ CX; \
	JNE beyond; \
	VMOVDQU Y2, 0(DX); \
	VZEROUPPER; \
	RET

// The least, the greatest, the bits of any, and the zeros of a run of lanes, lane by lane of one register
// each: Y0 to Y3.

#define FACTS(min, max, equal, sub) \
	MOVQ src+0(FP), AX; \
	MOVQ n+8(FP), CX; \
	MOVQ out+16(FP), DX; \
	VMOVDQU (AX), Y0; \
	VMOVDQU (AX), Y1; \
	VPXOR Y2, Y2, Y2; \
	VPXOR Y3, Y3, Y3; \
	VPXOR Y5, Y5, Y5; \
loop: \
	VMOVDQU (AX), Y4; \
	min Y4, Y0, Y0; \
	max Y4, Y1, Y1; \
	VPOR Y4, Y2, Y2; \
	equal Y5, Y4, Y6; \
	sub Y6, Y3, Y3; \
	ADDQ $32, AX; \
	DECQ CX; \
	JNE loop; \
	VMOVDQU Y0, 0(DX); \
	VMOVDQU Y1, 32(DX); \
	VMOVDQU Y2, 64(DX); \
	VMOVDQU Y3, 96(DX); \
	VZEROUPPER; \
	RET

// func facts8AVX2(src *byte, n int64, out *byte)
TEXT ·facts8AVX2(SB), NOSPLIT, $0-24
	FACTS(VPMINSB, VPMAXSB, VPCMPEQB, VPSUBB)

// func facts16AVX2(src *byte, n int64, out *byte)
TEXT ·facts16AVX2(SB), NOSPLIT, $0-24
	FACTS(VPMINSW, VPMAXSW, VPCMPEQW, VPSUBW)

// func facts32AVX2(src *byte, n int64, out *byte)
TEXT ·facts32AVX2(SB), NOSPLIT, $0-24
	FACTS(VPMINSD, VPMAXSD, VPCMPEQD, VPSUBD)

// Of floats: the least and the greatest number, and how many are zero, beyond Limits.Low and High, and within
// Limits.TinyLow and TinyHigh. What is no number is passed over.

// func floatsAVX2(src *float32, n int64, limits *float32, out *byte)
TEXT ·floatsAVX2(SB), NOSPLIT, $0-32
	MOVQ src+0(FP), AX
	MOVQ n+8(FP), CX
	MOVQ limits+16(FP), BX
	MOVQ out+24(FP), DX
	VBROADCASTSS 0(BX), Y10
	VBROADCASTSS 4(BX), Y11
	VBROADCASTSS 8(BX), Y12
	VBROADCASTSS 12(BX), Y13
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3
	VPXOR Y4, Y4, Y4
	VXORPS Y5, Y5, Y5

floats:
	VMOVUPS (AX), Y6
	VMINPS Y0, Y6, Y0
	VMAXPS Y1, Y6, Y1
	VCMPPS $0, Y5, Y6, Y7
	VPSUBD Y7, Y2, Y2
	VCMPPS $1, Y10, Y6, Y7
	VCMPPS $13, Y11, Y6, Y8
	VORPS Y7, Y8, Y7
	VPSUBD Y7, Y3, Y3
	VCMPPS $13, Y12, Y6, Y7
	VCMPPS $1, Y13, Y6, Y8
	VANDPS Y7, Y8, Y7
	VPSUBD Y7, Y4, Y4
	ADDQ $32, AX
	DECQ CX
	JNE floats
	VMOVUPS Y0, 0(DX)
	VMOVUPS Y1, 32(DX)
	VMOVDQU Y2, 64(DX)
	VMOVDQU Y3, 96(DX)
	VMOVDQU Y4, 128(DX)
	VZEROUPPER
	RET

// func beyond16AVX2(src *byte, n int64, p, out *byte)
TEXT ·beyond16AVX2(SB), NOSPLIT, $0-32
	BEYOND(VPCMPGTW, VPSUBW)

// func beyond32AVX2(src *byte, n int64, p, out *byte)
TEXT ·beyond32AVX2(SB), NOSPLIT, $0-32
	BEYOND(VPCMPGTD, VPSUBD)
