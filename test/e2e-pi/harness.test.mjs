// The harness itself: both versions of Pi, without the extension, get what the
// script plays and send back what their tools gave.

import assert from "node:assert/strict";
import { scenario } from "./lib/scenario.mjs";
import { print } from "./lib/pi.mjs";
import { toolResults } from "./lib/provider.mjs";

const play = [{ tools: [{ name: "fx_ok" }, { name: "fx_throw" }] }, { text: "All good." }];

scenario("a scripted conversation without the extension", { track: false, extensions: ["fx.ts"], scripts: { play } }, async (world) => {
	const { code, stdout } = await print(world, "play:play");
	assert.equal(code, 0);
	assert.equal(stdout, "All good.\n");
	assert.deepEqual(toolResults(world.provider.requests), ["fine", "it broke, password=hunter2hunter2"]);
	assert.deepEqual(world.events(), []);
});
