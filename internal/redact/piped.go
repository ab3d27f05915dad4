package redact

import "strings"

// piped finds what is given to a program that reads a secret from its
// standard input: echo X | docker login --password-stdin, and <<< X.
func (f *finder) piped() {
	for _, reader := range stdin {
		eachIndex(f.text, strings.ReplaceAll(reader, ".", " "), func(at int) int {
			begin := max(at-commandMax, 0)
			if k := strings.LastIndexByte(f.text[begin:at], '\n'); k >= 0 {
				begin += k + 1
			}
			if !f.startsWord(at) || at+len(reader) < len(f.text) && isKey(f.text[at+len(reader)]) {
				return at + len(reader)
			}
			if pipe := strings.LastIndexByte(f.text[begin:at], '|'); pipe >= 0 {
				if between := strings.TrimSpace(f.text[begin+pipe+1 : at]); reader[0] == '-' || between == "" || strings.Contains(reader, ".") && identifier(between) || strings.HasPrefix(between, "sudo") || strings.HasSuffix(between, "/") {
					f.echoed(begin, begin+pipe)
				}
			}
			end := f.runMax(at, judgedMax, func(c byte) bool { return c != '\n' })
			if here := strings.Index(f.text[at:end], "<<<"); here >= 0 {
				if from, to, _ := f.argument(at+here+3, end); from >= 0 && to-from >= 3 && !placeholder(f.text[from:to]) {
					f.add(from, to, "flag")
				}
			}
			return at + len(reader)
		})
	}
}

// hereStrings finds what <<< gives to a command that speaks of a password, a token or its
// standard input.
func (f *finder) hereStrings() {
	eachIndex(f.text, "<<<", func(at int) int {
		begin := max(at-judgedMax, 0)
		command := fold(f.text[begin+strings.LastIndexByte(f.text[begin:at], '\n')+1 : at])
		if containsAny(command, "pass", "token", "secret", "stdin", "login") {
			if from, to, _ := f.argument(at+3, len(f.text)); from >= 0 && to-from >= 4 && !placeholder(f.text[from:to]) && !path(f.text[from:to]) {
				f.add(from, to, "flag")
			}
		}
		return at + 3
	})
}

// substitutions finds what a command inside of another prints for an option that speaks of
// a secret: --password-file <(echo X), --password-command 'echo X'.
func (f *finder) substitutions() {
	for _, program := range [...]string{"echo ", "printf "} {
		eachIndex(f.text, program, func(at int) int {
			before := f.text[max(at-48, 0):at]
			behind := at + len(program)
			if before == "" || !isQuote(before[len(before)-1]) && !strings.HasSuffix(before, "<(") && !strings.HasSuffix(before, "$(") {
				return behind
			}
			option := strings.TrimRight(before, "<($\"'` =")
			option = option[strings.LastIndexAny(option, " \n")+1:]
			if strings.IndexByte(option, '-') >= 0 && containsAny(fold(option), "pass", "secret", "token", "key", "auth") {
				end := f.runMax(behind, judgedMax, func(c byte) bool { return c != '\n' })
				f.echoed(at, end)
			}
			return behind
		})
	}
}

// echoed finds the arguments of the echo or printf that ends at end.
func (f *finder) echoed(begin, end int) {
	line := f.text[begin:end]
	at, name := -1, ""
	for _, program := range [...]string{"echo ", "printf ", "print ", "yes "} {
		if k := strings.LastIndex(line, program); k > at {
			at, name = k, program
		}
	}
	if here := strings.LastIndex(line, "<<<"); here >= 0 {
		at, name = here, "<<<"
	}
	if at < 0 {
		return
	}
	for i := begin + at + len(name); i < end; {
		from, to, next := f.argument(i, end)
		if from < 0 {
			return
		}
		v := f.text[from:to]
		if k := strings.Index(f.text[from:end], "}}"); k > 0 && strings.HasPrefix(v, "${{") {
			i = from + k + len("}}")
			continue
		}
		if len(v) >= 3 && v[0] != '-' && v[0] != '%' && !placeholder(v) {
			f.add(from, to, "flag")
		}
		i = max(next, i+1)
	}
}
