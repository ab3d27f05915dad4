// Package pitrack holds the files that the binaries carry with them.
package pitrack

import _ "embed"

// DefaultConfig is the shims.toml that is written when a user has none.
//
//go:embed shims.toml
var DefaultConfig []byte
