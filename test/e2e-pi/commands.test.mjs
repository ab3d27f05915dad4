// Extension commands in print, rpc and terminal mode.

import assert from "node:assert/strict";
import { only, outcomes, until } from "./lib/events.mjs";
import { print, Rpc, Tui } from "./lib/pi.mjs";
import { scenario } from "./lib/scenario.mjs";

const fx = { extensions: ["fx.ts"], scripts: { hang: [{ text: "Hm", hang: true }] } };

async function withRpc(world, body) {
	const rpc = new Rpc(world);
	try {
		await body(rpc);
	} finally {
		await rpc.close();
	}
	return rpc;
}

async function withTui(world, body) {
	const tui = new Tui(world);
	try {
		await tui.shows(/mock-1/);
		await body(tui);
	} finally {
		tui.close();
	}
}

const ended = (world, name) => until(() => only(world.events(), name).end, `the end line of ${name}`);

scenario("print: a command succeeds", fx, async (world) => {
	const { code, stdout } = await print(world, "/fx-ok secret-argument");
	assert.deepEqual({ code, stdout }, { code: 0, stdout: "" });
	const { start, end } = only(world.events(), "fx-ok");
	assert.equal(end.kind, "extension_command");
	assert.equal(end.status, "succeeded");
	assert.equal(end.ext, "fx");
	assert.equal(end.src, "extension");
	assert.equal(end.scope, "global");
	assert.equal(end.cwd, world.project);
	assert.equal(start.session_id, end.session_id);
	assert.doesNotMatch(JSON.stringify(world.events()), /secret-argument/);
});

for (const [name, text] of [["fx-sync-throw", "sync trouble"], ["fx-async-throw", "async trouble"]]) {
	scenario(`print: ${name}`, fx, async (world) => {
		const { stderr } = await print(world, `/${name}`);
		assert.match(stderr, new RegExp(text), "Pi still reports it");
		const { end } = only(world.events(), name);
		assert.equal(end.status, "failed");
		assert.equal(end.error_summary, text);
	});

	scenario(`rpc: ${name}`, fx, async (world) => {
		await withRpc(world, async (rpc) => {
			await rpc.prompt(`/${name}`);
			await rpc.message((m) => m.type === "extension_error" && m.error.includes(text), "the error");
			await rpc.prompt("/fx-ok");
		});
		assert.deepEqual(outcomes(world.events()), ["fx-ok succeeded", `${name} failed`].sort());
	});
}

for (const confirmed of [true, false]) {
	scenario(`rpc: a command asks and hears ${confirmed ? "yes" : "no"}`, fx, async (world) => {
		await withRpc(world, async (rpc) => {
			rpc.send({ type: "prompt", message: "/fx-ask" });
			const { id } = await rpc.message((m) => m.method === "confirm", "the question");
			assert.equal(only(world.events(), "fx-ask").end, undefined, "still running");
			rpc.send({ type: "extension_ui_response", id, confirmed });
			await rpc.message((m) => m.method === "notify", "the answer");
		});
		assert.equal(only(world.events(), "fx-ask").end.status, "succeeded");
	});
}

scenario("rpc: a command replaces its own session", fx, async (world) => {
	await withRpc(world, async (rpc) => {
		rpc.send({ id: "before", type: "get_state" });
		const before = await rpc.message((m) => m.id === "before", "the state");
		await rpc.prompt("/fx-new");
		const { end } = await ended(world, "fx-new").then(() => only(world.events(), "fx-new"));
		assert.equal(end.session_id, before.data.sessionId, "it counts for the session in which it began");
		await rpc.prompt("/fx-ok");
	});
	const events = world.events();
	assert.deepEqual(outcomes(events), ["fx-new succeeded", "fx-ok succeeded"]);
	assert.notEqual(only(events, "fx-ok").end.session_id, only(events, "fx-new").end.session_id);
});

scenario("rpc: a reload does not count twice", { ...fx, scripts: { play: [{ tools: [{ name: "fx_ok" }] }] } }, async (world) => {
	await withRpc(world, async (rpc) => {
		for (let i = 0; i < 3; i++) await rpc.prompt("/fx-reload");
		await rpc.prompt("/fx-ok");
		await rpc.prompt("play:play");
		await rpc.idle();
	});
	assert.deepEqual(outcomes(world.events()), [...Array(3).fill("fx-reload succeeded"), "fx-ok succeeded", "fx_ok succeeded"].sort());
});

scenario("rpc: duplicate names", { extensions: ["fx.ts", "dup.ts"] }, async (world) => {
	await withRpc(world, async (rpc) => {
		await rpc.prompt("/fx-ok:1");
		await rpc.prompt("/fx-ok:2");
	});
	const ends = world.events().filter((e) => e.status === "succeeded");
	assert.deepEqual(ends.map((e) => e.ext).sort(), ["dup", "fx"]);
	assert.equal(world.events().length, 4);
});

scenario("rpc: a command while the model answers", fx, async (world) => {
	await withRpc(world, async (rpc) => {
		await rpc.prompt("play:hang");
		await until(() => world.provider.requests.length === 1, "the request");
		await rpc.prompt("/fx-ok");
		await ended(world, "fx-ok");
		rpc.send({ type: "abort" });
		await rpc.idle();
	});
	assert.deepEqual(outcomes(world.events()), ["fx-ok succeeded"]);
});

scenario("rpc: SIGTERM cancels a running command", fx, async (world) => {
	const rpc = new Rpc(world);
	rpc.send({ type: "prompt", message: "/fx-wait" });
	await until(() => only(world.events(), "fx-wait"), "the start line");
	rpc.child.kill("SIGTERM");
	await rpc.done;
	assert.deepEqual(outcomes(world.events()), ["fx-wait cancelled"]);
});

scenario("rpc: a project's command has project scope", { projectExtensions: ["fx.ts"] }, async (world) => {
	await withRpc(world, (rpc) => rpc.prompt("/fx-ok"));
	assert.equal(only(world.events(), "fx-ok").end.scope, "project");
});

scenario("terminal: commands succeed, throw, ask, replace the session, reload", fx, async (world) => {
	await withTui(world, async (tui) => {
		for (const name of ["fx-ok", "fx-sync-throw", "fx-async-throw", "fx-new", "fx-reload"]) {
			await tui.enter(`/${name} `);
			await ended(world, name);
			await tui.shows(/mock-1/);
		}
		await tui.enter("/fx-ask ");
		await tui.shows(/Really\?/);
		tui.press("Enter");
		await tui.shows(/answer yes/);
		await ended(world, "fx-ask");
	});
	assert.deepEqual(outcomes(world.events()), [
		"fx-ask succeeded",
		"fx-async-throw failed",
		"fx-new succeeded",
		"fx-ok succeeded",
		"fx-reload succeeded",
		"fx-sync-throw failed",
	]);
});
