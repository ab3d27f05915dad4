package doctor

// untried says of a system that nobody has tried pi-track on it, "" of one where
// it was.
func untried(goos string) string {
	if goos == "linux" {
		return ""
	}
	return "nobody has tried pi-track on " + goos
}

func (fs *findings) checkSystem(goos string) {
	if text := untried(goos); text != "" {
		fs.note("system", "run 'pi-track doctor --self-test' and report what it prints", "%s", text)
	}
}
