#!/usr/bin/env node
// Plays one scripted conversation with the extension loaded and prints what
// Pi said and what the log holds, to look at by hand:
//
//   node test/e2e-pi/try.mjs [old|new] [fx_ok fx_throw …|/command]
//
// Without PI_TRACK_BIN the extension is taken from extensions/ as it is.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { installPis } from "./lib/install.mjs";
import { print } from "./lib/pi.mjs";
import { repoRoot, World } from "./lib/world.mjs";

if (!process.env.PI_TRACK_BIN) process.env.PI_TRACK_EXTENSIONS ??= join(repoRoot, "extensions");
const [label = "old", ...words] = process.argv.slice(2);
const pis = await installPis();
const names = words.filter((word) => !word.startsWith("/"));
const scripts = { try: (names.length ? names : ["fx_ok"]).map((name) => ({ tools: [{ name }] })) };
const prompt = words.find((word) => word.startsWith("/")) ?? "play:try";
const world = await World.make(pis.find((pi) => pi.label === label), { scripts, extensions: ["fx.ts"] });
try {
	const result = await print(world, prompt);
	console.log(`exit ${result.code ?? result.signal}\n--- stdout\n${result.stdout}--- stderr\n${result.stderr}--- log`);
	if (existsSync(world.log)) process.stdout.write(readFileSync(world.log, "utf8"));
} finally {
	await world.close();
}
