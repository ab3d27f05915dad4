package ship

import "golang.org/x/sys/unix"

func mount(dir string) error { return unix.Mount("tmpfs", dir, "tmpfs", 0, "size=128k") }
