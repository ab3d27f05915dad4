import assert from "node:assert/strict";
import test from "node:test";
import { isDisabled } from "../_shared/paths.ts";

test("PI_TRACK_DISABLE means what it means to Go", () => {
	// The cases of TestDisabled in internal/log.
	for (const value of ["1", "true", "TRUE", "yes", "on", "anything", " "])
		assert.equal(isDisabled({ PI_TRACK_DISABLE: value }), true, value);
	for (const value of ["", "0", "false", "False", "no", "off", "OFF"])
		assert.equal(isDisabled({ PI_TRACK_DISABLE: value }), false, value);
	assert.equal(isDisabled({}), false);
});
