//go:build !noentry && !portable && !go1.27

// The program begins in the entry point of internal/exec. Package main is linked
// first, and of two definitions the linker keeps the first if that is DUPOK: this
// one takes the place of the runtime's. The linker of Go 1.27 keeps the other
// one. -tags noentry leaves this one out.

#include "textflag.h"

TEXT _rt0_amd64_linux(SB),NOSPLIT|NOFRAME|DUPOK,$0
	JMP	pitrack_entry(SB)
