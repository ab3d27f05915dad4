// Package arm64 holds the smoke checks of the programs for linux/arm64: on another
// machine QEMU's user emulation runs them, started by the kernel as on an arm64
// machine, so that shims are found on PATH and the programs start each other.
// `make conformance-arm64` is the whole suite.
package arm64
