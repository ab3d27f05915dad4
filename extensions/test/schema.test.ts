import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { logEvent, newID, startRun } from "../_shared/logger.ts";
import { World } from "./world.ts";

interface Validator {
	(value: unknown): boolean;
	errors?: unknown;
}

/** Compiles docs/event.schema.json with ajv, which run.mjs has installed outside the tree. */
function validator(): Validator {
	const tools = createRequire(join(process.env["PI_TRACK_TOOLS"] ?? "", "package.json"));
	const { Ajv2020 } = tools("ajv/dist/2020.js") as {
		Ajv2020: new (options: object) => { compile(schema: object): Validator };
	};
	const schema = readFileSync(new URL("../../docs/event.schema.json", import.meta.url), "utf8");
	return new Ajv2020({ strict: false, allErrors: true }).compile(JSON.parse(schema) as object);
}

test("every event that the logger writes is valid by the schema", () => {
	const valid = validator();
	const world = new World();
	try {
		process.env["PI_TRACK_PARENT"] = newID();
		startRun({ kind: "extension_tool", name: "plain", callId: "c", ext: "e", scope: "project" }).end({
			status: "succeeded",
			usage: { tokens: 3, input: 1, output: 2, cost: 0.25, model: "m" },
		});
		const strange = "\u001b[31m\ud800 \u0000 ä 𝄞 ".repeat(400);
		for (const status of ["failed", "cancelled"] as const) {
			startRun({
				kind: "extension_command",
				name: strange,
				cwd: `/${strange}`,
				sessionId: strange,
				taskId: strange,
			}).end({
				status,
				error: strange,
				exitCode: 255,
				rusage: { userMs: 1, sysMs: 2, maxRssKb: 3 },
				usage: { tokens: Number.NaN, cost: -1, model: strange },
			});
		}
		logEvent({ kind: "job", name: "killed", status: "failed", signal: "KILL", durationMs: Number.NaN });
		const lines = world.lines();
		assert.equal(lines.length, 7);
		for (const line of lines) assert.ok(valid(line), JSON.stringify([line, valid.errors]));
	} finally {
		world.close();
	}
	assert.ok(!valid({ kind: "job" }), "the schema refuses what is no event");
});
