// The questionnaire and subagent extensions that ship with Pi.

import assert from "node:assert/strict";
import { join } from "node:path";
import { only, outcomes, runs, until } from "./lib/events.mjs";
import { print, Rpc, Tui } from "./lib/pi.mjs";
import { scenario } from "./lib/scenario.mjs";

const questions = [
	{
		id: "colour",
		label: "Colour",
		prompt: "Which colour?",
		options: [
			{ value: "red", label: "Red" },
			{ value: "blue", label: "Blue" },
		],
	},
];
const ask = (pi) => ({
	extensions: [join(pi.examples, "questionnaire.ts")],
	scripts: { ask: [{ tools: [{ name: "questionnaire", args: { questions } }] }, { text: "Thank you." }] },
});

async function inTerminal(world, key) {
	const tui = new Tui(world);
	try {
		await tui.shows(/mock-1/);
		await tui.enter("play:ask");
		await tui.shows(/Which colour\?[^]*Blue/);
		tui.press(key);
		await until(() => only(world.events(), "questionnaire").end !== undefined, "the end line");
	} finally {
		tui.close();
	}
	return only(world.events(), "questionnaire");
}

scenario("questionnaire answered", ask, async (world) => {
	const { start, end } = await inTerminal(world, "Enter");
	assert.equal(end.status, "succeeded");
	assert.equal(end.ext, "questionnaire");
	assert.equal(end.kind, "extension_tool");
	assert.equal(start.call_id, end.call_id);
	assert.doesNotMatch(JSON.stringify(world.events()), /colour|Blue|Red/i, "neither question nor answer is logged");
});

scenario("questionnaire cancelled", ask, async (world) => {
	assert.equal((await inTerminal(world, "Escape")).end.status, "cancelled");
});

scenario("questionnaire without a user interface", ask, async (world) => {
	await print(world, "play:ask");
	const { end } = only(world.events(), "questionnaire");
	assert.equal(end.status, "failed");
	assert.match(end.error_summary, /UI not available/);
});

const delegate = (scripts, args = { agent: "worker", task: "play:child" }) => (pi) => ({
	extensions: [join(pi.examples, "subagent"), "fx.ts"],
	scripts: { delegate: [{ tools: [{ name: "subagent", args }] }], ...scripts },
});

const childWorks = [
	{ tools: [{ name: "fx_ok" }], usage: { input: 300, output: 30 } },
	{ text: "The child is done.", usage: { input: 500, output: 50 } },
];
scenario("subagent succeeds with its usage", delegate({ child: childWorks }), async (world) => {
	world.addAgent("worker");
	await print(world, "play:delegate");
	const events = world.events();
	assert.deepEqual(outcomes(events), ["fx_ok succeeded", "subagent succeeded"]);
	const { end } = only(events, "subagent");
	assert.equal(end.usage.input, 800);
	assert.equal(end.usage.output, 80);
	assert.equal(end.usage.tokens, 880);
	assert.ok(Math.abs(end.usage.cost - (800 + 2 * 80) / 1e6) < 1e-9);
	assert.notEqual(only(events, "fx_ok").end.session_id, end.session_id, "the child has a session of its own");
});

scenario("subagent fails", delegate({}, { agent: "nobody", task: "play:child" }), async (world) => {
	world.addAgent("worker");
	await print(world, "play:delegate");
	const { end } = only(world.events(), "subagent");
	assert.equal(end.status, "failed");
	assert.match(end.error_summary, /nobody/);
});

scenario("subagent whose model answers with an error", delegate({ child: [{ status: 400, text: "the model is gone" }] }), async (world) => {
	world.addAgent("worker");
	await print(world, "play:delegate");
	const { end } = only(world.events(), "subagent");
	assert.equal(end.status, "failed");
	assert.match(end.error_summary, /the model is gone/);
});

scenario("subagent aborted", delegate({ child: [{ tools: [{ name: "fx_wait" }] }] }), async (world) => {
	world.addAgent("worker");
	const rpc = new Rpc(world);
	await rpc.prompt("play:delegate");
	await until(() => world.events().some((e) => e.name === "fx_wait"), "the child's tool");
	rpc.send({ type: "abort" });
	await rpc.idle();
	await until(() => runs(world.events()).every(({ end }) => end), "all end lines");
	await rpc.close();
	assert.deepEqual(outcomes(world.events()), ["fx_wait cancelled", "subagent cancelled"]);
});
