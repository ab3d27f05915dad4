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
