/**
 * The manifest that `pi-track install` writes, as far as Pi is concerned: the
 * keys in front of the first shim. Go's package manifest describes the form.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What the extension does beside recording: the table [pi] of shims.toml. */
export interface PiSettings {
	/** Offers the model a tool that tells what to expect of helpers. */
	tool: boolean;
	/** Says at the start of a session what got worse. */
	notify: boolean;
	/** Sends what is new to every sink when Pi quits. */
	ship: boolean;
}

/** The keys and values in front of the first shim; none of a manifest that is not whole. */
export function* settings(manifest: string): Generator<[string, string]> {
	if (!manifest.startsWith("pi-track manifest 1\n") || !manifest.endsWith("end\n")) return;
	for (const line of manifest.split("\n")) {
		const [, key, quoted] = /^(\S+) (".*")$/.exec(line) ?? [];
		if (key === "shim") return;
		if (key !== undefined) yield [key, unquote(quoted ?? "")];
	}
}

/** Go quotes text as JSON does, but for bytes that no name has. */
function unquote(quoted: string): string {
	try {
		return String(JSON.parse(quoted));
	} catch {
		return "";
	}
}

/** The text of the manifest in a home; "" where nothing is installed. */
export function readManifest(home: string): string {
	try {
		return readFileSync(join(home, "manifest"), "utf8");
	} catch {
		return "";
	}
}

/** What the manifest says about Pi. Without one the extension only records. */
export function piSettings(manifest: string): PiSettings {
	const all = new Map(settings(manifest));
	return {
		tool: all.get("pi_tool") === "true",
		notify: manifest !== "" && all.get("pi_notify") !== "false",
		ship: all.get("pi_ship") === "true",
	};
}
