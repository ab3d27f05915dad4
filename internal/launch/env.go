package launch

import "strings"

// getenv returns the value of the first entry for key, "" for none.
func getenv(env []string, key string) string {
	for _, kv := range env {
		if len(kv) > len(key) && kv[len(key)] == '=' && kv[:len(key)] == key {
			return kv[len(key)+1:]
		}
	}
	return ""
}

// searchPath is PATH, or what execvp(3) searches where there is no such variable.
func searchPath(env []string) string {
	for _, kv := range env {
		if path, ok := strings.CutPrefix(kv, "PATH="); ok {
			return path
		}
	}
	return "/bin:/usr/bin"
}

// setenv returns env with key set to value: in place where key stands already,
// else at the end. Nothing else is touched, not even entries without '='.
func setenv(env []string, key, value string) []string {
	entry := key + "=" + value
	out := make([]string, 0, len(env)+1)
	done := false
	for _, kv := range env {
		if strings.HasPrefix(kv, key+"=") {
			if done {
				continue
			}
			kv, done = entry, true
		}
		out = append(out, kv)
	}
	if !done {
		out = append(out, entry)
	}
	return out
}

// firstSet returns the value of the first of the variables that is set and not
// empty.
func firstSet(env, keys []string) string {
	for _, k := range keys {
		if v := getenv(env, k); v != "" {
			return v
		}
	}
	return ""
}

// optionValue returns the value of an option in args, given as "--task X" or
// "--task=X", "" if it is absent. Everything after "--" belongs to somebody
// else.
func optionValue(args []string, option string) string {
	if option == "" {
		return ""
	}
	for i, a := range args {
		if a == "--" {
			return ""
		}
		if a == option && i+1 < len(args) {
			return args[i+1]
		}
		if v, ok := strings.CutPrefix(a, option+"="); ok {
			return v
		}
	}
	return ""
}
