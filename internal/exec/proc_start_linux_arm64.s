//go:build !portable

// What must be done below Go on linux/arm64: look at the process before the runtime
// changes it.

#include "textflag.h"

#define SYS_fcntl 25
#define SYS_sched_setaffinity 122
#define SYS_sched_getaffinity 123
#define SYS_rt_sigaction 134
#define SYS_rt_sigprocmask 135
#define SYS_rt_sigtimedwait 137
#define SYS_prctl 167
#define SYS_getcpu 168
#define SYS_prlimit64 261

#define F_GETFD 1
#define PR_GET_SECCOMP 21
#define PR_SET_TIMERSLACK 29
#define PR_GET_TIMERSLACK 30
#define RLIMIT_NOFILE 7
#define RLIMIT_AS 9
#define RLIMIT_DATA 2
#define SIGSET_SIZE 8
#define SIG_BLOCK 0
#define SIGINFO_SIZE 128
// The size of startAffinity in bytes.
#define AFFINITY_SIZE 128

// pitrack_shimEntry is pitrack_entry for a program that starts often and does
// little; see the amd64 version.
TEXT pitrack_shimEntry(SB),NOSPLIT|NOFRAME,$0
	BL	liftLimits<>(SB)
	MOVD	·startAS(SB), R9
	MOVD	·startData(SB), R10
	AND	R9, R10
	CMN	$1, R10
	BEQ	unlimited
	MOVD	RSP, R9
	MOVD	$·noG(SB), g
	SUB	$32, RSP
	MOVD	R9, 8(RSP)
	CALL	·executeDirectly(SB)
	ADD	$32, RSP
unlimited:
	MOVD	RSP, R9
	SUB	$32, R9, R10 // stays aligned
	MOVD	R10, RSP
	MOVD	(R9), R11
	ADD	$2, R11
move:
	MOVD.P	8(R9), R12
	MOVD.P	R12, 8(R10)
	SUB	$1, R11
	CBNZ	R11, move
	MOVD	·oneP(SB), R9
	MOVD	R9, (R10)
	MOVD	·leanRuntime(SB), R9
	MOVD	R9, 8(R10)
	MOVD	·noMemoryLimit(SB), R9
	MOVD	R9, 16(R10)
	MOVD	·usualCollection(SB), R9
	MOVD	R9, 24(R10)
	MOVD	$4, R9
	MOVD	R9, ·startAdded(SB)
	MOVD	$PR_GET_TIMERSLACK, R0
	MOVD	$SYS_prctl, R8
	SVC
	MOVD	R0, ·startSlack(SB)
	MOVD	$PR_SET_TIMERSLACK, R0
	MOVD	·quietSlack(SB), R1
	SVC
	MOVD	$PR_GET_SECCOMP, R0
	SVC
	CBNZ	R0, everywhere // a filter may kill who sets an affinity
	MOVD	$0, R0
	MOVD	$AFFINITY_SIZE, R1
	MOVD	$·startAffinity(SB), R2
	MOVD	$SYS_sched_getaffinity, R8
	SVC
	CMP	$0, R0
	BLE	everywhere // there are more processors
	MOVD	R0, R19
	MOVD	$·startScratch(SB), R0
	MOVD	$0, R1
	MOVD	$0, R2
	MOVD	$SYS_getcpu, R8
	SVC
	MOVWU	·startScratch(SB), R9
	MOVD	$1, R10
	LSL	R9, R10, R10 // modulo 64
	LSR	$6, R9, R9
	MOVD	$·oneProcessor(SB), R2
	MOVD	R10, (R2)(R9<<3)
	MOVD	$0, R0
	MOVD	R19, R1
	MOVD	$SYS_sched_setaffinity, R8
	SVC
	CBNZ	R0, everywhere
	MOVD	R19, ·startAffinitySize(SB)
everywhere:
	JMP	pitrack_entry(SB)

// pitrack_entry is the entry point of the executable (see rt0_linux_arm64.s).
// It records what the runtime is about to change and jumps to the runtime's
// own entry point, which looks at the stack only.
TEXT pitrack_entry(SB),NOSPLIT|NOFRAME,$0
	MOVD	RSP, R9
	MOVD	R9, ·startStack(SB)
	MOVD	·startAdded(SB), R9
	CBNZ	R9, lifted
	BL	liftLimits<>(SB)
lifted:
	MOVD	$·startScratch(SB), R20

	MOVD	$1, R19 // which signals are ignored
	MOVD	$0, R21
nextSignal:
	MOVD	R19, R0
	MOVD	$0, R1
	MOVD	R20, R2
	MOVD	$SIGSET_SIZE, R3
	MOVD	$SYS_rt_sigaction, R8
	SVC
	CBNZ	R0, notIgnored
	MOVD	(R20), R9
	CMP	$1, R9 // SIG_IGN
	BNE	notIgnored
	SUB	$1, R19, R9
	MOVD	$1, R10
	LSL	R9, R10, R10
	ORR	R10, R21, R21
