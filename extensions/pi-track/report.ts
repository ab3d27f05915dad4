/** /tool-usage: the report inside Pi. */

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { currentPlaces } from "../_shared/logger.ts";
import { own } from "./own.ts";
import type { Context, Pi } from "./pi.ts";
import { say } from "./say.ts";

/** How long a report may take, in milliseconds. */
const PATIENCE = 30_000;

/** Registers /tool-usage. */
export function registerReport(pi: Pi): void {
	pi.registerCommand("tool-usage", {
		description: "Show in a few sentences how helpers, tools and commands are used (why NAME: one of them)",
		handler: own(async (args: string, ctx: Context) => {
			const words = args.trim().split(/\s+/).filter(Boolean);
			await show(ctx, words.length > 0 ? words : ["digest"]);
		}),
	});
}

async function show(ctx: Context, words: string[]): Promise<void> {
	const { bin, home } = currentPlaces();
	if (!existsSync(bin)) {
		say(ctx, `pi-track: error: ${bin} is missing\npi-track: hint: run pi-track install`, "error");
		return;
	}
	const width = Math.min(Math.max((process.stdout.columns ?? 80) - 2, 40), 160);
	const { text, failed } = await run(bin, ["report", ...words, "--color", "never", "--width", String(width)], home);
	say(ctx, text || "nothing recorded", failed ? "error" : "info");
}

function run(bin: string, args: string[], home: string): Promise<{ text: string; failed: boolean }> {
	const options = {
		timeout: PATIENCE,
		maxBuffer: 4 << 20,
		env: { ...process.env, PI_TRACK_HOME: home, NO_COLOR: "1" },
	};
	return new Promise((resolve) => {
		execFile(bin, args, options, (error, stdout, stderr) => {
			const failed = error !== null;
			resolve({ failed, text: (failed ? stderr || error.message : stdout).trimEnd() });
		}).stdin?.end();
	});
}
