package piimport

import (
	"encoding/json"

	"pi-track/internal/event"
)

// usage is a usage object of Pi.
type usage struct {
	Input       float64         `json:"input"`
	Output      float64         `json:"output"`
	CacheRead   float64         `json:"cacheRead"`
	CacheWrite  float64         `json:"cacheWrite"`
	TotalTokens float64         `json:"totalTokens"`
	Cost        json.RawMessage `json:"cost"` // USD, or an object with a total
}

// usageOf is what a tool says it spent: its own usage, or the sum of its
// agents'; nil when it says nothing.
func usageOf(m *message) *event.Usage {
	if u := readUsage(m.Usage); u != nil {
		return u
	}
	var sum *event.Usage
	var details struct {
		Results []agent `json:"results"`
	}
	_ = json.Unmarshal(m.Details, &details) // details are whatever a tool likes
	for _, a := range details.Results {
		u := readUsage(a.Usage)
		if u == nil {
			continue
		}
		u.Model = a.Model
		if sum == nil {
			sum = u
			continue
		}
		sum.Add(*u)
	}
	return sum
}

func readUsage(text json.RawMessage) *event.Usage {
	var from usage
	if len(text) == 0 || json.Unmarshal(text, &from) != nil {
		return nil
	}
	u := &event.Usage{
		Input: count(from.Input), Output: count(from.Output),
		CacheRead: count(from.CacheRead), CacheWrite: count(from.CacheWrite), Cost: cost(from.Cost),
	}
	if u.Tokens = count(from.TotalTokens); u.Tokens == 0 {
		u.Tokens = u.Input + u.Output + u.CacheRead + u.CacheWrite
	}
	if u.Tokens == 0 && u.Cost == 0 {
		return nil
	}
	return u
}

// count makes a whole number that an event can hold of what a tool claims: a
// float beyond int64 would become a negative one.
func count(n float64) int64 { return int64(min(max(0, n), event.MaxInteger)) }

func cost(text json.RawMessage) float64 {
	var number float64
	if len(text) == 0 || json.Unmarshal(text, &number) == nil {
		return max(0, number)
	}
	var object struct {
		Total float64 `json:"total"`
	}
	if json.Unmarshal(text, &object) != nil {
		return 0
	}
	return max(0, object.Total)
}
