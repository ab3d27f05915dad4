package shim

import "strings"

// lineIndex finds the line on which a key stands. The TOML library reports
// positions of syntax errors only; this is for errors of meaning. It follows
// headers and keys line by line, which is exact for files without multi-line
// strings and near enough for those with them.
type lineIndex struct {
	keys   map[tableKey]map[string]int
	tables map[tableKey]int
}

func newLineIndex(data []byte) *lineIndex {
	x := &lineIndex{keys: map[tableKey]map[string]int{}, tables: map[tableKey]int{}}
	at := tableKey{}
	shims := 0
	for n, line := range strings.Split(string(data), "\n") {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "[["):
			name := tableName(line)
			at = tableKey{table: name}
			if name == "shim" {
				at.index = shims
				shims++
			}
			x.table(at, name, n+1)
		case strings.HasPrefix(line, "["):
			name := tableName(line)
			if sub, ok := strings.CutPrefix(name, "shim."); ok {
				at = tableKey{table: "shim", index: max(0, shims-1)}
				x.key(at, sub, n+1)
				x.key(tableKey{}, "shim", n+1)
				at = tableKey{table: name}
				continue
			}
			at = tableKey{table: name}
			x.table(at, name, n+1)
		default:
			if key, _, ok := strings.Cut(line, "="); ok && !strings.HasPrefix(line, "#") {
				key = strings.Trim(strings.TrimSpace(key), `"'`)
				x.key(at, key, n+1)
				if first, _, dotted := strings.Cut(key, "."); dotted {
					x.key(at, first, n+1)
				}
			}
		}
	}
	return x
}

func tableName(line string) string {
	name, _, _ := strings.Cut(strings.TrimLeft(line, "[ \t"), "]")
	return strings.Trim(strings.TrimSpace(name), `"'`)
}

func (x *lineIndex) table(at tableKey, name string, line int) {
	if _, ok := x.tables[at]; !ok {
		x.tables[at] = line
	}
	first, rest, nested := strings.Cut(name, ".")
	x.key(tableKey{}, first, line)
	if nested {
		x.key(tableKey{table: first}, rest, line)
	}
}

func (x *lineIndex) key(at tableKey, key string, line int) {
	if x.keys[at] == nil {
		x.keys[at] = map[string]int{}
	}
	if _, ok := x.keys[at][key]; !ok {
		x.keys[at][key] = line
	}
}

// find returns the line of a key in a table, else that of the table's header,
// else 1.
func (x *lineIndex) find(at tableKey, key string) int {
	if n, ok := x.keys[at][key]; ok {
		return n
	}
	if n, ok := x.tables[at]; ok {
		return n
	}
	return 1
}
