// What Pi spends below a loop: each answer once, whoever received it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { only, runs, until } from "./lib/events.mjs";
import { installPackage } from "./lib/install.mjs";
import { Rpc } from "./lib/pi.mjs";
import { scenario } from "./lib/scenario.mjs";

/** Runs `pi -p play:outer` as a loop to its end and returns the loop's end event. */
async function loop(world) {
	const args = ["run", "--name", "spend", "--kind", "loop", "--", world.pi.node, world.pi.cli, "-p", "play:outer"];
	const child = spawn(process.env.PI_TRACK_BIN, args, { cwd: world.project, env: world.env, stdio: "ignore" });
	await new Promise((resolve) => child.on("close", resolve));
	return only(world.events(), "spend").end;
}

const agent = (isolated, description) => ({ name: "Agent", args: { subagent_type: "general-purpose", description, prompt: `play:${description}`, isolated } });
const inProcess = async () => ({
	packages: [await installPackage("@tintinweb/pi-subagents")],
	extensions: ["fx.ts"],
	scripts: {
		outer: [{ tools: [agent(true, "alone"), agent(false, "with")] }, { tools: [{ name: "fx_usage" }] }],
		alone: [{ text: "Done.", usage: { input: 300, output: 30 } }],
		with: [{ tools: [{ name: "fx_ok" }], usage: { input: 500, output: 50 } }],
	},
});
scenario("agents with and without extensions, and a tool's own usage", inProcess, { on: ["new"] }, async (world) => {
	const end = await loop(world);
	// Three answers to the outer prompt, one of the agent alone, two of the other, and the tool's 100 and 20.
	const { input, output } = end.usage;
	assert.deepEqual({ input, output }, { input: 3000 + 300 + 1500 + 100, output: 60 + 30 + 70 + 20 });
	const work = runs(world.events()).filter(({ start }) => start.name === "general-purpose");
	assert.deepEqual(work.map(({ end: one }) => one.usage.input).sort(), [1500, 300]);
	for (const { end: one } of work) assert.equal(one.root_id, end.id);
});

scenario("a tool's own usage belongs to its loop", { extensions: ["fx.ts"], scripts: { outer: [{ tools: [{ name: "fx_usage" }] }] } }, async (world) => {
	const { tokens, input, cache_read } = (await loop(world)).usage;
	assert.deepEqual({ tokens, input, cache_read }, { tokens: 2 * 1020 + 127, input: 2100, cache_read: 3 });
});

const detached = async () => ({
	packages: [await installPackage("pi-subagents")],
	scripts: { outer: [{ tools: [{ name: "subagent", args: { agent: "worker", task: "play:child" } }] }], child: [{ text: "Done.", usage: { input: 300, output: 30 } }] },
});
scenario("a detached agent is a run of its own, with its end and its usage", detached, { on: ["new"] }, async (world) => {
	const rpc = new Rpc(world);
	await rpc.prompt("play:outer");
	await rpc.idle();
	const call = only(world.events(), "subagent").end;
	assert.equal(call.status, "succeeded");
	const end = await until(() => world.events().find((event) => event.name === "worker" && event.status !== "started"), "the agent's end");
	await rpc.close();
	assert.deepEqual([end.kind, end.status, end.parent_id, end.session_id], ["job", "succeeded", call.id, call.session_id]);
	assert.equal(end.usage.input, 300);
	assert.ok(end.duration_ms > call.duration_ms);
});
