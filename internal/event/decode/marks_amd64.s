#include "textflag.h"

// Sixteen times a quote, a backslash and the last control character.
DATA quotes<>+0(SB)/8, $0x2222222222222222
DATA quotes<>+8(SB)/8, $0x2222222222222222
GLOBL quotes<>(SB), RODATA|NOPTR, $16
DATA backs<>+0(SB)/8, $0x5c5c5c5c5c5c5c5c
DATA backs<>+8(SB)/8, $0x5c5c5c5c5c5c5c5c
GLOBL backs<>(SB), RODATA|NOPTR, $16
DATA space<>+0(SB)/8, $0x2020202020202020
DATA space<>+8(SB)/8, $0x2020202020202020
GLOBL space<>(SB), RODATA|NOPTR, $16

// MARK16 leaves the marks of the 16 bytes at off in the low bits of reg.
// As signed bytes, control characters and what is beyond ASCII are less than
// a blank.
#define MARK16(off, reg) \
	MOVOU off(SI), X0; \
	MOVOU X0, X1; \
	MOVOU X7, X2; \
	PCMPEQB X5, X1; \
	PCMPGTB X0, X2; \
	PCMPEQB X6, X0; \
	POR X1, X2; \
	POR X0, X2; \
	PMOVMSKB X2, reg

// func markSSE2(m *uint64, b *byte, words int)
TEXT ·markSSE2(SB), NOSPLIT, $0-24
	MOVQ m+0(FP), DI
	MOVQ b+8(FP), SI
	MOVQ words+16(FP), CX
	MOVOU quotes<>(SB), X5
	MOVOU backs<>(SB), X6
	MOVOU space<>(SB), X7

loop:
	MARK16(0, AX)
	MARK16(16, BX)
	MARK16(32, R8)
	MARK16(48, R9)
	SHLQ $16, BX
	SHLQ $32, R8
	SHLQ $48, R9
	ORQ BX, AX
	ORQ R9, R8
	ORQ R8, AX
	MOVQ AX, (DI)
	ADDQ $64, SI
	ADDQ $8, DI
	DECQ CX
	JNZ loop
	RET

// MARK32 leaves the marks of the 32 bytes at off in the low bits of reg, in the
// way of MARK16; Y1 to Y3 are used.
#define MARK32(off, reg) \
	VMOVDQU off(SI), Y1; \
	VPCMPEQB Y5, Y1, Y2; \
	VPCMPGTB Y1, Y7, Y3; \
	VPCMPEQB Y6, Y1, Y1; \
	VPOR Y2, Y3, Y3; \
	VPOR Y1, Y3, Y3; \
	VPMOVMSKB Y3, reg

// func markAVX2(m *uint64, b *byte, words int)
TEXT ·markAVX2(SB), NOSPLIT, $0-24
	MOVQ m+0(FP), DI
	MOVQ b+8(FP), SI
	MOVQ words+16(FP), CX
	VBROADCASTI128 quotes<>(SB), Y5
	VBROADCASTI128 backs<>(SB), Y6
	VBROADCASTI128 space<>(SB), Y7

wide:
	MARK32(0, AX)
	MARK32(32, BX)
	SHLQ $32, BX
	ORQ BX, AX
	MOVQ AX, (DI)
	ADDQ $64, SI
	ADDQ $8, DI
	DECQ CX
	JNZ wide
	VZEROUPPER
	RET

// func cpuid(leaf uint32) (b, c uint32)
TEXT ·cpuid(SB), NOSPLIT, $0-16
	MOVL leaf+0(FP), AX
	XORL CX, CX
	CPUID
	MOVL BX, b+8(FP)
	MOVL CX, c+12(FP)
	RET

// func xgetbv() uint32
TEXT ·xgetbv(SB), NOSPLIT, $0-4
	XORL CX, CX
	XGETBV
	MOVL AX, ret+0(FP)
	RET
