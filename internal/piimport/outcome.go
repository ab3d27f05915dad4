package piimport

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"pi-track/internal/event"
)

// verdict is the outcome of a tool's call.
type verdict struct {
	status   event.Status
	inferred string // the rule, when the outcome is inferred from what the tool returned
	reason   string // what the details say of the failure
}

// members is a JSON object that a tool returned.
type members = map[string]any

// judge tells what became of a call from what the tool returned: its text and
// its details. failed says that Pi or the tool declares it an error. The
// extension has the same rules (judge.ts); docs/events.md lists them.
func judge(text string, value any, failed bool) verdict {
	details, _ := value.(members)
	found := cancelled(text, details)
	if found == nil {
		found = byDetails(details, text)
	}
	if found == nil && startsWithError(text) && oneLine(text) {
		found = &verdict{status: event.Failed, inferred: "text"}
	}
	switch {
	case failed && found != nil && found.status == event.Cancelled && !startsWithError(text):
		return *found // only a person's no makes something else of a declared error
	case failed && found != nil:
		return verdict{status: event.Failed, reason: found.reason}
	case failed:
		return verdict{status: event.Failed}
	case found != nil:
		return *found
	}
	return verdict{status: event.Succeeded}
}

var (
	// cancellation is what a text says when a person cancelled; of one line.
	cancellation = regexp.MustCompile(`(?i)^(cancell?ed: .*` +
		`|(the )?(user|person) (has )?(cancell?ed|aborted|dismissed)( (the|this|that|it)( [a-z]+){0,3})?[.!]?` +
		`|(the |this )?((operation|request|command|call|tool|question|dialog|prompt|execution|selection|input) )?(was |has been )?(cancell?ed|aborted|dismissed)[.!]?` +
		`|([a-z]+ ){0,4}(cancell?ed|aborted|dismissed) by (the )?(user|person)\b.*)$`)

	// What an agent or a tool calls its end.
	failureWord = regexp.MustCompile(`(?i)^(error|errored|failed|failure|timeout|timed[ _-]?out|crashed)$`)
	cancelWord  = regexp.MustCompile(`(?i)^(cancell?ed|aborted|stopped|interrupted)$`)

	// Actions that ask for the state of something else, and those whose
	// purpose is to end it.
	asking = regexp.MustCompile(`(?i)^(list|ls|status|get|show|output|logs?|inspect|info|poll|history|describe|view)([_-].*)?$`)
	ending = regexp.MustCompile(`(?i)^(cancel|abort|stop|kill|dismiss|interrupt)([_-].*)?$`)

	// thing is a member that names something of which the details tell the state.
	thing = regexp.MustCompile(`^(process|job|build|deployment|service|container|pod|pipeline)(s|es|Id|_id|Status)?$`)

	// nothing is what a search says that exits with 1 because it found nothing.
	nothing = regexp.MustCompile(`(?i)^no (matches|results|files|differences|changes)\b`)
)

// cancelled says that a person cancelled: the details say so, or the text.
func cancelled(text string, details members) *verdict {
	for _, key := range []string{"cancelled", "canceled", "aborted"} {
		switch {
		case details[key] != true || ending.MatchString(action(details)):
		case startsWithError(text):
			// Without a user interface the same tools report an error that way.
			return &verdict{status: event.Failed, inferred: "text"}
		case details["timedOut"] != true:
			return &verdict{status: event.Cancelled, inferred: "details." + key}
		}
	}
	if oneLine(text) && cancellation.MatchString(strings.TrimSpace(text)) {
		return &verdict{status: event.Cancelled, inferred: "text"}
	}
	return nil
}

func byDetails(details members, text string) *verdict {
	if v := byFlags(details); v != nil {
		return v
	}
	state := asking.MatchString(action(details)) || ending.MatchString(action(details))
	for key := range details {
		state = state || thing.MatchString(key)
	}
	if !state {
		if v := byEnd(details, text); v != nil {
			return v
		}
	}
	return byAgents(details["results"])
}

// byFlags takes what the details declare of the call itself.
func byFlags(details members) *verdict {
	if value := details["error"]; filled(value) {
		reason := errorText(value)
		if cancelWord.MatchString(reason) {
			return &verdict{status: event.Cancelled, inferred: "details.error"}
		}
		return &verdict{status: event.Failed, inferred: "details.error", reason: reason}
	}
	asks := asking.MatchString(action(details))
	for _, key := range []string{"isError", "failed", "blocked", "timedOut"} {
		// Asked how something is, or waiting for it, the call has not failed.
		if details[key] == true && (!asks || key == "isError") {
			return failedBy("details."+key, details)
		}
	}
	// A response that was asked for has a status of its own.
	for _, key := range []string{"status", "statusCode", "status_code", "httpStatus", "http_status"} {
		if number(details[key]) {
			return nil
		}
	}
	inner, _ := details["result"].(members)
	for _, key := range []string{"ok", "success"} {
		if details[key] == false {
			return failedBy("details."+key, details)
		}
		if inner[key] == false {
			return failedBy("details.result."+key, inner)
		}
	}
	return nil
}

