//go:build amd64 && !purego

#include "textflag.h"

// Loops that look at planes and reduce what they find to a few numbers. All take n registers of lanes, at
// least one, from src on.

// Operations on three registers, as arguments of the macros below. AVX2 has no least and greatest of 64 bits;
// Y15 is lost there.
#define MINB(a, b, c) VPMINSB a, b, c
#define MAXB(a, b, c) VPMAXSB a, b, c
#define MINW(a, b, c) VPMINSW a, b, c
#define MAXW(a, b, c) VPMAXSW a, b, c
#define MIND(a, b, c) VPMINSD a, b, c
#define MAXD(a, b, c) VPMAXSD a, b, c
#define MINQ(a, b, c) VPMINSQ a, b, c
#define MAXQ(a, b, c) VPMAXSQ a, b, c
#define LESSQ(a, b, c) \
	VPCMPGTQ a, b, Y15; \
	VBLENDVPD Y15, a, b, c
#define MOREQ(a, b, c) \
	VPCMPGTQ b, a, Y15; \
	VBLENDVPD Y15, a, b, c
#define ORS(a, b, c) VPOR a, b, c
#define MINF(a, b, c) VMINPS a, b, c
#define MAXF(a, b, c) VMAXPS a, b, c

// One register's lanes to its lowest one; X14 is lost. Every step halves what counts.
#define FOLD512(op, z, y) \
	VEXTRACTI64X4 $1, z, Y14; \
	op(Y14, y, y)
#define FOLD64(op, y, x) \
	VEXTRACTI128 $1, y, X14; \
	op(Y14, y, y); \
	VPSRLDQ $8, x, X14; \
	op(Y14, y, y)
#define FOLD32(op, y, x) \
	FOLD64(op, y, x); \
	VPSRLDQ $4, x, X14; \
	op(Y14, y, y)
#define FOLD16(op, y, x) \
	FOLD32(op, y, x); \
	VPSRLDQ $2, x, X14; \
	op(Y14, y, y)
#define FOLD8(op, y, x) \
	FOLD16(op, y, x); \
	VPSRLDQ $1, x, X14; \
	op(Y14, y, y)

// The lowest lane, sign-extended, to a field of the result.
#define FIELD(x, extend, at) \
	VMOVQ x, BX; \
	extend BX, BX; \
	MOVQ BX, at(DX)

// The least and the greatest value. Two pairs of registers take turns; the second pair starts with the last
// values, which so are done where their number is odd.
#define ENDS512(min, max, fold, extend) \
	MOVQ src+0(FP), AX; \
	MOVQ n+8(FP), CX; \
	MOVQ out+16(FP), DX; \
	MOVQ CX, BX; \
	SHLQ $6, BX; \
	VMOVDQU64 (AX), Z0; \
	VMOVDQA64 Z0, Z1; \
	VMOVDQU64 -64(AX)(BX*1), Z2; \
	VMOVDQA64 Z2, Z3; \
	SHRQ $1, CX; \
	JEQ done; \
loop: \
	VMOVDQU64 (AX), Z4; \
	VMOVDQU64 64(AX), Z5; \
	min(Z4, Z0, Z0); \
	max(Z4, Z1, Z1); \
	min(Z5, Z2, Z2); \
	max(Z5, Z3, Z3); \
	ADDQ $128, AX; \
	DECQ CX; \
	JNE loop; \
done: \
	min(Z2, Z0, Z0); \
	max(Z3, Z1, Z1); \
	FOLD512(min, Z0, Y0); \
	FOLD512(max, Z1, Y1); \
	fold(min, Y0, X0); \
	fold(max, Y1, X1); \
	FIELD(X0, extend, 0); \
	FIELD(X1, extend, 8); \
	VZEROUPPER; \
	RET

#define ENDS256(min, max, fold, extend) \
	MOVQ src+0(FP), AX; \
	MOVQ n+8(FP), CX; \
	MOVQ out+16(FP), DX; \
	MOVQ CX, BX; \
	SHLQ $5, BX; \
	VMOVDQU (AX), Y0; \
	VMOVDQU Y0, Y1; \
	VMOVDQU -32(AX)(BX*1), Y2; \
	VMOVDQU Y2, Y3; \
	SHRQ $1, CX; \
	JEQ done; \
loop: \
	VMOVDQU (AX), Y4; \
	VMOVDQU 32(AX), Y5; \
	min(Y4, Y0, Y0); \
	max(Y4, Y1, Y1); \
	min(Y5, Y2, Y2); \
	max(Y5, Y3, Y3); \
	ADDQ $64, AX; \
	DECQ CX; \
	JNE loop; \
