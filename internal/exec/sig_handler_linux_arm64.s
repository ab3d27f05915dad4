//go:build !portable

// What takes a signal with its siginfo on linux/arm64.

#include "textflag.h"

#define SYS_write 64
#define SYS_rt_sigaction 134
#define SYS_rt_sigreturn 139
#define SIGSET_SIZE 8
#define SIGINFO_SIZE 128
#define SIG_DEAFEN 33
// Where a ucontext_t has uc_sigmask.
#define UC_SIGMASK 40
// The signals that a fault raises: ILL TRAP BUS FPE SEGV.
#define FAULTS 0x9b0

// handler(sig=R0, info=R1, context=R2) runs on the thread's signal stack. It
// writes the siginfo to signalPipe. A fault of our own goes back to the
// runtime's handler: the faulting instruction is run again. A thread that this
// process has told so (deafen) goes on with all signals blocked.
TEXT ·handler(SB),NOSPLIT|NOFRAME,$0
	MOVW	8(R1), R9 // si_code: positive if raised by the kernel
	CMP	$0, R9
	BLE	sent
	CMP	$32, R0
	BGE	record
	MOVD	$FAULTS, R10
	LSR	R0, R10, R10
	TBZ	$0, R10, record
	LSL	$5, R0, R10
	MOVD	$·runtimeActions(SB), R1
	ADD	R10, R1
	MOVD	$0, R2
	MOVD	$SIGSET_SIZE, R3
	MOVD	$SYS_rt_sigaction, R8
	SVC
	RET
sent:
	CMP	$SIG_DEAFEN, R0
	BNE	record
	CMN	$6, R9 // SI_TKILL
	BNE	record
	MOVW	16(R1), R9 // si_pid
	MOVW	·deafened(SB), R10
	CMPW	R9, R10
	BNE	record
	MOVD	·deafMask(SB), R9
	MOVD	R9, UC_SIGMASK(R2)
	RET
record:
	MOVW	·signalPipe(SB), R0
	MOVD	$SIGINFO_SIZE, R2
	MOVD	$SYS_write, R8
	SVC
	RET

// restorer is where the kernel lets a handler return to.
TEXT ·restorer(SB),NOSPLIT|NOFRAME,$0
	MOVD	$SYS_rt_sigreturn, R8
	SVC
	BRK

// func handlerAddresses() (handler, restorer uintptr)
TEXT ·handlerAddresses(SB),NOSPLIT,$0-16
	MOVD	$·handler(SB), R0
	MOVD	R0, handler+0(FP)
	MOVD	$·restorer(SB), R0
	MOVD	R0, restorer+8(FP)
	RET
