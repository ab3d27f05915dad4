//go:build !portable

// What takes a signal with its siginfo on linux/amd64.

#include "textflag.h"

#define SYS_write 1
#define SYS_rt_sigaction 13
#define SYS_rt_sigreturn 15
#define SIGSET_SIZE 8
#define SIGINFO_SIZE 128
#define SI_TKILL -6
#define SIG_DEAFEN 33
// Where a ucontext_t has uc_sigmask.
#define UC_SIGMASK 296
// The signals that a fault raises: ILL TRAP BUS FPE SEGV.
#define FAULTS 0x9b0

// handler(sig=DI, info=SI, context=DX) runs on the thread's signal stack. It
// writes the siginfo to signalPipe. A fault of our own goes back to the
// runtime's handler: the faulting instruction is run again. A thread that this
// process has told so (deafen) goes on with all signals blocked.
TEXT ·handler(SB),NOSPLIT|NOFRAME,$0
	MOVLQSX	8(SI), AX // si_code: positive if raised by the kernel
	CMPQ	AX, $0
	JLE	sent
	CMPQ	DI, $32
	JGE	record
	MOVQ	$FAULTS, AX
	BTQ	DI, AX
	JCC	record
	MOVQ	DI, AX
	SHLQ	$5, AX
	LEAQ	·runtimeActions(SB), SI
	ADDQ	AX, SI
	MOVQ	$0, DX
	MOVQ	$SIGSET_SIZE, R10
	MOVQ	$SYS_rt_sigaction, AX
	SYSCALL
	RET
sent:
	CMPQ	DI, $SIG_DEAFEN
	JNE	record
	CMPQ	AX, $SI_TKILL
	JNE	record
	MOVL	16(SI), AX // si_pid
	CMPL	AX, ·deafened(SB)
	JNE	record
	MOVQ	·deafMask(SB), AX
	MOVQ	AX, UC_SIGMASK(DX)
	RET
record:
	MOVLQSX	·signalPipe(SB), DI
	MOVQ	$SIGINFO_SIZE, DX
	MOVQ	$SYS_write, AX
	SYSCALL
	RET

// restorer is where the kernel lets a handler return to.
TEXT ·restorer(SB),NOSPLIT|NOFRAME,$0
	MOVQ	$SYS_rt_sigreturn, AX
	SYSCALL
	INT	$3

// func handlerAddresses() (handler, restorer uintptr)
TEXT ·handlerAddresses(SB),NOSPLIT,$0-16
	LEAQ	·handler(SB), AX
	MOVQ	AX, handler+0(FP)
	LEAQ	·restorer(SB), AX
	MOVQ	AX, restorer+8(FP)
	RET
