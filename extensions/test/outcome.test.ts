import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { toolOutcome } from "../_shared/outcome.ts";
import { message } from "../_shared/redact.ts";

/** See internal/piimport/outcome_test.go: Go's tests read the same table. */
interface Case {
	name: string;
	result: { throw?: string };
	want_status: string;
	want_error: string | null;
	/** Where the case names it. */
	want_inferred?: string;
}

const cases = readFileSync(new URL("../../internal/piimport/testdata/outcomes.jsonl", import.meta.url), "utf8")
	.trimEnd()
	.split("\n")
	.map((line) => JSON.parse(line) as Case);

test("the table has its cases", () => assert.ok(cases.length > 80));

for (const { name, result, want_status, want_error, want_inferred } of cases) {
	test(`outcome: ${name}`, () => {
		const thrown = result.throw !== undefined;
		const value = thrown ? { content: [{ type: "text", text: result.throw }], details: {} } : result;
		const outcome = toolOutcome(value, undefined, thrown);
		assert.equal(outcome.status, want_status);
		const error = message((outcome.error as string | undefined) ?? "", {});
		assert.ok(error.includes(want_error ?? ""), error);
		if (want_inferred) assert.equal(outcome.inferred, want_inferred);
		const declared = thrown || (result as { isError?: boolean }).isError === true;
		if (outcome.status === "succeeded" || (declared && outcome.status === "failed")) {
			assert.equal(outcome.inferred, undefined);
		} else {
			assert.match(outcome.inferred ?? "", /^(text|details\.[a-zA-Z_.]+)$/);
		}
	});
}

test("the person's abort counts before all that the tool says", () => {
	const said = { content: [{ type: "text", text: "Error: x" }], details: { error: "x" } };
	assert.deepEqual(toolOutcome(said, AbortSignal.abort(), true), { status: "cancelled", error: "Error: x" });
});
