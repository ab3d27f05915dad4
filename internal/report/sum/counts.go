package sum

// Counts are the runs of a group by what became of them. Runs is the sum of
// the other five.
type Counts struct {
	Runs      int64 `json:"runs"`
	Succeeded int64 `json:"succeeded"`
	Failed    int64 `json:"failed"`
	Cancelled int64 `json:"cancelled"`
	Open      int64 `json:"open"` // no end event in the log
	Used      int64 `json:"used"` // uses of a skill or a prompt: what became of them is not known
}

// Finished is the n of the run success rate: succeeded and failed.
func (c Counts) Finished() int64 { return c.Succeeded + c.Failed }

// Usage sums what the runs of a group spent on models, where it is known.
type Usage struct {
	Runs       int64   `json:"runs"` // runs that carry a usage
	Tokens     int64   `json:"tokens"`
	Input      int64   `json:"input"`
	Output     int64   `json:"output"`
	CacheRead  int64   `json:"cache_read"`
	CacheWrite int64   `json:"cache_write"`
	Cost       float64 `json:"cost"` // USD
}

// Resources average what the programs consumed, where it is known.
type Resources struct {
	Runs     int64   `json:"runs"` // runs that carry an rusage
	UserMS   float64 `json:"user_ms"`
	SysMS    float64 `json:"sys_ms"`
	MaxRSSKB int64   `json:"max_rss_kb"` // the largest
}
