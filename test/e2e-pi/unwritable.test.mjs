// A log that cannot be written: Pi's output, its exit status and the results
// that the model is sent are what they are without the extension.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { print } from "./lib/pi.mjs";
import { toolResults } from "./lib/provider.mjs";
import { scenario } from "./lib/scenario.mjs";
import { World } from "./lib/world.mjs";

const play = [
	{ tools: [{ name: "fx_ok" }, { name: "fx_throw" }, { name: "fx_number", args: { n: "x" } }] },
	{ tools: [{ name: "bash", args: { command: "echo out; echo err >&2; exit 3" } }] },
	{ tools: [{ name: "fx_blocked" }] },
	{ text: "All done." },
];
const options = { extensions: ["fx.ts"], scripts: { play } };

async function observe(world) {
	const talk = await print(world, "play:play");
	const command = await print(world, "/fx-async-throw");
	return JSON.parse(
		JSON.stringify({ talk, command, results: toolResults(world.provider.requests) }).replaceAll(world.root, "ROOT"),
	);
}

const obstacles = {
	"a directory": (path) => mkdirSync(path),
	"a fifo that nobody reads": (path) => execFileSync("mkfifo", [path]),
	"below a file": (path) => join(path, "events.jsonl"),
	"a full device": () => "/dev/full",
};
for (const [what, prepare] of Object.entries(obstacles)) {
	scenario(`the log is ${what}`, options, async (world) => {
		const bare = await World.make(world.pi, { ...options, track: false });
		try {
			const path = join(world.root, "obstacle");
			if (what === "below a file") writeFileSync(path, "");
			const log = prepare(path);
			world.env.PI_TRACK_LOG = typeof log === "string" ? log : path;
			const [with_, without] = await Promise.all([observe(world), observe(bare)]);
			assert.deepEqual(with_, without);
			assert.equal(without.results.length, 5);
		} finally {
			await bare.close();
		}
	});
}

scenario("the home cannot be made", { ...options, track: false }, async (bare) => {
	const world = await World.make(bare.pi, options);
	try {
		writeFileSync(join(world.root, "file"), "");
		world.env.PI_TRACK_HOME = join(world.root, "file", "track");
		assert.deepEqual(await observe(world), await observe(bare));
	} finally {
		await world.close();
	}
});