done: \
	min(Y2, Y0, Y0); \
	max(Y3, Y1, Y1); \
	fold(min, Y0, X0); \
	fold(max, Y1, X1); \
	FIELD(X0, extend, 0); \
	FIELD(X1, extend, 8); \
	VZEROUPPER; \
	RET

// The ends, the bits of any value, and how many are zero.
#define FACTS512(min, max, fold, extend, none, mask) \
	MOVQ src+0(FP), AX; \
	MOVQ n+8(FP), CX; \
	MOVQ out+16(FP), DX; \
	VMOVDQU64 (AX), Z0; \
	VMOVDQA64 Z0, Z1; \
	VMOVDQA64 Z0, Z2; \
	XORQ R8, R8; \
loop: \
	VMOVDQU64 (AX), Z4; \
	min(Z4, Z0, Z0); \
	max(Z4, Z1, Z1); \
	VPORQ Z4, Z2, Z2; \
	none Z4, Z4, K1; \
	mask K1, BX; \
	POPCNTQ BX, BX; \
	ADDQ BX, R8; \
	ADDQ $64, AX; \
	DECQ CX; \
	JNE loop; \
	FOLD512(min, Z0, Y0); \
	FOLD512(max, Z1, Y1); \
	FOLD512(ORS, Z2, Y2); \
	fold(min, Y0, X0); \
	fold(max, Y1, X1); \
	fold(ORS, Y2, X2); \
	FIELD(X0, extend, 0); \
	FIELD(X1, extend, 8); \
	FIELD(X2, extend, 16); \
	MOVQ R8, 24(DX); \
	VZEROUPPER; \
	RET

#define FACTS256(min, max, fold, extend, equal, bytes) \
	MOVQ src+0(FP), AX; \
	MOVQ n+8(FP), CX; \
	MOVQ out+16(FP), DX; \
	VMOVDQU (AX), Y0; \
	VMOVDQU Y0, Y1; \
	VMOVDQU Y0, Y2; \
	VPXOR Y5, Y5, Y5; \
	XORQ R8, R8; \
loop: \
	VMOVDQU (AX), Y4; \
	min(Y4, Y0, Y0); \
	max(Y4, Y1, Y1); \
	VPOR Y4, Y2, Y2; \
	equal Y5, Y4, Y6; \
	VPMOVMSKB Y6, BX; \
	POPCNTL BX, BX; \
	ADDQ BX, R8; \
	ADDQ $32, AX; \
	DECQ CX; \
	JNE loop; \
	fold(min, Y0, X0); \
	fold(max, Y1, X1); \
	fold(ORS, Y2, X2); \
	FIELD(X0, extend, 0); \
	FIELD(X1, extend, 8); \
	FIELD(X2, extend, 16); \
	SHRQ $bytes, R8; \
	MOVQ R8, 24(DX); \
	VZEROUPPER; \
	RET

// How many values are from low to high; TINY leaves zeros out.
#define WITHIN512(spread, compare, mask) \
	MOVQ src+0(FP), AX; \
	MOVQ n+8(FP), CX; \
	spread low+16(FP), Z0; \
	spread high+24(FP), Z1; \
	XORQ R8, R8; \
loop: \
	VMOVDQU64 (AX), Z4; \
	compare $5, Z0, Z4, K1; \
	compare $2, Z1, Z4, K1, K2; \
	mask K2, BX; \
	POPCNTQ BX, BX; \
	ADDQ BX, R8; \
	ADDQ $64, AX; \
	DECQ CX; \
	JNE loop; \
	MOVQ R8, ret+32(FP); \
	VZEROUPPER; \
	RET

#define TINY512(spread, compare, some, mask) \
	MOVQ src+0(FP), AX; \
	MOVQ n+8(FP), CX; \
	spread low+16(FP), Z0; \
	spread high+24(FP), Z1; \
	XORQ R8, R8; \
loop: \
	VMOVDQU64 (AX), Z4; \
	compare $5, Z0, Z4, K1; \
	compare $2, Z1, Z4, K1, K2; \
	some Z4, Z4, K2, K3; \
	mask K3, BX; \
	POPCNTQ BX, BX; \
	ADDQ BX, R8; \
	ADDQ $64, AX; \
	DECQ CX; \
	JNE loop; \
	MOVQ R8, ret+32(FP); \
	VZEROUPPER; \
	RET

