package discover

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"regexp"
	"strings"

	"pi-track/internal/safefile"
)

// maxLine bounds a line that is read, in bytes; longer ones are passed over.
const maxLine = 16 << 20

// Count adds the calls in Pi's session files and in the shell histories to the
// candidates and orders them by use.
func Count(all []Candidate, sessions, histories []string) []Candidate {
	index := map[string]int{}
	for i, c := range all {
		index[c.Name] = i
	}
	each := func(command string, add func(*Candidate)) {
		for _, name := range programs(command) {
			if i, ok := index[name]; ok {
				add(&all[i])
			}
		}
	}
	for _, file := range sessions {
		lines(file, func(line []byte) {
			for _, command := range commands(line) {
				each(command, func(c *Candidate) { c.Pi++ })
			}
		})
	}
	for _, file := range histories {
		lines(file, func(line []byte) {
			each(historyCommand(string(line)), func(c *Candidate) { c.Shell++ })
		})
	}
	return sorted(all)
}

// commands are what a line of a Pi session ran in a shell: calls of the bash
// tool, and what the user typed behind !.
func commands(line []byte) []string {
	if !bytes.Contains(line, []byte(`"bash`)) {
		return nil
	}
	var entry struct {
		Message struct {
			Role    string
			Command string
			Content json.RawMessage
		}
	}
	if json.Unmarshal(line, &entry) != nil {
		return nil
	}
	if entry.Message.Role == "bashExecution" {
		return []string{entry.Message.Command}
	}
	var calls []struct {
		Type, Name string
		Arguments  struct{ Command string }
	}
	_ = json.Unmarshal(entry.Message.Content, &calls) // content may be plain text
	var out []string
	for _, c := range calls {
		if c.Type == "toolCall" && c.Name == "bash" {
			out = append(out, c.Arguments.Command)
		}
	}
	return out
}

// prefix is what zsh (with times) and fish put before a command.
var prefix = regexp.MustCompile(`^(: \d+:\d+;|- cmd: )`)

// historyCommand is the command of a line of a shell's history.
func historyCommand(line string) string {
	if strings.HasPrefix(line, "  when: ") || strings.HasPrefix(line, "#") {
		return "" // fish's and bash's times
	}
	return prefix.ReplaceAllString(line, "")
}

// lines calls do with every line of a regular file; one that cannot be read has
// none.
func lines(file string, do func([]byte)) {
	f, err := safefile.Open(file, safefile.LimitOfText)
	if err != nil {
		return
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 64<<10)
	var line []byte
	skip := false
	for {
		part, err := r.ReadSlice('\n')
		if !skip {
			line = append(line, part...)
		}
		skip = skip || len(line) > maxLine
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if !skip {
			do(bytes.TrimRight(line, "\r\n"))
		}
		line, skip = line[:0], false
		if err != nil {
			return
		}
	}
}

// Projects are the working directories of Pi's sessions, each once, in the order
// of the files.
func Projects(sessions []string) []string {
	var dirs []string
	seen := map[string]bool{}
	for _, file := range sessions {
		if cwd := workingDirectory(file); cwd != "" && !seen[cwd] {
			seen[cwd] = true
			dirs = append(dirs, cwd)
		}
	}
	return dirs
}

// workingDirectory is what the first line of a session file says, "" for none.
func workingDirectory(file string) string {
	f, err := safefile.Open(file, safefile.NoLimit)
	if err != nil {
		return ""
	}
	defer f.Close()
	line, _ := bufio.NewReaderSize(io.LimitReader(f, 64<<10), 64<<10).ReadBytes('\n')
	var head struct{ Cwd string }
	_ = json.Unmarshal(line, &head) // a file that is no session names none
	return head.Cwd
}

// ProjectDirs are the directories that hold programs of the projects alone:
// .pi/bin, and those that a PATH_add in .envrc names plainly, for direnv.
func ProjectDirs(projects []string) []string {
	var dirs []string
	for _, project := range projects {
		dirs = append(dirs, filepath.Join(project, ".pi/bin"))
		lines(filepath.Join(project, ".envrc"), func(line []byte) {
			words := strings.Fields(string(line))
			if len(words) < 2 || words[0] != "PATH_add" {
				return
			}
			for _, dir := range words[1:] {
				dir = strings.Trim(dir, `"'`)
				if strings.ContainsAny(dir, "$`~*:") {
					continue // only a shell knows
				}
				if !filepath.IsAbs(dir) {
					dir = filepath.Join(project, dir)
				}
				dirs = append(dirs, filepath.Clean(dir))
			}
		})
	}
	return dirs
}
