/** /tool-usage setup: which helpers to record, asked with Pi's own dialogs. */

import { currentPlaces, refreshPlaces } from "../_shared/logger.ts";
import { setEnvironment } from "./environment.ts";
import type { Context } from "./pi.ts";
import { textOf } from "./program.ts";
import { say } from "./say.ts";

/** How long the search for helpers, and the installation with its import, may take, in milliseconds. */
const SEARCH = 60_000;
const INSTALL = 600_000;

/** What `pi-track setup --json` prints, as far as it is used. */
interface Plan {
	candidates: { name: string; kind: string; pi: number; shell: number; not?: string; record: boolean }[];
	startup: { file: string; line: number }[];
	sessions: number;
}

/** The plan of setup; undefined where it cannot be made. */
export async function found(bin: string): Promise<Plan | undefined> {
	return planOf(await textOf(bin, ["setup", "--json"], SEARCH));
}

function planOf({ failed, text }: { failed: boolean; text: string }): Plan | undefined {
	try {
		return failed ? undefined : (JSON.parse(text) as Plan);
	} catch {
		return undefined;
	}
}

/** Asks, and carries out what was agreed to. Without a user interface it shows the plan. */
export async function setup(bin: string, ctx: Context): Promise<void> {
	const answer = await textOf(bin, ["setup", ctx.hasUI ? "--json" : "--dry-run"], SEARCH);
	if (!ctx.hasUI) {
		say(
			ctx,
			answer.failed ? answer.text : `${answer.text}\n${bin} setup --yes does it`,
			answer.failed ? "error" : "info",
		);
		return;
	}
	const plan = planOf(answer);
	if (!plan) {
		say(ctx, answer.text || "pi-track: error: no plan could be made", "error");
		return;
	}
	const names = await choose(plan, ctx);
	if (!names) {
		say(ctx, "Nothing was changed.");
		return;
	}
	const rc = plan.startup.length > 0 && (await askStartup(plan, ctx));
	const done = await textOf(bin, ["setup", "--record", names.join(","), ...(rc ? ["--rc"] : [])], INSTALL);
	if (done.failed) {
		say(ctx, done.text, "error");
		return;
	}
	refreshPlaces();
	setEnvironment(ctx);
	say(ctx, await summary(names));
}

/** The names to record; undefined when the user left. */
async function choose(plan: Plan, ctx: Context): Promise<string[] | undefined> {
	const width = Math.max(4, ...plan.candidates.map(({ name }) => name.length));
	for (;;) {
		const chosen = plan.candidates.filter(({ record }) => record).map(({ name }) => name);
		const go =
			chosen.length > 0
				? `Record ${chosen.length} of these and show the report`
				: "Install, and record no helper for now";
		const lines = plan.candidates.map(({ name, kind, pi, shell, not, record }) => {
			const note = not ? `, ${not}` : "";
			return `${record ? "[x]" : "[ ]"} ${name.padEnd(width)}  ${kind}, ${pi} times in Pi, ${shell} in shells${note}`;
		});
		const title = "Which of your helpers is pi-track to record? Only names and counts were read.";
		const answer = await ctx.ui.select(title, [go, ...lines]);
		if (answer === undefined) return undefined;
		if (answer === go) return chosen;
		const candidate = plan.candidates[lines.indexOf(answer)];
		if (candidate) candidate.record = !candidate.record;
	}
}

async function askStartup({ startup }: Plan, ctx: Context): Promise<boolean> {
	const places = startup.map(({ file, line }) => `${file}, line ${line}`).join("\n");
	return ctx.ui.confirm(
		"Record in your own shells too?",
		`Inside Pi it works already. For your shells, 3 lines that put the shims on PATH would go into\n${places}`,
	);
}

async function summary(names: string[]): Promise<string> {
	const { bin } = currentPlaces();
	const recorded = names.length > 0 ? `Recorded from now on: ${names.join(", ")}.\n` : "";
	const { text, failed } = await textOf(bin, ["report", "digest", "--color", "never"], SEARCH);
	return `${recorded}${failed || text === "" ? "" : `\n${text}\n\n`}${bin} uninstall takes everything away again.`;
}
