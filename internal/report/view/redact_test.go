package view

import (
	"reflect"
	"strings"
	"testing"

	"pi-track/internal/report/section"
)

// Lines of before a rule was known are redacted when they are shown, wherever
// the text stands.
func TestOldLinesAreRedacted(t *testing.T) {
	secret := "gh" + "p_0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX"
	var r section.Report
	n := plant(reflect.ValueOf(&r).Elem(), 8, "a --token "+secret+" b\x1b[2J\u202e")
	if n < 20 {
		t.Fatalf("only %d texts", n)
	}
	texts(reflect.ValueOf(clean(&r)).Elem(), func(s string) {
		if strings.Contains(s, secret[:12]) || strings.ContainsAny(s, "\x1b\u202e") {
			t.Errorf("shown: %q", s)
		}
	})
}

// plant puts text into every string below v, making what is missing, and
// counts them; what holds itself is followed depth steps deep.
func plant(v reflect.Value, depth int, text string) (n int) {
	if depth == 0 {
		return 0
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
		return 1
	case reflect.Pointer:
		if v.Type().Elem().Kind() != reflect.Struct || v.Type().Elem().PkgPath() == "time" {
			return 0
		}
		v.Set(reflect.New(v.Type().Elem()))
		return plant(v.Elem(), depth-1, text)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		return plant(v.Index(0), depth-1, text)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				n += plant(v.Field(i), depth-1, text)
			}
		}
	}
	return n
}

// texts calls found with every string below v.
func texts(v reflect.Value, found func(string)) {
	switch v.Kind() {
	case reflect.String:
		found(v.String())
	case reflect.Pointer:
		if !v.IsNil() {
			texts(v.Elem(), found)
		}
	case reflect.Slice:
		for i := range v.Len() {
			texts(v.Index(i), found)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				texts(v.Field(i), found)
			}
		}
	}
}
