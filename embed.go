// Package pitrack holds the files that the binaries carry with them.
package pitrack

import "embed"

// DefaultConfig is the shims.toml that is written when a user has none.
//
//go:embed shims.toml
var DefaultConfig []byte

// ExampleHelpers are the stand-ins for a user's helpers that the demo runs.
//
//go:embed examples/helpers/pi-job-start examples/helpers/pi-job-runner examples/helpers/pi-loop examples/helpers/remember-session examples/helpers/switch-session
var ExampleHelpers embed.FS

// EnvironmentPage is the reference of environment variables, in Markdown.
//
//go:embed docs/environment.md
var EnvironmentPage string

// License is pi-track's own license.
//
//go:embed LICENSE
var License string

// Notices are the licenses of the libraries that the programs link;
// scripts/notices writes them.
//
//go:embed NOTICES
var Notices string
