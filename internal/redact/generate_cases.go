//go:build ignore

package main

func (t *table) cases() []byte { return []byte("[]\n") }