// byEnd takes how the work of the call ended: its status, or that of its
// program.
func byEnd(details members, text string) *verdict {
	for _, key := range []string{"status", "outcome"} {
		word, _ := details[key].(string)
		switch {
		case failureWord.MatchString(word):
			return failedBy("details."+key, details)
		case cancelWord.MatchString(word):
			return &verdict{status: event.Cancelled, inferred: "details." + key}
		}
	}
	if errorText(details["errorCode"]) != "" {
		return failedBy("details.errorCode", details)
	}
	keys := []string{"exitCode", "exit_code"}
	_, out := details["stdout"]
	_, err := details["stderr"]
	ran := out || err // a program
	if ran {
		keys = append(keys, "code")
	}
	for _, key := range keys {
		if v := bySignal(details, key); v != nil {
			return v
		}
		code := exitCode(details[key])
		switch {
		case code == 0 || code == 1 && nothing.MatchString(text):
		case code == 130:
			return &verdict{status: event.Cancelled, inferred: "details." + key}
		default:
			return failedBy("details."+key, details)
		}
	}
	if ran && details["killed"] == true {
		return failedBy("details.killed", details)
	}
	return nil
}

// bySignal judges a program that a signal ended: its exit code is null.
func bySignal(details members, key string) *verdict {
	code, known := details[key]
	signal, _ := details["signal"].(string)
	switch {
	case !known || code != nil || !strings.HasPrefix(signal, "SIG"):
		return nil
	case signal == "SIGINT":
		return &verdict{status: event.Cancelled, inferred: "details.signal"}
	}
	return failedBy("details.signal", details)
}

// exitCode is an exit code, a number or its digits; 0 for anything else.
func exitCode(value any) float64 {
	if text, ok := value.(string); ok && len(text) <= 3 && strings.Trim(text, "0123456789") == "" {
		n, _ := strconv.Atoi(text)
		return float64(n)
	}
	n, _ := value.(float64)
	return n
}

// byAgents judges the agents that the call ran: it has failed when one of
// them has.
func byAgents(results any) (v *verdict) {
	list, _ := results.([]any)
	for _, each := range list {
		agent, _ := each.(members)
		code, _ := agent["exitCode"].(float64)
		aborted := agent["stopReason"] == "aborted" || code == 130
		if agent["stopReason"] == "error" || code != 0 && !aborted {
			return failedBy("details.results", agent)
		}
		if aborted {
			v = &verdict{status: event.Cancelled, inferred: "details.results"}
		}
	}
	return v
}

func failedBy(inferred string, from members) *verdict {
	v := &verdict{status: event.Failed, inferred: inferred}
	for _, key := range []string{"errorMessage", "error", "reason", "message"} {
		if v.reason = errorText(from[key]); v.reason != "" {
			break
		}
	}
	return v
}

// errorText is the text of an error in the details: itself, or its message.
func errorText(value any) string {
	if m, ok := value.(members); ok {
		if value = m["message"]; value == nil {
			value = m["code"]
		}
	}
	text, _ := value.(string)
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return text
}

// filled says that an error in the details is one: not "", null, false, 0, {}
// or [].
func filled(value any) bool {
	switch v := value.(type) {
	case string:
		return strings.TrimSpace(v) != ""
	case members:
		return len(v) > 0
	}
	return value == true
}

func number(value any) bool {
	_, ok := value.(float64)
	return ok
}

func action(details members) string {
	for _, key := range []string{"action", "mode", "op", "operation"} {
		if text, ok := details[key].(string); ok {
			return text
		}
	}
	return ""
}

func startsWithError(text string) bool {
	return len(text) >= 6 && strings.EqualFold(text[:6], "error:")
}

func oneLine(text string) bool { return !strings.Contains(strings.TrimSpace(text), "\n") }

// withReason puts the reason that the details give behind the first line of
// the text, unless the text has it.
func withReason(text, reason string) string {
	if reason == "" || strings.Contains(text, reason) {
		return text
	}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(slices.Insert(lines, 1, reason), "\n")
}
