package redact

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

// rulecase is one of testdata/rulecases.json.
type rulecase struct {
	In   string
	Env  []string
	Want string
}

func ruleCases(t *testing.T) (all []rulecase) {
	b, err := os.ReadFile("testdata/rulecases.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func alarmCases(t *testing.T) (c struct{ Alarming, Quiet []string }) {
	b, err := os.ReadFile("testdata/alarmcases.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// summary is what becomes of a case, and whether that is as it should be.
func (c rulecase) summary() (string, bool) {
	got := Summary([]byte(strings.ReplaceAll(c.In, split, "")), c.Env)
	want := strings.ReplaceAll(c.Want, split, "")
	if len(want) > maxSummary-50 { // cut
		return got, !strings.Contains(got, marker)
	}
	got = anyMarker.ReplaceAllString(got, "[redacted]")
	return got, got == want
}

// Without an entry of the table, or with another number in it, a case fails: the
// table has nothing that no test would miss, and nothing that is superfluous.
func TestEveryEntryIsNeeded(t *testing.T) {
	texts := map[string][]rulecase{} // by what each holds
	all := ruleCases(t)
	told := alarmCases(t).Alarming
	missed := func(hint string) bool {
		cases, ok := texts[hint]
		if !ok {
			for _, c := range all {
				if strings.Contains(strings.ToLower(strings.ReplaceAll(c.In, split, "")+strings.Join(c.Env, " ")), strings.ToLower(hint)) {
					cases = append(cases, c)
				}
			}
			texts[hint] = cases
		}
		return slices.ContainsFunc(cases, func(c rulecase) bool { _, good := c.summary(); return !good })
	}
	try := func(list, entry, hint string) {
		if !missed(hint) {
			t.Errorf("nothing misses %s of %s", entry, list)
		}
	}
	const never = "\x01\x01\x01"
	for i := range wellKnown {
		k := &wellKnown[i]
		was := *k
		for name, change := range map[string]func(){
			"itself": func() { k.min = 1 << 30 }, "min-1": func() { k.min-- }, "min+1": func() { k.min++ }, "alone": func() { k.alone = !k.alone },
			"max-1": func() { k.max -= min(k.max, 1) }, "max+1": func() { k.max += min(k.max, 1) },
		} {
			if change(); k.min != was.min || k.max != was.max || k.alone != was.alone {
				try("tokens", was.prefix+" "+name, was.prefix)
			}
			*k = was
		}
	}
	for i := range shapes {
		s := &shapes[i]
		was := *s
		for name, change := range map[string]func(){
			"itself": func() { s.mark = never }, "least-1": func() { s.least-- }, "least+1": func() { s.least++ },
			"most-1": func() { s.most-- }, "most+1": func() { s.most++ }, "min-1": func() { s.min-- }, "min+1": func() { s.min++ },
		} {
			change()
			try("shapes", was.mark+" "+name, was.mark)
			*s = was
		}
	}
	for name, list := range map[string]*words{"passwordWords": &passwordWords, "tokenWords": &tokenWords, "plainWords": &plainWords, "notUpperKey": &notUpperKey,
		"passOwners": &passOwners, "placeholders": &placeholders, "usageWords": &usageWords, "sentenceWords": &sentenceWords, "linkWords": &linkWords, "envWords": &envWords} {
		was := *list
		for i, w := range was {
			*list = slices.Delete(slices.Clone(was), i, i+1)
			try(name, w, w)
		}
		*list = was
	}
	for name, list := range map[string][]string{"passwordEnds": passwordEnds.words, "tokenEnds": tokenEnds.words, "tails": tails.words, "envEnds": envEnds.words,
		"upperPassword": upperPassword[:], "upperToken": upperToken[:], "signs": signs[:], "stdin": stdin[:],
		"errorEnds": errorEnds[:], "errorWords": errorWords[:], "warningEnds": warningEnds[:], "noteWords": noteWords[:]} {
		for i, w := range list {
			list[i] = never
			hint := w
			if name == "stdin" {
				hint = strings.ReplaceAll(w, ".", " ")
			}
			try(name, w, hint)
			list[i] = w
		}
	}
	for i := range commands {
		c := &commands[i]
		was := *c
		for k, option := range was.options {
			c.options = slices.Clone(was.options)
			c.options[k] = never + "*"
			try("commands", c.program+" "+c.after+" "+option, c.program)
		}
		if *c = was; c.after != "" {
			c.after = ""
			try("commands", c.program+" "+was.after, c.program)
		}
		*c = was
	}
	for i, row := range alarms {
		for k, w := range row {
			alarms[i] = slices.Delete(slices.Clone(row), k, k+1)
			if !slices.ContainsFunc(told, func(text string) bool { return !alarming(text) }) {
				t.Errorf("nothing misses %s of alarms", w)
			}
		}
		alarms[i] = row
	}
}
