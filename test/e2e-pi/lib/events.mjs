// Reads the log and checks what every line must fulfil.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[57][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const ENDS = ["succeeded", "failed", "cancelled"];

/** The events of a log in file order; a log that does not exist has none. */
export function readEvents(path) {
	if (!existsSync(path)) return [];
	const text = readFileSync(path, "utf8");
	return text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

/** The runs of a log, in order of their first line: {start, end}. */
export function runs(events) {
	const byId = new Map();
	for (const event of events) {
		assert.match(event.id, UUID, "the id is a UUIDv7, or a UUIDv5 for an agent that may outlive Pi");
		assert.match(event.ts, TS, "the time has exactly three decimals");
		const run = byId.get(event.id) ?? {};
		const part = event.status === "started" ? "start" : "end";
		assert.equal(run[part], undefined, `one ${part} line for ${event.name}`);
		if (part === "end") assert.ok(ENDS.includes(event.status), `status ${event.status}`);
		byId.set(event.id, { ...run, [part]: event });
	}
	return [...byId.values()];
}

/** "NAME STATUS" of every run, sorted; a run without an end line is "open". */
export function outcomes(events) {
	return runs(events).map(({ start, end }) => `${(start ?? end).name} ${end?.status ?? "open"}`).sort();
}

/** The only run of that name; fails unless there is exactly one. */
export function only(events, name) {
	const found = runs(events).filter(({ start, end }) => (start ?? end).name === name);
	assert.equal(found.length, 1, `one run of ${name} in ${JSON.stringify(outcomes(events))}`);
	return found[0];
}

/**
 * Polls until check returns a value that is neither false nor undefined.
 * @param {() => any} check may throw while it is too early
 * @param {string} what for the message
 * @param {number} ms the deadline, generous: a loaded machine is slow
 */
export async function until(check, what, ms = 120_000) {
	const deadline = Date.now() + ms;
	let reason;
	for (;;) {
		try {
			const value = await check();
			if (value !== false && value !== undefined) return value;
			reason = undefined;
		} catch (err) {
			reason = err;
		}
		if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`, { cause: reason });
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}
