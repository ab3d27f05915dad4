// The extension as a Pi package, alone and beside an installed one.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { outcomes } from "./lib/events.mjs";
import { print } from "./lib/pi.mjs";
import { scenario } from "./lib/scenario.mjs";
import { copyExtension, repoRoot } from "./lib/world.mjs";

const options = { extensions: ["fx.ts"], scripts: { play: [{ tools: [{ name: "fx_ok" }] }] } };

function pi(world, ...args) {
	return execFileSync(world.pi.node, [world.pi.cli, ...args], { cwd: world.project, env: world.env, encoding: "utf8" });
}

function addPackage(world) {
	const dir = join(world.root, "package");
	copyExtension(join(repoRoot, "extensions"), dir);
	pi(world, "install", join(dir, "pi-track"));
	return join(dir, "pi-track");
}

scenario("pi install and pi remove", { ...options, track: false }, async (world) => {
	const path = addPackage(world);
	await print(world, "play:play");
	await print(world, "/fx-ok");
	assert.deepEqual(outcomes(world.events()), ["fx-ok succeeded", "fx_ok succeeded"]);
	pi(world, "remove", path);
	await print(world, "play:play");
	assert.equal(world.events().length, 4, "nothing is recorded after it was removed");
});

scenario("two installations count once", options, async (world) => {
	addPackage(world);
	const { stdout, stderr } = await print(world, "play:play");
	assert.deepEqual([stdout, stderr], ["Done.\n", ""]);
	await print(world, "/fx-ok");
	assert.deepEqual(outcomes(world.events()), ["fx-ok succeeded", "fx_ok succeeded"]);
});
