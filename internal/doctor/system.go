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
		fs.note("system", "see 'macOS and the BSDs' in docs/supervision.md, and report what differs there", "%s", text)
	}
}
