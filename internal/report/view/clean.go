package view

import (
	"reflect"

	"pi-track/internal/redact"
	"pi-track/internal/report/section"
)

// clean redacts every text of the report again and takes control characters
// out: none of its strings may drive a terminal, whatever the log holds.
func clean(r *section.Report) *section.Report {
	copied := cleaner{}.deepCopy(reflect.ValueOf(r))
	return copied.Interface().(*section.Report)
}

// cleaner is what every text so far has become: a report names the same helpers
// and repos many times.
type cleaner map[string]string

func (c cleaner) text(s string) string {
	if s == "" {
		return s
	}
	out, ok := c[s]
	if !ok {
		out = redact.Text(s)
		c[s] = out
	}
	return out
}

// deepCopy copies v with all its strings cleaned. Unexported fields (only
// time.Time has some here) are copied as they are.
func (c cleaner) deepCopy(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.String:
		out.SetString(c.text(v.String()))
	case reflect.Pointer:
		if !v.IsNil() {
			p := reflect.New(v.Type().Elem())
			p.Elem().Set(c.deepCopy(v.Elem()))
			out.Set(p)
		}
	case reflect.Slice:
		if !v.IsNil() {
			s := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			for i := range v.Len() {
				s.Index(i).Set(c.deepCopy(v.Index(i)))
			}
			out.Set(s)
		}
	case reflect.Struct:
		out.Set(v)
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				out.Field(i).Set(c.deepCopy(v.Field(i)))
			}
		}
	default:
		out.Set(v)
	}
	return out
}
