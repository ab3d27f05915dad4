// Extension tools in one turn and in parallel: what becomes of each call.

import assert from "node:assert/strict";
import { basename } from "node:path";
import { only, outcomes, runs } from "./lib/events.mjs";
import { print } from "./lib/pi.mjs";
import { scenario } from "./lib/scenario.mjs";

const fx = ["fx.ts"];
const calls = (...names) => names.map((name) => ({ tools: [{ name }] }));

scenario("a tool succeeds", { extensions: fx, scripts: { play: [{ tools: [{ name: "fx_ok", id: "call_ok" }] }] } }, async (world) => {
	const { code, stdout, stderr } = await print(world, "play:play");
	assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "Done.\n", stderr: "" });
	const { start, end } = only(world.events(), "fx_ok");
	const session = world.sessionLines()[0];
	for (const event of [start, end]) {
		assert.equal(event.v, 1);
		assert.equal(event.kind, "extension_tool");
		assert.equal(event.cwd, world.project);
		assert.equal(event.repo, world.project);
		assert.equal(event.scope, "global");
		assert.equal(event.session_id, session.id);
		assert.equal(event.src, "extension");
		assert.equal(event.call_id, "call_ok");
		assert.equal(event.ext, "fx");
	}
	assert.equal(start.duration_ms, undefined);
	assert.equal(end.status, "succeeded");
	assert.ok(Number.isInteger(end.duration_ms) && end.duration_ms >= 0);
	assert.equal(end.error_summary, undefined);
});

const failures = {
	fx_throw: /^it broke/,
	fx_iserror: /^it says no$/,
	fx_number: /^Validation failed for tool/,
	fx_blocked: /not allowed here/,
};
for (const [name, text] of Object.entries(failures)) {
	scenario(`${name} fails`, { extensions: fx, scripts: { play: calls(name) } }, async (world) => {
		assert.equal((await print(world, "play:play")).code, 0);
		const { start, end } = only(world.events(), name);
		assert.equal(start.status, "started");
		assert.equal(end.status, "failed");
		assert.match(end.error_summary, text);
		assert.ok([...end.error_summary].length <= 200);
		assert.doesNotMatch(JSON.stringify(world.events()), /hunter2/, "a secret is redacted");
	});
}

scenario("built-in and unknown tools are not recorded", { extensions: fx, scripts: { play: [{ tools: [{ name: "bash", args: { command: "echo hi" } }] }, ...calls("no_such_tool", "fx_ok")] } }, async (world) => {
	await print(world, "play:play");
	assert.deepEqual(outcomes(world.events()), ["fx_ok succeeded"]);
});

const parallel = [{ tools: [{ name: "fx_wait", args: { ms: 700 } }, { name: "fx_ok" }, { name: "fx_throw" }, { name: "fx_ok" }] }];
scenario("tools run in parallel", { extensions: fx, scripts: { play: parallel } }, async (world) => {
	await print(world, "play:play");
	const events = world.events();
	assert.deepEqual(outcomes(events), ["fx_ok succeeded", "fx_ok succeeded", "fx_throw failed", "fx_wait succeeded"]);
	assert.equal(new Set(runs(events).map(({ start }) => start.call_id)).size, 4);
	assert.deepEqual(events.slice(0, 4).map((e) => e.status), Array(4).fill("started"), "all starts come first");
	assert.equal(events.at(-1).name, "fx_wait", "the slow one ends last");
	assert.ok(only(events, "fx_wait").end.duration_ms >= 690);
	for (const { start, end } of runs(events)) assert.equal(start.call_id, end.call_id);
});

scenario("a tool reports its usage", { extensions: fx, scripts: { play: calls("fx_usage") } }, async (world) => {
	await print(world, "play:play");
	const { tokens, input, output, cache_read, cache_write, cost } = only(world.events(), "fx_usage").end.usage;
	assert.deepEqual({ tokens, input, output, cache_read, cache_write }, { tokens: 127, input: 100, output: 20, cache_read: 3, cache_write: 4 });
	assert.ok(Math.abs(cost - 0.3) < 1e-9);
});

scenario("a project's extension has project scope", { projectExtensions: fx, extensions: ["dup.ts"], scripts: { play: calls("fx_ok", "dup_tool") } }, async (world) => {
	await print(world, "play:play");
	assert.equal(only(world.events(), "fx_ok").end.scope, "project");
	assert.equal(only(world.events(), "dup_tool").end.scope, "global");
	assert.equal(only(world.events(), "dup_tool").end.ext, "dup");
});

scenario("a session that is not saved", { extensions: fx, scripts: { play: calls("fx_ok") } }, async (world) => {
	await print(world, "--no-session", "play:play");
	assert.match(only(world.events(), "fx_ok").end.session_id, /^[0-9a-f-]{36}$/);
	assert.deepEqual(world.sessionLines(), []);
});

scenario("recording is switched off", { extensions: fx, scripts: { play: calls("fx_ok") }, env: { PI_TRACK_DISABLE: "1" } }, async (world) => {
	assert.equal((await print(world, "play:play")).stdout, "Done.\n");
	assert.deepEqual(world.events(), []);
});

scenario("the task comes from the environment", { extensions: fx, scripts: { play: calls("fx_ok") }, env: { PI_TASK_ID: "task-7" } }, async (world) => {
	await print(world, "play:play");
	const { start, end } = only(world.events(), "fx_ok");
	assert.deepEqual([start.task_id, end.task_id], ["task-7", "task-7"]);
	assert.equal(basename(end.cwd), "project");
});
