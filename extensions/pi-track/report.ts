/** /tool-usage: the report inside Pi. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { currentPlaces } from "../_shared/logger.ts";
import { own } from "./own.ts";
import type { Context, Pi } from "./pi.ts";
import { program, textOf } from "./program.ts";
import { say } from "./say.ts";
import { found, setup } from "./setup.ts";

/** Registers /tool-usage. */
export function registerReport(pi: Pi): void {
	pi.registerCommand("tool-usage", {
		description: "Show how helpers, tools and commands are used (why NAME: one of them; setup: record your helpers)",
		handler: own(async (args: string, ctx: Context) => {
			const words = args.trim().split(/\s+/).filter(Boolean);
			const bin = program();
			if (bin === "") say(ctx, missing(), "error");
			else if (words[0] === "setup") await setup(bin, ctx);
			else await show(bin, ctx, words.length > 0 ? words : ["digest"]);
		}),
	});
}

function missing(): string {
	const hint = "run pi-track install (npm install -g pi-track brings the program)";
	return `pi-track: error: ${currentPlaces().bin} is missing\npi-track: hint: ${hint}`;
}

/** The exit status of a report whose log cannot be read. */
const NO_LOG = 3;
const NOTHING = "Nothing is recorded yet. From now on tools and commands of extensions are.";

async function show(bin: string, ctx: Context, words: string[]): Promise<void> {
	const width = Math.min(Math.max((process.stdout.columns ?? 80) - 2, 40), 160);
	const args = ["report", ...words, "--color", "never", "--width", String(width)];
	const { text, code, failed } = await textOf(bin, args);
	const { home, log } = currentPlaces();
	const nothing = code === NO_LOG && !existsSync(log); // no error: what a new user sees first
	const wrong = failed && !nothing;
	const more = wrong || existsSync(join(home, "manifest")) ? "" : await invitation(bin);
	say(ctx, (nothing ? NOTHING : text || "nothing recorded") + more, wrong ? "error" : "info");
}

/** What to add to a report where no helper is recorded yet. */
async function invitation(bin: string): Promise<string> {
	const count = (await found(bin))?.candidates.filter(({ record }) => record).length ?? 0;
	if (count === 0) return "\n\nYour shell helpers can be recorded too: /tool-usage setup";
	return `\n\n${count} ${count === 1 ? "helper" : "helpers"} of yours can be recorded too: /tool-usage setup`;
}
