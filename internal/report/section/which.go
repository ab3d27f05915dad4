package section

import (
	"slices"
	"strings"
)

// A helper is its name and its sort: the tool mcp and the command mcp are two.

// Which tells helpers of one name apart.
type Which struct {
	Sort    string `json:"sort"`              // shell helper, tool, command, skill or prompt; of any other kind the kind
	Several bool   `json:"several,omitempty"` // the name stands for helpers of other sorts, too
}

// Label is the name of the helper, with its sort where the name stands for
// several.
func (x Which) Label(name string) string {
	if x.Several {
		return name + " (" + x.Sort + ")"
	}
	return name
}

// keyOf is what a helper's number stands for in the dict: no name holds a NUL.
func keyOf(dst, name []byte, sort string) []byte {
	return append(append(append(dst, name...), 0), sort...)
}

// name is that of the helper with a number.
func (s *shared) name(id uint32) string { name, _ := s.who(id); return name }

// who is the name and the sort of the helper with a number.
func (s *shared) who(id uint32) (name, sort string) {
	name, sort, _ = strings.Cut(s.helperKeys.Text(id), "\x00")
	return name, sort
}

// which is the Report's form.
func (t *totals) which(id uint32) Which {
	name, sort := t.who(id)
	return Which{Sort: sort, Several: len(t.sorts[name]) > 1}
}

// sortsOf are the sorts of the helpers of each name that have runs.
func (c *Collector) sortsOf() map[string][]string {
	out := map[string][]string{}
	for id, h := range c.helpers {
		if h != nil && h.Result().Runs > 0 {
			name, sort := c.who(uint32(id))
			out[name] = append(out[name], sort)
			slices.Sort(out[name])
		}
	}
	return out
}
