package mount

import (
	"bytes"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Cwd stands for the working directory in the place of a descriptor.
const Cwd = unix.AT_FDCWD

// Of looks at an open file.
func Of(fd int) (Info, error) { return look(fd, "", unix.AT_EMPTY_PATH) }

// At looks at the file at path, on a way that does not hang.
func At(path string) (Info, error) { return look(Cwd, path, 0) }

func look(dir int, path string, flags int) (Info, error) {
	var st unix.Statx_t
	err := unix.Statx(dir, path, flags|unix.AT_STATX_DONT_SYNC, unix.STATX_BASIC_STATS|unix.STATX_MNT_ID, &st)
	switch err {
	case nil:
	case unix.ENOSYS, unix.EPERM: // an old kernel, or a sandbox that knows no statx
		return lookOld(dir, path, flags)
	default:
		return Info{}, err
	}
	i := Info{
		Mode: uint32(st.Mode), Ino: st.Ino, Size: int64(st.Size),
		Dev: unix.Mkdev(st.Dev_major, st.Dev_minor), Rdev: unix.Mkdev(st.Rdev_major, st.Rdev_minor),
	}
	if st.Mask&unix.STATX_MNT_ID != 0 {
		i.mount = st.Mnt_id
	}
	return i, nil
}

func lookOld(dir int, path string, flags int) (Info, error) {
	var st unix.Stat_t
	err := unix.Fstatat(dir, path, &st, flags)
	return Info{Mode: st.Mode, Ino: st.Ino, Size: st.Size, Dev: uint64(st.Dev), Rdev: uint64(st.Rdev)}, err
}

// resolveCached is RESOLVE_CACHED of openat2(2), Linux 5.12.
const resolveCached = 0x20

// Open opens the file at path as a mere place (O_PATH), without following a
// link at its end, if the kernel can do so from memory. An older kernel cannot
// be asked: the error is then ENOSYS or EINVAL.
func Open(dir int, path string) (fd int, err error) {
	how := unix.OpenHow{
		Flags:   unix.O_PATH | unix.O_NOFOLLOW | unix.O_CLOEXEC,
		Resolve: resolveCached,
	}
	return unix.Openat2(dir, path, &how)
}

// Parent opens the directory that holds the directory dir, as a mere place.
func Parent(dir int) (fd int, err error) {
	fd, err = Open(dir, "..")
	if err == unix.ENOSYS || err == unix.EINVAL {
		fd, err = unix.Openat(dir, "..", unix.O_PATH|unix.O_CLOEXEC, 0)
	}
	return fd, err
}

// inKernel are the file systems that ask nobody but the kernel and a disk.
var inKernel = []string{
	"bcachefs", "btrfs", "cgroup", "cgroup2", "devpts", "devtmpfs", "erofs", "exfat", "ext2", "ext3", "ext4", "f2fs",
	"hugetlbfs", "iso9660", "jfs", "mqueue", "nilfs2", "ntfs3", "overlay", "proc", "ramfs", "reiserfs", "rootfs", "squashfs", "sysfs", "tmpfs", "udf", "vfat", "xfs", "zfs",
}

// MayHang tells whether a system call on the file may wait for ever. It does
// not on the file system that safe is on, nor on one that the kernel has to
// itself. What cannot be told may hang.
func MayHang(i, safe Info) bool {
	if i.Dev == safe.Dev {
		return false
	}
	kind := kindOf(i.mount)
	for _, k := range inKernel {
		if k == kind {
			return false
		}
	}
	return true
}

// kindOf is the type of the file system of a mount, proc_pid_mountinfo(5):
// "36 35 98:0 / /mnt rw master:1 - ext3 /dev/sda rw". It is "" if it is not
// in the table, as that of another namespace.
func kindOf(mount uint64) string {
	if mount == 0 {
		return ""
	}
	table := readTable()
	start := strconv.FormatUint(mount, 10) + " "
	for len(table) > 0 {
		line, rest, _ := bytes.Cut(table, []byte{'\n'})
		table = rest
		if !bytes.HasPrefix(line, []byte(start)) {
			continue
		}
		_, kind, _ := strings.Cut(string(line), " - ")
		kind, _, _ = strings.Cut(kind, " ")
		return kind
	}
	return ""
}

// tableMax bounds what is read of the table of mounts.
const tableMax = 1 << 20

func readTable() []byte {
	fd, err := syscall.Open("/proc/self/mountinfo", syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	defer syscall.Close(fd)
	table := make([]byte, 0, 16<<10)
	for len(table) < tableMax {
		if len(table) == cap(table) {
			table = append(table, 0)[:len(table)]
		}
		n, err := syscall.Read(fd, table[len(table):cap(table)])
		if err == syscall.EINTR {
			continue
		}
		if err != nil || n <= 0 {
			break
		}
		table = table[:len(table)+n]
	}
	return table
}
