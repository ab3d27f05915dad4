package stats

// WeightRef is where the tests of the verdicts begin.
const WeightRef = weightRef
