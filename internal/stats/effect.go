package stats

// What an effect comes to.
const (
	EffectHigher  = "higher"
	EffectLower   = "lower"
	EffectUnclear = "no clear difference"
	EffectFewData = "too little data"
)
