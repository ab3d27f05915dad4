/**
 * Records the use of skills and of prompt templates. The model uses a skill by
 * reading its file, a person by /skill:NAME; a template is used by its /NAME.
 * Pi tells of neither but by the call of read, and by the input as it was
 * before it was expanded.
 */

import { basename, dirname, isAbsolute, resolve } from "node:path";
import { startRun } from "../_shared/logger.ts";
import { type Instance, processState } from "../_shared/state.ts";
import { record, text } from "./announced.ts";
import { type Origin, scopeOf } from "./origin.ts";
import type { CommandInfo, Context, InputEvent, Pi, ToolStart } from "./pi.ts";
import { quiet } from "./quiet.ts";
import { owns, sessionFields } from "./session.ts";

/** Watches the input of the sessions that the instance records. */
export function watchInput(pi: Pi, instance: Instance): void {
	pi.on(
		"input",
		quiet((event: InputEvent, ctx: Context) => {
			const sessionId = ctx.sessionManager.getSessionId();
			if (event.source === "extension" || !owns(instance, sessionId)) return;
			const called = calledByPerson(event.text, pi);
			if (!called) return;
			startRun({ ...called, cwd: ctx.cwd, ...sessionFields(sessionId) }).end({ status: "succeeded", durationMs: 0 });
		}),
	);
}

type Called = Pick<Origin, "scope"> & { kind: "skill" | "prompt"; name: string };

function calledByPerson(input: string, pi: Pi): Called | undefined {
	const name = /^\/(\S+)/.exec(input)?.[1];
	if (!name) return undefined;
	const found = pi.getCommands().find((command) => command.name === name && command.source !== "extension");
	if (found?.source === "prompt") return { kind: "prompt", name, scope: scopeOf(found.sourceInfo) };
	if (found?.source !== "skill") return undefined;
	return { kind: "skill", name: name.replace(/^skill:/, ""), scope: scopeOf(found.sourceInfo) };
}

/** Starts the run of a skill when the call reads its file; says whether it does. */
export function startSkill(pi: Pi, { toolName, args }: ToolStart, key: string, cwd: string, fields: object): boolean {
	const path = toolName === "read" ? text(record(args)["path"]) : "";
	const name = skillName(path);
	if (!name) return false;
	const file = resolve(cwd, path.replace(/^@/, ""));
	const known = pi.getCommands().find((command) => command.source === "skill" && pathOf(command) === file);
	const called = known
		? { name: known.name.replace(/^skill:/, ""), scope: scopeOf(known.sourceInfo) }
		: { name, scope: isInside(path, cwd) ? ("project" as const) : ("global" as const) };
	processState().open.set(key, startRun({ kind: "skill", ...called, cwd, ...fields }));
	return true;
}

const pathOf = (command: CommandInfo): string => command.sourceInfo?.path ?? "";

/** The skill in a file: of …/NAME/SKILL.md, or of …/skills/NAME.md; "" for another file. */
function skillName(path: string): string {
	const base = basename(path);
	const parent = basename(dirname(path));
	if (base === "SKILL.md") return parent === "." ? "" : parent;
	return parent === "skills" && base.endsWith(".md") && base !== "README.md" ? base.slice(0, -".md".length) : "";
}

function isInside(path: string, cwd: string): boolean {
	if (path.includes("/.pi/agent/") || path.startsWith("~")) return false;
	return !isAbsolute(path) || path.startsWith(`${cwd.replace(/\/$/, "")}/`);
}
