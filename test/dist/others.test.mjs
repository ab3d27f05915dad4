// What other package managers make of dist/: pnpm, Ruby, Nix, and what
// macOS asks of a program. See run.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { serve } from "./registry.mjs";

const dist = realpathSync(process.env.DIST);
const version = process.env.VERSION;
const work = mkdtempSync(join(tmpdir(), "pi-track-others-"));
let registry;

before(async () => {
	registry = await serve(join(dist, "npm"));
});
after(() => {
	registry.close();
	rmSync(work, { recursive: true });
});

test("pnpm installs a program that works", async () => {
	const dir = mkdtempSync(join(work, "pnpm-"));
	const env = { PATH: process.env.PATH, HOME: join(dir, "home") };
	mkdirSync(env.HOME);
	await promisify(execFile)(join(process.env.TOOLS, "node_modules/.bin/pnpm"), ["add", "pi-track", "--registry", registry.url], { cwd: dir, env });
	const run = (...words) => execFileSync(join(dir, "node_modules/.bin/pi-track"), words, { env, encoding: "utf8" });
	assert.match(run("version"), new RegExp(`^pi-track ${version.replaceAll(".", "\\.")}\\b`));
	assert.match(run("install", "--no-pi"), /\(new, from the default\)/);
	run("run", "--name", "works", "--", "true");
	assert.equal(JSON.parse(run("report", "--json")).overview.runs, 1);
	assert.match(run("uninstall", "--purge", "--yes"), /removed/);
});

test("the formula is Ruby, and the flake is Nix", () => {
	assert.match(execFileSync("ruby", ["-c", join(dist, "pi-track.rb")], { encoding: "utf8" }), /Syntax OK/);
	execFileSync("nix-instantiate", ["--parse", "flake.nix"], { stdio: "pipe", env: { ...process.env, HOME: work } });
	assert.ok(readFileSync("flake.nix", "utf8").includes(`version = "${readFileSync("internal/version/version.go", "utf8").match(/"(\d+\.\d+\.\d+)"/)[1]}"`));
});

/** The code signature of a Mach-O program: flags, and how many pages do not match their hash. */
function signatureOf(data) {
	let at = 32;
	for (let left = data.readUInt32LE(16); left > 0; left--, at += data.readUInt32LE(at + 4)) {
		if (data.readUInt32LE(at) !== 0x1d) continue; // LC_CODE_SIGNATURE
		const blobs = data.subarray(data.readUInt32LE(at + 8));
		const directory = blobs.subarray(blobs.readUInt32BE(16));
		const [hashes, pages, limit, size] = [directory.readUInt32BE(16), directory.readUInt32BE(28), directory.readUInt32BE(32), 1 << directory[39]];
		let bad = 0;
		for (let page = 0; page < pages; page++) {
			const sum = createHash("sha256").update(data.subarray(page * size, Math.min((page + 1) * size, limit))).digest();
			if (!sum.equals(directory.subarray(hashes + 32 * page, hashes + 32 * page + 32))) bad++;
		}
		return { flags: directory.readUInt32BE(12), pages, bad };
	}
}

test("the programs for Apple silicon are signed ad hoc, and every page matches", () => {
	const dir = mkdtempSync(join(work, "macos-"));
	execFileSync("tar", ["-xzf", join(dist, `pi-track-${version}-darwin-arm64.tar.gz`), "--strip-components=1", "-C", dir]);
	for (const name of ["pi-track", "pi-track-shim"]) {
		const { flags, pages, bad } = signatureOf(readFileSync(join(dir, "bin", name)));
		assert.equal(flags & 2, 2);
		assert.ok(pages > 100);
		assert.equal(bad, 0);
	}
});
