// Package decode reads lines of the log, at two speeds.
//
// [Line.Fast] takes exactly the layout that [event.Event.Append] writes: it finds
// the ends of strings in a bitmap ([Marks]) and compares keys eight bytes at a
// time. [Line.Slow] takes every JSON that says the same. Both give the same
// [Line], whose texts are not copied; [Event] makes an event of one.
//
// The keys come from keys.json of package event, by go generate. Shims only
// write lines, so they do not link this package.
package decode