// Of AVX2: the bytes of those that are not, taken from all.
#define WITHIN256(spread, greater, bytes) \
	MOVQ src+0(FP), AX; \
	MOVQ n+8(FP), CX; \
	spread low+16(FP), Y0; \
	spread high+24(FP), Y1; \
	MOVQ CX, R8; \
	SHLQ $5, R8; \
loop: \
	VMOVDQU (AX), Y4; \
	greater Y4, Y0, Y5; \
	greater Y1, Y4, Y6; \
	VPOR Y5, Y6, Y5; \
	VPMOVMSKB Y5, BX; \
	POPCNTL BX, BX; \
	SUBQ BX, R8; \
	ADDQ $32, AX; \
	DECQ CX; \
	JNE loop; \
	SHRQ $bytes, R8; \
	MOVQ R8, ret+32(FP); \
	VZEROUPPER; \
	RET

#define TINY256(spread, greater, equal, bytes) \
	MOVQ src+0(FP), AX; \
	MOVQ n+8(FP), CX; \
	spread low+16(FP), Y0; \
	spread high+24(FP), Y1; \
	VPXOR Y2, Y2, Y2; \
	MOVQ CX, R8; \
	SHLQ $5, R8; \
loop: \
	VMOVDQU (AX), Y4; \
	greater Y4, Y0, Y5; \
	greater Y1, Y4, Y6; \
	VPOR Y5, Y6, Y5; \
	equal Y2, Y4, Y6; \
	VPOR Y5, Y6, Y5; \
	VPMOVMSKB Y5, BX; \
	POPCNTL BX, BX; \
	SUBQ BX, R8; \
	ADDQ $32, AX; \
	DECQ CX; \
	JNE loop; \
	SHRQ $bytes, R8; \
	MOVQ R8, ret+32(FP); \
	VZEROUPPER; \
	RET

// func ends8AVX2(src *byte, n int64, out *Facts)
TEXT ·ends8AVX2(SB), NOSPLIT, $0-24
	ENDS256(MINB, MAXB, FOLD8, MOVBQSX)

// func ends16AVX2(src *byte, n int64, out *Facts)
TEXT ·ends16AVX2(SB), NOSPLIT, $0-24
	ENDS256(MINW, MAXW, FOLD16, MOVWQSX)

// func ends32AVX2(src *byte, n int64, out *Facts)
TEXT ·ends32AVX2(SB), NOSPLIT, $0-24
	ENDS256(MIND, MAXD, FOLD32, MOVLQSX)

// func ends64AVX2(src *byte, n int64, out *Facts)
TEXT ·ends64AVX2(SB), NOSPLIT, $0-24
	ENDS256(LESSQ, MOREQ, FOLD64, MOVQ)

// func ends8AVX512(src *byte, n int64, out *Facts)
TEXT ·ends8AVX512(SB), NOSPLIT, $0-24
	ENDS512(MINB, MAXB, FOLD8, MOVBQSX)

// func ends16AVX512(src *byte, n int64, out *Facts)
TEXT ·ends16AVX512(SB), NOSPLIT, $0-24
	ENDS512(MINW, MAXW, FOLD16, MOVWQSX)

// func ends32AVX512(src *byte, n int64, out *Facts)
TEXT ·ends32AVX512(SB), NOSPLIT, $0-24
	ENDS512(MIND, MAXD, FOLD32, MOVLQSX)

// func ends64AVX512(src *byte, n int64, out *Facts)
TEXT ·ends64AVX512(SB), NOSPLIT, $0-24
	ENDS512(MINQ, MAXQ, FOLD64, MOVQ)

// func facts8AVX2(src *byte, n int64, out *Facts)
TEXT ·facts8AVX2(SB), NOSPLIT, $0-24
	FACTS256(MINB, MAXB, FOLD8, MOVBQSX, VPCMPEQB, 0)

// func facts16AVX2(src *byte, n int64, out *Facts)
TEXT ·facts16AVX2(SB), NOSPLIT, $0-24
	FACTS256(MINW, MAXW, FOLD16, MOVWQSX, VPCMPEQW, 1)

// func facts32AVX2(src *byte, n int64, out *Facts)
TEXT ·facts32AVX2(SB), NOSPLIT, $0-24
	FACTS256(MIND, MAXD, FOLD32, MOVLQSX, VPCMPEQD, 2)

// func facts64AVX2(src *byte, n int64, out *Facts)
TEXT ·facts64AVX2(SB), NOSPLIT, $0-24
	FACTS256(LESSQ, MOREQ, FOLD64, MOVQ, VPCMPEQQ, 3)

