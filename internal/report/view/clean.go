package view

import (
	"reflect"

	"pi-track/internal/redact"
	"pi-track/internal/report/section"
)

// clean redacts every text of the report again and takes control characters
// out: none of its strings may drive a terminal, whatever the log holds.
func clean(r *section.Report) *section.Report {
	copied := deepCopy(reflect.ValueOf(r))
	return copied.Interface().(*section.Report)
}

// deepCopy copies v with all its strings cleaned. Unexported fields (only
// time.Time has some here) are copied as they are.
func deepCopy(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.String:
		out.SetString(redact.Text(v.String()))
	case reflect.Pointer:
		if !v.IsNil() {
			p := reflect.New(v.Type().Elem())
			p.Elem().Set(deepCopy(v.Elem()))
			out.Set(p)
		}
	case reflect.Slice:
		if !v.IsNil() {
			s := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			for i := range v.Len() {
				s.Index(i).Set(deepCopy(v.Index(i)))
			}
			out.Set(s)
		}
	case reflect.Struct:
		out.Set(v)
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				out.Field(i).Set(deepCopy(v.Field(i)))
			}
		}
	default:
		out.Set(v)
	}
	return out
}
