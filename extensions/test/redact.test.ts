import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { message, summary, text } from "../_shared/redact.ts";

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

/** See internal/redact/cases_test.go: what failed programs wrote, and what names the cause. */
interface Output {
	name: string;
	stderr: string;
	want: string[];
}

const outputs = readFileSync(new URL("../../internal/redact/testdata/errors.jsonl", import.meta.url), "utf8")
	.trimEnd()
	.split("\n")
	.map((line) => JSON.parse(line) as Output);

test("the cause is named", () => {
	assert.ok(outputs.length > 500);
	for (const { name, stderr, want } of outputs) {
		const got = summary(stderr, {});
		const named = want.some((text) => {
			const at = got.indexOf(text);
			return at >= 0 && (!got.includes(" | ") || at < got.length / 2);
		});
		assert.ok(named, `${name}: ${got}\nwant one of ${JSON.stringify(want)}`);
	}
});

test("the first line of a message is the message", () => {
	const cases: [string, string][] = [
		["", ""],
		["Command not allowed: rm\nUse the trash tool instead.", "Command not allowed: rm | Use the trash tool instead."],
		["\n  Unknown agent: nope\n\n- scout (builtin)\n", "Unknown agent: nope | - scout (builtin)"],
		["error: password=hun§ter2!".replace("§", ""), "error: password=[redacted:key]!"],
		["$ make\nfatal: disk is full\nbye\n\nCommand exited with code 2", "fatal: disk is full"],
		["x".repeat(300), `${"x".repeat(199)}…`],
	];
	for (const [said, want] of cases) assert.equal(message(said, {}), want);
});
