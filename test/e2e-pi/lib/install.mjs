// Installs the two versions of Pi that the scenarios run, and the packages of
// extensions that they load, once, into a cache directory: ${PI_TRACK_TEST_CACHE:-${XDG_CACHE_HOME:-~/.cache}/pi-track-test}.
//
//   old  @mariozechner/pi-coding-agent 0.73.1, run by node 20
//   new  @earendil-works/pi-coding-agent, run by the npm package node@22
//
// Run as a program it installs everything and prints where it is.

import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { withLock } from "../../../extensions/test/lock.mjs";

const exec = promisify(execFile);

const OLD = { name: "@mariozechner/pi-coding-agent", version: "0.73.1" };
const NEW = { name: "@earendil-works/pi-coding-agent", version: process.env.PI_TRACK_TEST_NEW_PI ?? "1.6.0" };

/** Public packages of extensions that scenarios load, by name. */
const PACKAGES = {
	"@tintinweb/pi-subagents": "0.14.1",
	"pi-subagents": "0.49.0", // 0.67.0 fails every call under Pi 1.6.0
	"pi-mcp-adapter": "2.36.0",
	"pi-web-access": "0.28.0",
};

/** The cache directory. */
export function cacheDir() {
	if (process.env.PI_TRACK_TEST_CACHE) return process.env.PI_TRACK_TEST_CACHE;
	return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "pi-track-test");
}

async function npm(cwd, ...args) {
	const opts = { cwd, timeout: 300_000, maxBuffer: 1 << 24 };
	return exec("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], opts);
}

// Fills dir through a sibling that is renamed into place, so that an
// interrupted or a second installation never leaves half of one. Of two at
// once the second one waits for the first and finds its work done.
async function once(dir, mark, fill) {
	const stamp = join(dir, ".installed");
	const done = () => existsSync(stamp) && readFileSync(stamp, "utf8") === mark;
	if (done()) return;
	await withLock(`${dir}.lock`, async () => {
		if (!done()) await replace(dir, mark, fill);
	});
}

async function replace(dir, mark, fill) {
	const tmp = `${dir}.${process.pid}`;
	rmSync(tmp, { recursive: true, force: true });
	mkdirSync(tmp, { recursive: true });
	writeFileSync(join(tmp, "package.json"), '{"private":true}\n');
	try {
		await fill(tmp);
		writeFileSync(join(tmp, ".installed"), mark);
		rmSync(dir, { recursive: true, force: true });
		renameSync(tmp, dir);
	} finally {
		rmSync(tmp, { recursive: true, force: true });
	}
}

const nodeIn = (dir) => join(dir, "node_modules", "node", "bin", "node");

function cliOf(dir, name) {
	const root = join(dir, "node_modules", name);
	const { bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
	return join(root, bin.pi);
}

function describe(label, dir, name, node) {
	const cli = cliOf(dir, name);
	const root = join(dir, "node_modules", name);
	const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
	return { label, name, version, node, cli, examples: join(root, "examples", "extensions") };
}

/**
 * Installs what is missing.
 * @returns {Promise<{label: string, name: string, version: string, node: string, cli: string, examples: string}[]>}
 *   the old Pi, then the new one
 */
export async function installPis() {
	const cache = cacheDir();
	mkdirSync(cache, { recursive: true });
	const oldDir = join(cache, "old");
	const newDir = join(cache, "new");
	const spec = `${OLD.name}@${OLD.version}`;
	const runsOld = process.version.startsWith("v20.");
	await once(oldDir, spec, async (tmp) => {
		if (!runsOld) await npm(tmp, "install", "node@20");
		await npm(tmp, "install", spec);
	});
	const newest = `${NEW.name}@${NEW.version}`;
	await once(newDir, newest, async (tmp) => {
		await npm(tmp, "install", "node@22");
		await npm(tmp, "install", newest);
	});
	return [
		describe("old", oldDir, OLD.name, runsOld ? process.execPath : nodeIn(oldDir)),
		describe("new", newDir, NEW.name, nodeIn(newDir)),
	];
}

/**
 * Installs a package of PACKAGES alone, without the Pi that it names as its
 * peer, and returns its directory, which a World takes as one of its packages.
 */
export async function installPackage(name) {
	const spec = `${name}@${PACKAGES[name]}`;
	const dir = join(cacheDir(), "packages", name.replace("/", "+"));
	mkdirSync(dirname(dir), { recursive: true });
	await once(dir, spec, (tmp) => npm(tmp, "install", "--legacy-peer-deps", "--ignore-scripts", spec));
	return join(dir, "node_modules", name);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	console.log(JSON.stringify(await installPis(), null, "\t"));
	for (const name of Object.keys(PACKAGES)) console.log(await installPackage(name));
}
