package doctor

// Untried says of a system, named as GOOS is, that nobody has tried pi-track on it,
// "" of one where it was.
func Untried(goos string) string {
	if goos == "linux" {
		return ""
	}
	return "nobody has tried pi-track on " + goos
}

func (fs *findings) checkSystem(goos string) {
	if text := Untried(goos); text != "" {
		fs.note("system", "run 'pi-track doctor --self-test' and report what it prints", "%s", text)
	}
}
