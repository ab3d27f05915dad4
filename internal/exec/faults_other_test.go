//go:build !linux || portable || !(amd64 || arm64)

package exec_test

// killUndumpable does nothing: only Linux's supervisor asks to be undumpable.
func killUndumpable() error { return nil }

// makeLate does nothing: only Linux's supervisor has a gate.
func makeLate() {}
