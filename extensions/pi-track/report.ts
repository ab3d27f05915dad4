/** /tool-usage: the report inside Pi. */

import { existsSync } from "node:fs";
import { currentPlaces } from "../_shared/logger.ts";
import { own } from "./own.ts";
import type { Context, Pi } from "./pi.ts";
import { runProgram } from "./program.ts";
import { say } from "./say.ts";

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
	const options = ["--color", "never", "--width", String(width)];
	const { code, stdout, stderr } = await runProgram(bin, ["report", ...words, ...options], home);
	const text = (code === 0 ? stdout : stderr).trimEnd();
	say(ctx, text || "nothing recorded", code === 0 ? "info" : "error");
}
