// Runs that are aborted, and Pis that are killed while a tool runs.

import assert from "node:assert/strict";
import { only, outcomes, until } from "./lib/events.mjs";
import { Rpc, startPrint, Tui } from "./lib/pi.mjs";
import { scenario } from "./lib/scenario.mjs";

const wait = (args = {}) => ({
	extensions: ["fx.ts"],
	scripts: { play: [{ tools: [{ name: "fx_wait", args }] }] },
});
const started = (world) => until(() => world.events().some((e) => e.name === "fx_wait"), "the start line of fx_wait");

function assertCancelled(world) {
	const { start, end } = only(world.events(), "fx_wait");
	assert.equal(end?.status, "cancelled");
	assert.equal(end.id, start.id);
	assert.equal(end.session_id, start.session_id);
	assert.ok(end.session_id);
}

for (const how of ["throw", "return"]) {
	scenario(`rpc abort of a tool that ${how}s`, wait({ abort: how }), async (world) => {
		const rpc = new Rpc(world);
		await rpc.prompt("play:play");
		await started(world);
		rpc.send({ type: "abort" });
		await rpc.idle();
		await rpc.close();
		assertCancelled(world);
	});
}

scenario("Escape in the terminal aborts", wait(), async (world) => {
	const tui = new Tui(world);
	try {
		await tui.shows(/mock-1/);
		await tui.enter("play:play");
		await started(world);
		tui.press("Escape");
		await until(() => only(world.events(), "fx_wait").end !== undefined, "the end line");
		assertCancelled(world);
	} finally {
		tui.close();
	}
});

for (const signal of ["SIGTERM", "SIGHUP"]) {
	scenario(`${signal} in print mode`, wait(), async (world) => {
		const pi = startPrint(world, ["play:play"]);
		await started(world);
		pi.child.kill(signal);
		await pi.done;
		assertCancelled(world);
	});
}

scenario("SIGTERM in rpc mode", wait(), async (world) => {
	const rpc = new Rpc(world);
	await rpc.prompt("play:play");
	await started(world);
	rpc.child.kill("SIGTERM");
	await rpc.done;
	assertCancelled(world);
});

scenario("stdin closed in rpc mode", wait(), async (world) => {
	const rpc = new Rpc(world);
	await rpc.prompt("play:play");
	await started(world);
	await rpc.close();
	assertCancelled(world);
});

scenario("Ctrl-C twice in the terminal", wait(), async (world) => {
	const tui = new Tui(world);
	try {
		await tui.shows(/mock-1/);
		await tui.enter("play:play");
		await started(world);
		await until(() => {
			tui.press("C-c", "C-c"); // both within half a second, whatever the load
			return /pi ended with/.test(tui.screen());
		}, "the end of pi");
		assertCancelled(world);
	} finally {
		tui.close();
	}
});

scenario("the run of a Pi that SIGKILL ended is closed once, and that of a living Pi is not", wait(), async (world) => {
	const pi = startPrint(world, ["play:play"]);
	await started(world);
	const rpc = new Rpc(world);
	await rpc.prompt("play:play");
	await until(() => world.events().filter((event) => event.name === "fx_wait").length === 2, "the start line of the second Pi");
	pi.child.kill("SIGKILL");
	await pi.done;
	assert.deepEqual(outcomes(world.events()), ["fx_wait open", "fx_wait open"], "nobody has looked yet");
	assert.equal(world.pitrack("ps").match(/fx_wait/g).length, 1, "ps shows the living one");
	world.pitrack("report");
	world.pitrack("reap");
	assert.deepEqual(outcomes(world.events()), ["fx_wait cancelled", "fx_wait open"]);
	const closed = world.events().find((event) => event.src === "reaped");
	assert.equal(closed.pid, pi.child.pid);
	assert.equal(closed.id, world.events().find((event) => event.pid === pi.child.pid).id);
	assert.ok(closed.duration_ms >= 0 && closed.session_id, "it says how long and whose it was");
	rpc.send({ type: "abort" });
	await rpc.idle();
	await rpc.close();
	assert.deepEqual(outcomes(world.events()), ["fx_wait cancelled", "fx_wait cancelled"]);
});

const stuck = { extensions: ["fx.ts"], scripts: { play: [{ tools: [{ name: "fx_ok" }] }, { text: "Let me think", hang: true }] } };
scenario("an abort between tools cancels none that had ended", stuck, async (world) => {
	const rpc = new Rpc(world);
	await rpc.prompt("play:play");
	await until(() => world.provider.requests.length === 2, "the second request");
	rpc.send({ type: "abort" });
	await rpc.idle();
	await rpc.close();
	assert.deepEqual(outcomes(world.events()), ["fx_ok succeeded"]);
});
