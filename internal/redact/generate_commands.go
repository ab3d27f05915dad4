//go:build ignore

package main

import "strings"

// commandCases are those of the options of programs.
func (t *table) commandCases(add func(in, want string), same func(in string)) {
	for _, c := range t.programs() {
		start := "error: " + strings.TrimSpace(c.Programs+" "+c.After)
		for _, o := range strings.Fields(c.Options) {
			name, sign := o[:len(o)-1], o[len(o)-1:]
			before, at, counts := strings.Cut(o, "@")
			switch {
			case o == "@:":
				add(start+" arg bob:"+word, start+" arg bob:"+hidden)
				same("error: " + c.Programs + " zz arg bob:" + word)
			case o == "@/@":
				add(start+" bob/"+word+"@db", start+" bob/"+hidden+"@db")
				same(start + " bob/" + word)
			case o == "@/":
				add(start+" bob/"+word+"@db", start+" bob/"+hidden+"@db")
			case counts:
				n := 1
				if at != "" {
					n = int(at[0] - '0')
				}
				line := strings.TrimRight(start+" "+before, " ") + strings.Repeat(" arg", n-1) + " "
				if strings.HasSuffix(at, "~") {
					add(line+word+"7", line+hidden)
					same(line + word)
				} else {
					add(line+word, line+hidden)
				}
			case sign == "+":
				add(start+" "+name+word+" x", start+" "+name+hidden+" x")
				add(start+" "+name+dotted+" x", start+" "+name+hidden+" x")
			case sign == "*":
				add(start+" "+name+" "+word+" x", start+" "+name+" "+hidden+" x")
				add(start+" "+name+" "+dotted+" x", start+" "+name+" "+hidden+" x")
				if c.After != "" {
					same("error: " + c.Programs + " zz " + name + " " + dotted + " x")
				}
			case sign == "=":
				add(start+" "+name+" sid="+word+" x", start+" "+name+" "+hidden+" x")
			case sign == "!":
				t.passedOver(c, start+" "+name+" zz", add)
			default:
				add(start+" "+name+" bob"+sign+word+" x", start+" "+name+" bob"+sign+hidden+" x")
				if len(name) == 2 && name[0] == '-' {
					add(start+" -z"+name[1:]+" bob"+sign+word+" x", start+" -z"+name[1:]+" bob"+sign+hidden+" x")
				}
			}
		}
		if strings.Contains(c.Options, "@") {
			same(start + " -Z")
		} else {
			same(start + " -Z " + word)
		}
	}
	for _, reader := range t.words["stdin"] {
		r := strings.ReplaceAll(reader, ".", " ")
		other := "zz" + r
		if r[0] == '-' {
			r, other = "program "+r, "program -x"+r
		}
		add("error: echo "+word+" | "+r, "error: echo "+hidden+" | "+r)
		same("error: echo " + word + " | " + other)
	}
}

// passedOver is the case of an option whose value is no argument of those that
// are counted.
func (t *table) passedOver(c command, start string, add func(in, want string)) {
	for _, o := range strings.Fields(c.Options) {
		if before, at, counts := strings.Cut(o, "@"); counts && at != "" && at != "/" {
			line := strings.TrimRight(start+" "+before, " ") + strings.Repeat(" arg", int(at[0]-'0')-1) + " "
			add(line+word, line+hidden)
		}
	}
}