notIgnored:
	ADD	$1, R19
	CMP	$65, R19
	BLT	nextSignal
	MOVD	R21, ·startIgnored(SB)

	MOVD	$0, R0 // which are blocked
	MOVD	$0, R1
	MOVD	$·startBlocked(SB), R2
	MOVD	$SIGSET_SIZE, R3
	MOVD	$SYS_rt_sigprocmask, R8
	SVC
	// Block the signals that keep their order: of the threads to come only
	// the one that unblocks them takes them.
	MOVD	$·oneThread(SB), R1
	MOVD	·startAdded(SB), R9
	CBZ	R9, block
	MOVD	$·untilCaught(SB), R1
block:
	MOVD	$SIG_BLOCK, R0
	MOVD	$0, R2
	MOVD	$SIGSET_SIZE, R3
	MOVD	$SYS_rt_sigprocmask, R8
	SVC

	// Take out what is blocked and pending: the runtime unblocks some and
	// would die of them.
	MOVD	$0, R19
	MOVD	$·startPending(SB), R21
nextPending:
	MOVD	$-1, R9
	MOVD	R9, (R20) // all signals
	MOVD	ZR, 8(R20) // no waiting
	MOVD	ZR, 16(R20)
	MOVD	R20, R0
	MOVD	R21, R1
	ADD	$8, R20, R2
	MOVD	$SIGSET_SIZE, R3
	MOVD	$SYS_rt_sigtimedwait, R8
	SVC
	CMP	$0, R0
	BLE	noPending
	ADD	$SIGINFO_SIZE, R21
	ADD	$1, R19
	CMP	$16, R19 // len(startPending)
	BLT	nextPending
noPending:
	MOVD	R19, ·startPendingCount(SB)

	MOVD	$0, R19 // which standard descriptors are closed
	MOVD	$0, R21
nextDescriptor:
	MOVD	R19, R0
	MOVD	$F_GETFD, R1
	MOVD	$0, R2
	MOVD	$SYS_fcntl, R8
	SVC
	CMP	$0, R0
	BGE	descriptorOpen
	MOVD	$1, R10
	LSL	R19, R10, R10
	ORR	R10, R21, R21
descriptorOpen:
	ADD	$1, R19
	CMP	$3, R19
	BLT	nextDescriptor
	MOVD	R21, ·startClosed(SB)

	MOVD	$0, R0 // the limits
	MOVD	$RLIMIT_NOFILE, R1
	MOVD	$0, R2
	MOVD	$·startNoFile(SB), R3
	MOVD	$SYS_prlimit64, R8
	SVC
	// No descriptors for shimEntry's runtime; see the amd64 version.
	MOVD	·startAdded(SB), R9
	CBZ	R9, limited
	MOVD	·startClosed(SB), R9
	CBNZ	R9, limited
	MOVD	·startNoFile+8(SB), R9
	CMP	$3, R9
	BLT	limited
	MOVD	ZR, (R20)
	MOVD	R9, 8(R20)
	MOVD	$0, R0
	MOVD	$RLIMIT_NOFILE, R1
	MOVD	R20, R2
	MOVD	$0, R3
	MOVD	$SYS_prlimit64, R8
	SVC
limited:
	JMP	_rt0_arm64(SB)

// liftLimits lifts the limits of address space and data; see the amd64 version.
TEXT liftLimits<>(SB),NOSPLIT|NOFRAME,$0
	MOVD	R30, R22
	MOVD	$RLIMIT_AS, R19
	MOVD	$·startAS(SB), R21
	BL	lift<>(SB)
	MOVD	$RLIMIT_DATA, R19
	MOVD	$·startData(SB), R21
	BL	lift<>(SB)
	MOVD	R22, R30
	RET

// lift puts the limit R19 where R21 points to and lifts it for this process: for
// all if we may, else to the hard limit.
TEXT lift<>(SB),NOSPLIT|NOFRAME,$0
	MOVD	$·startScratch(SB), R20
	MOVD	$0, R0
	MOVD	R19, R1
	MOVD	$0, R2
	MOVD	R21, R3
	MOVD	$SYS_prlimit64, R8
	SVC
	MOVD	(R21), R9
	CMN	$1, R9
	BEQ	lifted
	MOVD	$-1, R9
	MOVD	R9, (R20)
	MOVD	R9, 8(R20)
	MOVD	$0, R0
	MOVD	R20, R2
	MOVD	$0, R3
	SVC
	CBZ	R0, lifted
	MOVD	8(R21), R9
	MOVD	R9, (R20)
	MOVD	R9, 8(R20)
	MOVD	$0, R0
	SVC
lifted:
	RET
