/**
 * Where things are: pi-track's home, the log, and the repository a directory
 * belongs to. The rules are those of Go's package log.
 *
 * Home: PI_TRACK_HOME, else the home that `pi-track install` wrote into
 * installed.json beside the extension's index.js, else ~/runtime/tool-usage.
 * Log: PI_TRACK_LOG, else the log named by installed.json if it belongs to
 * that home, else the one named by the home's manifest, else events.jsonl in the home. A relative PI_TRACK_LOG counts from
 * the working directory, a relative log in the record from the home.
 */

import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";

/** What the rest needs to know about this installation. */
export interface Places {
	home: string;
	log: string;
	/** The command line program, whether it exists or not. */
	bin: string;
	/** The directory of the PATH shims, whether it exists or not. */
	shims: string;
	/** Random id of this installation; empty until `pi-track install` made one. */
	host: string;
}

interface Installed {
	home?: unknown;
	log?: unknown;
	bin?: unknown;
}

type Env = Record<string, string | undefined>;

/**
 * Resolves the places from the environment and from the record of the
 * installation (a path, which may not exist). Never throws.
 */
export function resolvePlaces(env: Env, record: string): Places {
	const installed = readInstalled(record);
	const fallback = installed.home || join(env["HOME"] || homedir(), "runtime", "tool-usage");
	const home = resolve(env["PI_TRACK_HOME"] || fallback);
	const ours = installed.home !== "" && resolve(installed.home) === home;
	const configured = resolve(home, (ours && installed.log) || manifestLog(home) || "events.jsonl");
	return {
		home,
		log: resolve(env["PI_TRACK_LOG"] || configured),
		bin: ours && isAbsolute(installed.bin) ? installed.bin : join(home, "bin", "pi-track"),
		shims: join(home, "shims"),
		host: readText(join(home, "host")).trim().slice(0, 64),
	};
}

function readInstalled(record: string): { home: string; log: string; bin: string } {
	let found: Installed = {};
	try {
		const parsed: unknown = JSON.parse(readText(record) || "{}");
		if (typeof parsed === "object" && parsed !== null) found = parsed;
	} catch {
		// A damaged record is as good as none: the default places are used.
	}
	const text = (v: unknown): string => (typeof v === "string" ? v : "");
	return { home: text(found.home), log: text(found.log), bin: text(found.bin) };
}

/** The log that the configuration names, from its compiled form; "" for the default. */
function manifestLog(home: string): string {
	const quoted = /^pi-track manifest 1\nlog (".*")\n/.exec(readText(join(home, "manifest")))?.[1];
	try {
		return quoted ? String(JSON.parse(quoted)) : "";
	} catch {
		return "";
	}
}

function readText(path: string): string {
	try {
		return readFileSync(path, "utf8");
	} catch {
		return "";
	}
}

/** Says whether PI_TRACK_DISABLE switches recording off: it is set, and not to 0, false, no or off. */
export function isDisabled(env: Env): boolean {
	return !["", "0", "false", "no", "off"].includes((env["PI_TRACK_DISABLE"] ?? "").toLowerCase());
}

const repos = new Map<string, string>();

/**
 * Returns the root of the git work tree that holds dir, or "". A `.git` file
 * (worktree, submodule) counts like a directory. Answers are remembered until
 * forgetRepos is called.
 */
export function repoOf(dir: string): string {
	const known = repos.get(dir);
	if (known !== undefined) return known;
	let found = "";
	for (let at = dir; isAbsolute(at); at = dirname(at)) {
		if (existsSync(join(at, ".git"))) {
			found = at;
			break;
		}
		if (dirname(at) === at) break;
	}
	if (repos.size >= 64) repos.clear();
	repos.set(dir, found);
	return found;
}

/** Forgets what repoOf has seen; called when a session starts. */
export function forgetRepos(): void {
	repos.clear();
}
