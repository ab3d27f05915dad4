import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { summary, text } from "../_shared/redact.ts";

/** See internal/redact/cases_test.go: Go's tests read the same table. */
interface Case {
	name: string;
	tail: string;
	pad?: number;
	env?: string[];
	want: string;
}

const table = new URL("../../internal/redact/testdata/cases.json", import.meta.url);
const cases = JSON.parse(readFileSync(table, "utf8")) as Case[];

/** Put into made-up secrets so that nothing takes them for real ones. */
const whole = (s: string): string => s.replaceAll("§", "");

test("the table has its cases", () => assert.ok(cases.length > 60));

for (const c of cases) {
	test(`summary: ${c.name}`, () => {
		const tail = whole(c.tail);
		const padded = "x".repeat(Math.max((c.pad ?? 0) - Buffer.byteLength(tail), 0)) + tail;
		const env: Record<string, string> = {};
		for (const line of c.env ?? []) {
			const at = line.indexOf("=");
			env[line.slice(0, at)] = whole(line.slice(at + 1));
		}
		const got = summary(padded, env);
		assert.equal(got, c.want);
		assert.ok(Array.from(got).length <= 200);
		assert.equal(text(got), got, "shown as it is");
	});
}

test("of a long text only the end is looked at", () => {
	const text = `error: first\n${"a line\n".repeat(20_000)}`;
	assert.equal(summary(text, {}), "a line");
	assert.equal(summary(`${text}error: last\n`, {}), "error: last");
});
