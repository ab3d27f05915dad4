// Package shim turns shims.toml into what a user has on disk: the manifest,
// the shim programs and one relative link per helper. It also lists and removes
// them. It refuses to overwrite or remove anything that pi-track did not make.
package shim