// func facts8AVX512(src *byte, n int64, out *Facts)
TEXT ·facts8AVX512(SB), NOSPLIT, $0-24
	FACTS512(MINB, MAXB, FOLD8, MOVBQSX, VPTESTNMB, KMOVQ)

// func facts16AVX512(src *byte, n int64, out *Facts)
TEXT ·facts16AVX512(SB), NOSPLIT, $0-24
	FACTS512(MINW, MAXW, FOLD16, MOVWQSX, VPTESTNMW, KMOVD)

// func facts32AVX512(src *byte, n int64, out *Facts)
TEXT ·facts32AVX512(SB), NOSPLIT, $0-24
	FACTS512(MIND, MAXD, FOLD32, MOVLQSX, VPTESTNMD, KMOVW)

// func facts64AVX512(src *byte, n int64, out *Facts)
TEXT ·facts64AVX512(SB), NOSPLIT, $0-24
	FACTS512(MINQ, MAXQ, FOLD64, MOVQ, VPTESTNMQ, KMOVB)

// func within8AVX2(src *byte, n, low, high int64) int64
TEXT ·within8AVX2(SB), NOSPLIT, $0-40
	WITHIN256(VPBROADCASTB, VPCMPGTB, 0)

// func within16AVX2(src *byte, n, low, high int64) int64
TEXT ·within16AVX2(SB), NOSPLIT, $0-40
	WITHIN256(VPBROADCASTW, VPCMPGTW, 1)

// func within32AVX2(src *byte, n, low, high int64) int64
TEXT ·within32AVX2(SB), NOSPLIT, $0-40
	WITHIN256(VPBROADCASTD, VPCMPGTD, 2)

// func within64AVX2(src *byte, n, low, high int64) int64
TEXT ·within64AVX2(SB), NOSPLIT, $0-40
	WITHIN256(VPBROADCASTQ, VPCMPGTQ, 3)

// func within8AVX512(src *byte, n, low, high int64) int64
TEXT ·within8AVX512(SB), NOSPLIT, $0-40
	WITHIN512(VPBROADCASTB, VPCMPB, KMOVQ)

// func within16AVX512(src *byte, n, low, high int64) int64
TEXT ·within16AVX512(SB), NOSPLIT, $0-40
	WITHIN512(VPBROADCASTW, VPCMPW, KMOVD)

// func within32AVX512(src *byte, n, low, high int64) int64
TEXT ·within32AVX512(SB), NOSPLIT, $0-40
	WITHIN512(VPBROADCASTD, VPCMPD, KMOVW)

// func within64AVX512(src *byte, n, low, high int64) int64
TEXT ·within64AVX512(SB), NOSPLIT, $0-40
	WITHIN512(VPBROADCASTQ, VPCMPQ, KMOVB)

// func tiny8AVX2(src *byte, n, low, high int64) int64
TEXT ·tiny8AVX2(SB), NOSPLIT, $0-40
	TINY256(VPBROADCASTB, VPCMPGTB, VPCMPEQB, 0)

// func tiny16AVX2(src *byte, n, low, high int64) int64
TEXT ·tiny16AVX2(SB), NOSPLIT, $0-40
	TINY256(VPBROADCASTW, VPCMPGTW, VPCMPEQW, 1)

// func tiny32AVX2(src *byte, n, low, high int64) int64
TEXT ·tiny32AVX2(SB), NOSPLIT, $0-40
	TINY256(VPBROADCASTD, VPCMPGTD, VPCMPEQD, 2)

// func tiny64AVX2(src *byte, n, low, high int64) int64
TEXT ·tiny64AVX2(SB), NOSPLIT, $0-40
	TINY256(VPBROADCASTQ, VPCMPGTQ, VPCMPEQQ, 3)

// func tiny8AVX512(src *byte, n, low, high int64) int64
TEXT ·tiny8AVX512(SB), NOSPLIT, $0-40
	TINY512(VPBROADCASTB, VPCMPB, VPTESTMB, KMOVQ)

// func tiny16AVX512(src *byte, n, low, high int64) int64
TEXT ·tiny16AVX512(SB), NOSPLIT, $0-40
	TINY512(VPBROADCASTW, VPCMPW, VPTESTMW, KMOVD)

// func tiny32AVX512(src *byte, n, low, high int64) int64
TEXT ·tiny32AVX512(SB), NOSPLIT, $0-40
	TINY512(VPBROADCASTD, VPCMPD, VPTESTMD, KMOVW)

// func tiny64AVX512(src *byte, n, low, high int64) int64
TEXT ·tiny64AVX512(SB), NOSPLIT, $0-40
	TINY512(VPBROADCASTQ, VPCMPQ, VPTESTMQ, KMOVB)

