//go:build !portable

#include "go_asm.h"
#include "textflag.h"

#define SYS_rt_sigprocmask 135
#define SYS_clone 220
#define SYS_exit_group 94
#define SIGSET_SIZE 8
#define SIG_SETMASK 2

// func clone(flags uintptr, first *Step) (pid int)
//
// The new process may share this memory and this stack, so it uses neither: it makes
// the system calls of the script, with all signals blocked, and never returns.
TEXT ·clone(SB),NOSPLIT,$0-24
	MOVD	$SIG_SETMASK, R0
	MOVD	$·allSignals(SB), R1
	MOVD	$·cloneMask(SB), R2
	MOVD	$SIGSET_SIZE, R3
	MOVD	$SYS_rt_sigprocmask, R8
	SVC
	MOVD	flags+0(FP), R0
	MOVD	first+8(FP), R19
	MOVD	$0, R1
	MOVD	$0, R2
	MOVD	$0, R3
	MOVD	$0, R4
	MOVD	$SYS_clone, R8
	SVC
	CBZ	R0, child
	MOVD	R0, pid+16(FP)
	MOVD	$SIG_SETMASK, R0
	MOVD	$·cloneMask(SB), R1
	MOVD	$0, R2
	MOVD	$SIGSET_SIZE, R3
	MOVD	$SYS_rt_sigprocmask, R8
	SVC
	RET
child:
	MOVD	Step_NR(R19), R8
	CMP	$const_JumpTo, R8
	BEQ	jump
	CMP	$const_SameResult, R8
	BEQ	same
	MOVD	Step_Args(R19), R0
	MOVD	Step_Args+8(R19), R1
	MOVD	Step_Args+16(R19), R2
	MOVD	Step_Args+24(R19), R3
	MOVD	Step_Args+32(R19), R4
	SVC
	MOVD	R0, R20
	MOVD	Step_Result(R19), R9
	CBZ	R9, unstored
	MOVD	R0, (R9)
unstored:
	MOVD	Step_Mode(R19), R9
	CBZ	R9, advance // IgnoreResult
	CMP	$const_MustSucceed, R9
	BNE	compare
	CMN	$4095, R0
	BHS	die // an error: unsigned >= -4095
	B	advance
compare:
	MOVD	Step_Args+32(R19), R10
	CMP	R10, R0
	BEQ	advance
	CMP	$const_MustEqual, R9
	BEQ	die
	ADD	$Step__size, R19 // SkipUnlessEqual
advance:
	ADD	$Step__size, R19
	B	child
jump:
	MOVD	Step_Args(R19), R19
	B	child
same:
	MOVD	R20, R0 // the result of the last call
	B	unstored
die:
	MOVD	$127, R0
	MOVD	$SYS_exit_group, R8
	SVC
	B	die
