/** Shows text to the user in whatever mode Pi runs. */

import { writeSync } from "node:fs";
import type { Context } from "./pi.ts";

/**
 * With a user interface (TUI, rpc) the text is a notification. In print mode
 * it goes to standard output, which Pi redirects for everybody who uses
 * process.stdout; in JSON mode, whose standard output is for events, to
 * standard error.
 */
export function say(ctx: Context, text: string, type: "info" | "error" = "info"): void {
	if (ctx.hasUI) ctx.ui.notify(text, type);
	else if (type === "error" || isJSONMode(ctx)) process.stderr.write(`${text}\n`);
	else print(`${text}\n`);
}

/** Says whether somebody sits at Pi's own interface in a terminal. */
export function isTerminal(ctx: Context & { mode?: unknown }): boolean {
	if (!ctx.hasUI) return false;
	if (ctx.mode !== undefined) return ctx.mode === "tui";
	const { argv } = process;
	return !argv.includes("--mode=rpc") && argv[argv.indexOf("--mode") + 1] !== "rpc";
}

function isJSONMode(ctx: Context & { mode?: unknown }): boolean {
	if (ctx.mode !== undefined) return ctx.mode === "json";
	const { argv } = process;
	return argv.includes("--mode=json") || argv[argv.indexOf("--mode") + 1] === "json";
}

function print(text: string): void {
	let rest = Buffer.from(text);
	try {
		while (rest.length > 0) rest = rest.subarray(writeSync(1, rest));
	} catch {
		process.stdout.write(rest); // The pipe is full: leave the rest to Pi's own way of writing.
	}
}
