//go:build unix && (portable || !linux || !(amd64 || arm64))

package exec

import _ "unsafe" // for go:linkname

// InheritedEnv returns the environment byte for byte as it was handed to this
// process: duplicates, entries without "=" and their order included, which
// os.Environ loses.
func InheritedEnv() []string { return runtimeEnvs() }

// runtimeEnvs is what package syscall makes its environment of.
//
//go:linkname runtimeEnvs syscall.runtime_envs
func runtimeEnvs() []string
