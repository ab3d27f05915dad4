//go:build !portable

// What must be done below Go on linux/amd64: look at the process before the runtime
// changes it.

#include "textflag.h"

#define SYS_rt_sigaction 13
#define SYS_rt_sigprocmask 14
#define SYS_fcntl 72
#define SYS_rt_sigtimedwait 128
#define SYS_prctl 157
#define SYS_arch_prctl 158
#define SYS_sched_setaffinity 203
#define SYS_sched_getaffinity 204
#define SYS_prlimit64 302
#define SYS_getcpu 309

#define F_GETFD 1
#define PR_GET_SECCOMP 21
#define PR_SET_TIMERSLACK 29
#define PR_GET_TIMERSLACK 30
#define RLIMIT_NOFILE 7
#define RLIMIT_AS 9
#define RLIMIT_DATA 2
#define ARCH_SET_FS 0x1002
#define SIGSET_SIZE 8
#define SIG_BLOCK 0
#define SIGINFO_SIZE 128
// The size of startAffinity in bytes.
#define AFFINITY_SIZE 128

// pitrack_shimEntry is the entry point of a program that starts often and does
// little; like pitrack_entry it stands in the program's rt0_linux_amd64.s. The
// names have no package, since an assembler cannot spell ours from elsewhere:
// "pi-track" holds a hyphen. It lets the runtime start with one
// processor and without what it does for profiles, and keeps from it a GODEBUG
// of the caller's, which may ask it to print. Of two variables with one name the
// runtime takes the first, so it is shown four more before all others: argc, argv
// and its NULL move down on the stack by four words to make room. Nobody else
// sees that; /proc/PID/environ lies elsewhere. The threads of the runtime inherit
// a large timer slack, which keeps them quiet, and the processor that this one is
// on: a processor that sleeps takes longer to wake than they work. See asFound.
TEXT pitrack_shimEntry(SB),NOSPLIT|NOFRAME,$0
	CALL	liftLimits<>(SB)
	MOVQ	·startAS(SB), AX
	ANDQ	·startData(SB), AX
	CMPQ	AX, $-1
	JEQ	unlimited
	// A runtime may not be able to start: see executeDirectly. A Go function may
	// look at g, and finds it in the thread's memory.
	LEAQ	·noG(SB), AX
	MOVQ	AX, ·noThread(SB)
	MOVQ	$SYS_arch_prctl, AX
	MOVQ	$ARCH_SET_FS, DI
	LEAQ	·noThread+8(SB), SI
	SYSCALL
	MOVQ	SP, AX
	SUBQ	$16, SP
	MOVQ	AX, 0(SP)
	CALL	·executeDirectly(SB)
	ADDQ	$16, SP
unlimited:
	MOVQ	SP, SI
	SUBQ	$32, SP // stays aligned
	MOVQ	SP, DI
	MOVQ	0(SI), CX
	ADDQ	$2, CX
	CLD
	REP; MOVSQ
	MOVQ	·oneP(SB), AX
	MOVQ	AX, 0(DI)
	MOVQ	·leanRuntime(SB), AX
	MOVQ	AX, 8(DI)
	MOVQ	·noMemoryLimit(SB), AX
	MOVQ	AX, 16(DI)
	MOVQ	·usualCollection(SB), AX
	MOVQ	AX, 24(DI)
	MOVQ	$4, ·startAdded(SB)
	MOVQ	$SYS_prctl, AX
	MOVQ	$PR_GET_TIMERSLACK, DI
	SYSCALL
	MOVQ	AX, ·startSlack(SB)
	MOVQ	$SYS_prctl, AX
	MOVQ	$PR_SET_TIMERSLACK, DI
	MOVQ	·quietSlack(SB), SI
	SYSCALL
	MOVQ	$SYS_prctl, AX
	MOVQ	$PR_GET_SECCOMP, DI
	SYSCALL
	TESTQ	AX, AX
	JNE	everywhere // a filter may kill who sets an affinity
	MOVQ	$SYS_sched_getaffinity, AX
	MOVQ	$0, DI
	MOVQ	$AFFINITY_SIZE, SI
	LEAQ	·startAffinity(SB), DX
	SYSCALL
	TESTQ	AX, AX
	JLE	everywhere // there are more processors
	MOVQ	AX, R13
	MOVQ	$SYS_getcpu, AX
	LEAQ	·startScratch(SB), DI
	MOVQ	$0, SI
	MOVQ	$0, DX
	SYSCALL
	MOVL	·startScratch(SB), CX
	LEAQ	·oneProcessor(SB), DX
	BTSQ	CX, (DX)
	MOVQ	$SYS_sched_setaffinity, AX
	MOVQ	$0, DI
	MOVQ	R13, SI
	SYSCALL
	TESTQ	AX, AX
	JNE	everywhere
	MOVQ	R13, ·startAffinitySize(SB)
everywhere:
	JMP	pitrack_entry(SB)

// pitrack_entry is an entry point of the executable (see rt0_linux_amd64.s).
// It records what the runtime is about to change and jumps to the runtime's
// own entry point with every register it looks at unchanged.
TEXT pitrack_entry(SB),NOSPLIT|NOFRAME,$0
	MOVQ	SP, ·startStack(SB)
	MOVQ	DX, R12 // the runtime hands it to nobody, but it is not ours
	CMPQ	·startAdded(SB), $0
	JNE	lifted
	CALL	liftLimits<>(SB)
lifted:

	MOVQ	$1, R13 // which signals are ignored
