/**
 * Says whether a tool or a command belongs to an extension, and to which.
 */

import { basename, dirname, extname } from "node:path";
import type { Scope } from "../_shared/event.ts";
import type { Pi, SourceInfo, Tool } from "./pi.ts";

/** The extension behind a tool or a command. */
export interface Origin {
	ext: string;
	scope: Scope;
}

/** Directories that hold an extension's files without naming it. */
const unnamed = new Set(["src", "dist", "lib", "build", "extension", "extensions"]);

/**
 * Returns the origin of a tool: that of an extension, or the MCP server behind
 * it, which Pi names mcp__SERVER__TOOL and calls its own.
 */
export function originOfTool({ name, sourceInfo }: Tool): Origin | undefined {
	if (sourceInfo?.path !== "builtin:mcp") return originOf(sourceInfo);
	const server = /^mcp__(.+?)__./.exec(name)?.[1];
	return server === undefined ? undefined : { ext: server, scope: scopeOf(sourceInfo) };
}

/** Returns the origin, or undefined for what Pi itself or its host brings. */
export function originOf(info: SourceInfo | undefined): Origin | undefined {
	if (!info || info.source === "builtin" || info.source === "sdk") return undefined;
	return { ext: extensionName(info.path ?? ""), scope: scopeOf(info) };
}

/** Says whether it belongs to the project or to the user. */
export function scopeOf(info: SourceInfo | undefined): Scope {
	return info?.scope === "project" ? "project" : "global";
}

/** `…/todo.ts` and `…/todo/index.ts` are both the extension todo. */
function extensionName(path: string): string {
	if (path.startsWith("<")) return path.replace(/^<|>$/g, "");
	const file = basename(path, extname(path));
	if (file !== "index") return file;
	let dir = dirname(path);
	while (unnamed.has(basename(dir))) dir = dirname(dir);
	return basename(dir);
}

/** Looks tools up by name. Tools may be registered late, so a miss asks Pi again. */
export class ToolOrigins {
	readonly #pi: Pick<Pi, "getAllTools">;
	#known = new Map<string, Origin | undefined>();

	constructor(pi: Pick<Pi, "getAllTools">) {
		this.#pi = pi;
	}

	/** Forgets everything: a built-in tool may have been replaced by an extension's. */
	forget(): void {
		this.#known.clear();
	}

	/** Returns the origin of the tool, or undefined when it is no extension's tool. */
	get(name: string): Origin | undefined {
		if (!this.#known.has(name)) {
			for (const tool of this.#pi.getAllTools()) this.#known.set(tool.name, originOfTool(tool));
		}
		return this.#known.get(name);
	}
}
