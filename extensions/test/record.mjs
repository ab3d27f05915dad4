#!/usr/bin/env node
// Records what an extension sees of a scripted conversation, from each version
// of the real Pi, into recorded/. Run it by hand when a new version behaves in
// a new way; recorded.test.ts plays the recordings to the extension.

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "../../test/e2e-pi/lib/events.mjs";
import { installPis } from "../../test/e2e-pi/lib/install.mjs";
import { print, Rpc } from "../../test/e2e-pi/lib/pi.mjs";
import { World } from "../../test/e2e-pi/lib/world.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const one = (name, args) => ({ tools: [{ name, args }] });
const scripts = {
	outcomes: [
		one("fx_ok"),
		one("fx_throw"),
		one("fx_iserror"),
		one("fx_number", { n: "my private text" }),
		one("fx_blocked"),
		one("fx_unknown"),
		one("fx_usage"),
		one("bash", { command: "sleep 5", timeout: 1 }),
		{ tools: [{ name: "fx_wait", args: { ms: 300 } }, { name: "fx_ok" }] },
	],
	throw: [one("fx_wait", { abort: "throw" })],
	return: [one("fx_wait", { abort: "return" })],
	killed: [one("fx_wait")],
};

async function record(pi) {
	const file = join(here, "recorded", `${pi.label}.jsonl`);
	let all = "";
	for (const script of Object.keys(scripts)) {
		const extensions = ["fx.ts", join(here, "recorder.ts")];
		const world = await World.make(pi, { scripts, extensions, track: false });
		try {
			world.env.RECORD = join(world.root, "record");
			await play(world, script);
			const home = new RegExp(world.root, "g");
			const text = readFileSync(world.env.RECORD, "utf8").replace(home, "/tmp/w");
			for (const line of text.trim().split("\n")) all += `${JSON.stringify(slim(script, JSON.parse(line)))}\n`;
		} finally {
			await world.close();
		}
	}
	writeFileSync(file, all);
	console.log(`${file}: ${all.split("\n").length - 1} events of Pi ${pi.version}`);
}

/** The tools are the same all the time: only the session's start repeats them. */
function slim(script, { tools, ...line }) {
	return { script, ...line, ...(line.event === "session_start" ? { tools } : {}) };
}

async function play(world, script) {
	if (script === "outcomes") return print(world, "play:outcomes");
	const rpc = new Rpc(world);
	await rpc.prompt(`play:${script}`);
	await until(() => readFileSync(world.env.RECORD, "utf8").includes("tool_execution_start"), "the tool's start");
	if (script === "killed") {
		rpc.child.kill("SIGTERM");
		return rpc.done;
	}
	rpc.send({ type: "abort" });
	await rpc.idle();
	return rpc.close();
}

for (const pi of await installPis()) await record(pi);