// Of floats, which may be no numbers: those are beyond and tiny never, and do not count for the ends.

// The ends, zero included, and how many are from low to below high and not zero.

// func floatsAVX512(src *float32, n int64, low, high float32, out *FloatFacts)
TEXT ·floatsAVX512(SB), NOSPLIT, $0-32
	MOVQ src+0(FP), AX
	MOVQ n+8(FP), CX
	VBROADCASTSS low+16(FP), Z10
	VBROADCASTSS high+20(FP), Z11
	MOVQ out+24(FP), DX
	VPXORQ Z0, Z0, Z0
	VPXORQ Z1, Z1, Z1
	VPXORQ Z5, Z5, Z5
	XORQ R8, R8

loop:
	VMOVUPS (AX), Z6
	VMINPS Z0, Z6, Z0
	VMAXPS Z1, Z6, Z1
	VCMPPS $13, Z10, Z6, K1
	VCMPPS $1, Z11, Z6, K1, K2
	VCMPPS $4, Z5, Z6, K2, K3
	KMOVW K3, BX
	POPCNTQ BX, BX
	ADDQ BX, R8
	ADDQ $64, AX
	DECQ CX
	JNE loop
	FOLD512(MINF, Z0, Y0)
	FOLD512(MAXF, Z1, Y1)
	FOLD32(MINF, Y0, X0)
	FOLD32(MAXF, Y1, X1)
	VMOVSS X0, 0(DX)
	VMOVSS X1, 4(DX)
	MOVQ R8, 8(DX)
	VZEROUPPER
	RET

// func floatsAVX2(src *float32, n int64, low, high float32, out *FloatFacts)
TEXT ·floatsAVX2(SB), NOSPLIT, $0-32
	MOVQ src+0(FP), AX
	MOVQ n+8(FP), CX
	VBROADCASTSS low+16(FP), Y10
	VBROADCASTSS high+20(FP), Y11
	MOVQ out+24(FP), DX
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y5, Y5, Y5
	XORQ R8, R8

loop:
	VMOVUPS (AX), Y6
	VMINPS Y0, Y6, Y0
	VMAXPS Y1, Y6, Y1
	VCMPPS $13, Y10, Y6, Y7
	VCMPPS $1, Y11, Y6, Y8
	VANDPS Y7, Y8, Y7
	VCMPPS $4, Y5, Y6, Y8
	VANDPS Y7, Y8, Y7
	VMOVMSKPS Y7, BX
	POPCNTL BX, BX
	ADDQ BX, R8
	ADDQ $32, AX
	DECQ CX
	JNE loop
	FOLD32(MINF, Y0, X0)
	FOLD32(MAXF, Y1, X1)
	VMOVSS X0, 0(DX)
	VMOVSS X1, 4(DX)
	MOVQ R8, 8(DX)
	VZEROUPPER
	RET

// How many are below low or from high on.

// func beyondAVX512(src *float32, n int64, low, high float32) int64
TEXT ·beyondAVX512(SB), NOSPLIT, $0-32
	MOVQ src+0(FP), AX
	MOVQ n+8(FP), CX
	VBROADCASTSS low+16(FP), Z10
	VBROADCASTSS high+20(FP), Z11
	XORQ R8, R8

loop:
	VMOVUPS (AX), Z6
	VCMPPS $1, Z10, Z6, K1
	VCMPPS $13, Z11, Z6, K2
	KORW K1, K2, K1
	KMOVW K1, BX
	POPCNTQ BX, BX
	ADDQ BX, R8
	ADDQ $64, AX
	DECQ CX
	JNE loop
	MOVQ R8, ret+24(FP)
	VZEROUPPER
	RET

// func beyondAVX2(src *float32, n int64, low, high float32) int64
TEXT ·beyondAVX2(SB), NOSPLIT, $0-32
	MOVQ src+0(FP), AX
	MOVQ n+8(FP), CX
	VBROADCASTSS low+16(FP), Y10
	VBROADCASTSS high+20(FP), Y11
	XORQ R8, R8

loop:
	VMOVUPS (AX), Y6
	VCMPPS $1, Y10, Y6, Y7
	VCMPPS $13, Y11, Y6, Y8
	VORPS Y7, Y8, Y7
	VMOVMSKPS Y7, BX
	POPCNTL BX, BX
	ADDQ BX, R8
	ADDQ $32, AX
	DECQ CX
	JNE loop
	MOVQ R8, ret+24(FP)
	VZEROUPPER
	RET
