package dbtest

import "syscall"

// room is how many bytes are free at a path; 0 when that cannot be told.
func room(path string) uint64 {
	var free syscall.Statfs_t
	if err := syscall.Statfs(path, &free); err != nil {
		return 0
	}
	return free.Bavail * uint64(free.Bsize)
}
