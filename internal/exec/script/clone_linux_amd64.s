//go:build !portable

#include "go_asm.h"
#include "textflag.h"

#define SYS_rt_sigprocmask 14
#define SYS_clone 56
#define SYS_exit_group 231
#define SIGSET_SIZE 8
#define SIG_SETMASK 2

// func clone(flags uintptr, first *Step) (pid int)
//
// The new process may share this memory and this stack, so it uses neither: it makes
// the system calls of the script, with all signals blocked, and never returns.
TEXT ·clone(SB),NOSPLIT,$0-24
	MOVQ	$SYS_rt_sigprocmask, AX
	MOVQ	$SIG_SETMASK, DI
	LEAQ	·allSignals(SB), SI
	LEAQ	·cloneMask(SB), DX
	MOVQ	$SIGSET_SIZE, R10
	SYSCALL
	MOVQ	flags+0(FP), DI
	MOVQ	first+8(FP), R12
	MOVQ	$0, SI
	MOVQ	$0, DX
	MOVQ	$0, R10
	MOVQ	$0, R8
	MOVQ	$SYS_clone, AX
	SYSCALL
	TESTQ	AX, AX
	JEQ	child
	MOVQ	AX, pid+16(FP)
	MOVQ	$SYS_rt_sigprocmask, AX
	MOVQ	$SIG_SETMASK, DI
	LEAQ	·cloneMask(SB), SI
	MOVQ	$0, DX
	MOVQ	$SIGSET_SIZE, R10
	SYSCALL
	RET
child:
	MOVQ	Step_NR(R12), AX
	CMPQ	AX, $const_JumpTo
	JEQ	jump
	CMPQ	AX, $const_SameResult
	JEQ	same
	MOVQ	Step_Args(R12), DI
	MOVQ	Step_Args+8(R12), SI
	MOVQ	Step_Args+16(R12), DX
	MOVQ	Step_Args+24(R12), R10
	MOVQ	Step_Args+32(R12), R8
	SYSCALL
	MOVQ	AX, R13
	MOVQ	Step_Result(R12), BX
	TESTQ	BX, BX
	JEQ	unstored
	MOVQ	AX, (BX)
unstored:
	MOVQ	Step_Mode(R12), BX
	CMPQ	BX, $const_MustSucceed
	JLT	advance // IgnoreResult
	JGT	compare
	CMPQ	AX, $-4095
	JCC	die // an error: unsigned >= -4095
	JMP	advance
compare:
	CMPQ	AX, Step_Args+32(R12)
	JEQ	advance
	CMPQ	BX, $const_MustEqual
	JEQ	die
	ADDQ	$Step__size, R12 // SkipUnlessEqual
advance:
	ADDQ	$Step__size, R12
	JMP	child
jump:
	MOVQ	Step_Args(R12), R12
	JMP	child
same:
	MOVQ	R13, AX // the result of the last call
	JMP	unstored
die:
	MOVQ	$SYS_exit_group, AX
	MOVQ	$127, DI
	SYSCALL
	JMP	die
