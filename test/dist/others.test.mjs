// What other package managers make of dist/: pnpm, Bun, makepkg, Ruby, Nix, and
// what macOS asks of a program. See run.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
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

for (const [manager, ...args] of [["pnpm", "add"], ["bun", "add"]]) {
	test(`${manager} installs a program that works`, async () => {
		const dir = mkdtempSync(join(work, `${manager}-`));
		const env = { PATH: process.env.PATH, HOME: join(dir, "home") };
		mkdirSync(env.HOME);
		await promisify(execFile)(join(process.env.TOOLS, "node_modules/.bin", manager), [...args, "pi-track", "--registry", registry.url], { cwd: dir, env });
		const run = (...words) => execFileSync(join(dir, "node_modules/.bin/pi-track"), words, { env, encoding: "utf8" });
		assert.match(run("version"), new RegExp(`^pi-track ${version.replaceAll(".", "\\.")}\\b`));
		assert.match(run("install", "--no-pi"), /\(new, from the default\)/);
		run("run", "--name", "works", "--", "true");
		assert.equal(JSON.parse(run("report", "--json")).overview.runs, 1);
		assert.match(run("uninstall", "--purge", "--yes"), /removed/);
	});
}

test("makepkg builds a package from the PKGBUILD, with the programs side by side", () => {
	const dir = mkdtempSync(join(work, "makepkg-"));
	const archive = `pi-track-${version}-linux-${process.arch}.tar.gz`;
	for (const name of ["PKGBUILD", archive]) copyFileSync(join(dist, name), join(dir, name)); // an archive that is there is not downloaded
	chmodSync(work, 0o755);
	for (const path of [dir, ...readdirSync(dir).map((name) => join(dir, name))]) chownSync(path, 65534, 65534); // makepkg refuses root; it asks pacman only for dependencies
	execFileSync("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "makepkg", "--nodeps", "--noconfirm"], {
		cwd: dir, env: { PATH: "/usr/bin:/bin", HOME: dir, PKGEXT: ".pkg.tar.gz", PACMAN: "true" }, stdio: "pipe",
	});
	const made = readdirSync(dir).find((name) => name.endsWith(".pkg.tar.gz"));
	execFileSync("tar", ["-xzf", join(dir, made), "-C", dir]);
	assert.match(execFileSync(join(dir, "usr/bin/pi-track"), ["version"], { encoding: "utf8" }), new RegExp(`^pi-track ${version}`));
	for (const file of ["lib/pi-track/pi-track-shim", "share/man/man1/pi-track-report.1.gz", "share/zsh/site-functions/_pi-track"]) {
		assert.ok(existsSync(join(dir, "usr", file)), file);
	}
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