nextSignal:
	MOVQ	$SYS_rt_sigaction, AX
	MOVQ	R13, DI
	MOVQ	$0, SI
	LEAQ	·startScratch(SB), DX
	MOVQ	$SIGSET_SIZE, R10
	SYSCALL
	TESTQ	AX, AX
	JNE	notIgnored
	CMPQ	·startScratch(SB), $1 // SIG_IGN
	JNE	notIgnored
	LEAQ	-1(R13), CX
	MOVQ	$1, BX
	SHLQ	CX, BX
	ORQ	BX, ·startIgnored(SB)
notIgnored:
	INCQ	R13
	CMPQ	R13, $65
	JLT	nextSignal

	MOVQ	$SYS_rt_sigprocmask, AX // which are blocked
	MOVQ	$0, DI
	MOVQ	$0, SI
	LEAQ	·startBlocked(SB), DX
	MOVQ	$SIGSET_SIZE, R10
	SYSCALL
	// Block the signals that keep their order: of the threads to come only
	// the one that unblocks them takes them. shimEntry's program catches all
	// itself; until then the runtime would take some more and forget them.
	MOVQ	$SYS_rt_sigprocmask, AX
	MOVQ	$SIG_BLOCK, DI
	LEAQ	·oneThread(SB), SI
	CMPQ	·startAdded(SB), $0
	JEQ	block
	LEAQ	·untilCaught(SB), SI
block:
	MOVQ	$0, DX
	MOVQ	$SIGSET_SIZE, R10
	SYSCALL

	// Take out what is blocked and pending: the runtime unblocks some and
	// would die of them.
	MOVQ	$0, R13
	LEAQ	·startPending(SB), R14
nextPending:
	MOVQ	$-1, AX
	MOVQ	AX, ·startScratch(SB) // all signals
	MOVQ	$0, ·startScratch+8(SB) // no waiting
	MOVQ	$0, ·startScratch+16(SB)
	MOVQ	$SYS_rt_sigtimedwait, AX
	LEAQ	·startScratch(SB), DI
	MOVQ	R14, SI
	LEAQ	·startScratch+8(SB), DX
	MOVQ	$SIGSET_SIZE, R10
	SYSCALL
	TESTQ	AX, AX
	JLE	noPending
	ADDQ	$SIGINFO_SIZE, R14
	INCQ	R13
	CMPQ	R13, $16 // len(startPending)
	JLT	nextPending
noPending:
	MOVQ	R13, ·startPendingCount(SB)

	MOVQ	$0, R13 // which standard descriptors are closed
nextDescriptor:
	MOVQ	$SYS_fcntl, AX
	MOVQ	R13, DI
	MOVQ	$F_GETFD, SI
	MOVQ	$0, DX
	SYSCALL
	TESTQ	AX, AX
	JGE	descriptorOpen
	MOVQ	R13, CX
	MOVQ	$1, BX
	SHLQ	CX, BX
	ORQ	BX, ·startClosed(SB)
descriptorOpen:
	INCQ	R13
	CMPQ	R13, $3
	JLT	nextDescriptor

	MOVQ	$SYS_prlimit64, AX // the limits
	MOVQ	$0, DI
	MOVQ	$RLIMIT_NOFILE, SI
	MOVQ	$0, DX
	LEAQ	·startNoFile(SB), R10
	SYSCALL
	// shimEntry's program needs no descriptor before main. A runtime that gets
	// none does not read through /proc/self/mountinfo for a limit on processors.
	// Package syscall raises the soft limit to the hard one at its init.
	CMPQ	·startAdded(SB), $0
	JEQ	limited
	CMPQ	·startClosed(SB), $0 // the runtime has to open these
	JNE	limited
	CMPQ	·startNoFile+8(SB), $3
	JLT	limited // it would not be raised
	MOVQ	$0, ·startScratch(SB)
	MOVQ	·startNoFile+8(SB), AX
	MOVQ	AX, ·startScratch+8(SB)
	MOVQ	$SYS_prlimit64, AX
	MOVQ	$0, DI
	MOVQ	$RLIMIT_NOFILE, SI
	LEAQ	·startScratch(SB), DX
	MOVQ	$0, R10
	SYSCALL
limited:
	MOVQ	R12, DX
	JMP	_rt0_amd64(SB)

// liftLimits lifts limits that keep the runtime from starting: of the address
// space, of which it reserves more than a small limit allows, and of data.
TEXT liftLimits<>(SB),NOSPLIT|NOFRAME,$0
	MOVQ	$RLIMIT_AS, R14
	LEAQ	·startAS(SB), R15
	CALL	lift<>(SB)
	MOVQ	$RLIMIT_DATA, R14
	LEAQ	·startData(SB), R15
	JMP	lift<>(SB)

// lift puts the limit R14 where R15 points to and lifts it for this process: for
// all if we may, else to the hard limit.
TEXT lift<>(SB),NOSPLIT|NOFRAME,$0
	MOVQ	$SYS_prlimit64, AX
	MOVQ	$0, DI
	MOVQ	R14, SI
	MOVQ	$0, DX
	MOVQ	R15, R10
	SYSCALL
	CMPQ	(R15), $-1
	JEQ	lifted
	MOVQ	$-1, AX
	MOVQ	AX, ·startScratch(SB)
	MOVQ	AX, ·startScratch+8(SB)
	MOVQ	$SYS_prlimit64, AX
	LEAQ	·startScratch(SB), DX
	MOVQ	$0, R10
	SYSCALL
	TESTQ	AX, AX
	JEQ	lifted
	MOVQ	8(R15), AX
	MOVQ	AX, ·startScratch(SB)
	MOVQ	AX, ·startScratch+8(SB)
	MOVQ	$SYS_prlimit64, AX
	SYSCALL
lifted:
	RET
