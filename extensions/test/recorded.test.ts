import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, test } from "node:test";
import factory from "../pi-track/index.ts";
import { FakePi, fakeContext, World } from "./world.ts";

/** A line of recorded/, which record.mjs made with the real Pi. */
interface Recorded {
	script: string;
	event: string;
	data: { type: string };
	aborted: boolean;
	session: string;
	tools?: FakePi["tools"];
}

let world: World;
beforeEach(() => {
	world = new World();
});
afterEach(() => world.close());

/** Plays what one version of Pi did in a script to the extension. */
async function play(version: string, script: string): Promise<Recorded[]> {
	const path = new URL(`recorded/${version}.jsonl`, import.meta.url);
	const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
	const events = lines.map((line) => JSON.parse(line) as Recorded).filter((line) => line.script === script);
	assert.ok(events.length > 2, "the recording is empty");
	const pi = new FakePi();
	await factory(pi.api);
	for (const { event, data, aborted, session, tools } of events) {
		pi.tools = tools ?? pi.tools;
		pi.emit(event, data, fakeContext(session, aborted ? { signal: AbortSignal.abort() } : {}));
	}
	return events;
}

for (const version of ["old", "new"]) {
	test(`${version}: outcomes`, async () => {
		await play(version, "outcomes");
		assert.deepEqual(world.ends(), [
			"fx_ok succeeded",
			"fx_throw failed",
			"fx_iserror failed",
			"fx_number failed",
			"fx_blocked failed",
			"fx_usage succeeded",
			"fx_ok succeeded",
			"fx_wait succeeded",
		]);
		const end = (name: string) => world.lines().find((line) => line.name === name && line.status !== "started");
		assert.equal(end("fx_throw")?.["error_summary"], "it broke, password=[redacted:key]");
		assert.equal(end("fx_iserror")?.["error_summary"], "it says no");
		assert.match(end("fx_number")?.["error_summary"] as string, /^Validation failed for tool "fx_number"/);
		assert.match(end("fx_blocked")?.["error_summary"] as string, /not allowed here/);
		assert.deepEqual(Object.values(end("fx_usage")?.["usage"] ?? {}), [127, 100, 20, 3, 4, 0.3]);
		assert.ok(!JSON.stringify(world.lines()).includes("private"), "arguments are not logged");
		for (const line of world.lines()) assert.deepEqual([line["ext"], line["scope"]], ["fx", "global"]);
		assert.equal(world.lines().length, 16);
	});

	for (const script of ["throw", "return", "killed"]) {
		test(`${version}: ${script}`, async () => {
			const events = await play(version, script);
			assert.deepEqual(world.ends(), ["fx_wait cancelled"]);
			const session = events[0]?.session;
			assert.deepEqual(
				world.lines().map((line) => line["session_id"]),
				[session, session],
			);
		});
	}
}
