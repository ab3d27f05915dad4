package box

// Elsewhere is false: a log on a mount that hangs is waited for here.
func Elsewhere(_, _ string) bool { return false }
