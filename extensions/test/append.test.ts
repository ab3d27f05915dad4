import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import fs, {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { appendLine } from "../_shared/append.ts";
import { note } from "../_shared/note.ts";
import { repoOf, resolvePlaces } from "../_shared/paths.ts";

let dir = "";
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), "append-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const notes = (home: string): string =>
	existsSync(join(home, "notes")) ? readFileSync(join(home, "notes"), "utf8") : "";

test("the file and its directory are made for the user alone", () => {
	const log = join(dir, "a", "b", "events.jsonl");
	assert.ok(appendLine(log, "one\n", dir));
	assert.ok(appendLine(log, "two\n", dir));
	assert.equal(readFileSync(log, "utf8"), "one\ntwo\n");
	assert.equal(statSync(log).mode & 0o777, 0o600);
	assert.equal(statSync(join(dir, "a", "b")).mode & 0o777, 0o700);
});

test("a torn last line does not swallow the next", () => {
	const log = join(dir, "log");
	writeFileSync(log, '{"torn":');
	assert.ok(appendLine(log, "good\n", dir));
	assert.equal(readFileSync(log, "utf8"), '{"torn":\ngood\n');
});

test("a line written to a file that is removed meanwhile is written again", () => {
	const log = join(dir, "log");
	writeFileSync(log, "old\n");
	const { writeSync } = fs;
	let removed = 0;
	fs.writeSync = ((...args: Parameters<typeof writeSync>): number => {
		if (removed++ < 2) rmSync(log); // as a rotation does that has compressed it
		return writeSync(...args);
	}) as typeof writeSync;
	syncBuiltinESMExports();
	try {
		assert.ok(appendLine(log, "line\n", dir));
		assert.equal(removed, 3);
		assert.equal(readFileSync(log, "utf8"), "line\n");
		fs.writeSync = ((...args: Parameters<typeof writeSync>): number => {
			rmSync(log);
			return writeSync(...args);
		}) as typeof writeSync;
		syncBuiltinESMExports();
		assert.equal(appendLine(log, "line\n", dir), false, "not for ever");
	} finally {
		fs.writeSync = writeSync;
		syncBuiltinESMExports();
	}
});

test("what is no regular file is refused at once", () => {
	const fifo = join(dir, "fifo");
	execFileSync("mkfifo", [fifo]);
	const target = join(dir, "target");
	writeFileSync(target, "");
	const link = join(dir, "link");
	symlinkSync(target, link);
	for (const path of [fifo, "/dev/full", dir, link, join(target, "below")]) {
		assert.equal(appendLine(path, "line\n", dir), false, path);
	}
	assert.equal(readFileSync(target, "utf8"), "");
	assert.ok(appendLine("/dev/null", "line\n", dir));
});

test("after repeated failures it gives up without trying, and leaves one note", () => {
	const log = join(dir, "blocked", "log");
	mkdirSync(log, { recursive: true });
	for (let i = 0; i < 20; i++) assert.equal(appendLine(log, "line\n", dir), false);
	assert.match(notes(dir), /^\d{4}-\d\d-\d\dT[\d:.]{12}Z extension: cannot append to .*blocked.log: .*\n$/);
	// The way is free now, but it does not look before the pause is over.
	rmSync(log, { recursive: true });
	assert.equal(appendLine(log, "line\n", dir), false);
	assert.ok(!existsSync(log));
});

test("one success forgives the failures before it", () => {
	const log = join(dir, "log");
	for (let round = 0; round < 3; round++) {
		mkdirSync(log);
		for (let i = 0; i < 4; i++) assert.equal(appendLine(log, "line\n", dir), false);
		rmSync(log, { recursive: true });
		assert.ok(appendLine(log, "line\n", dir));
		rmSync(log);
	}
	assert.equal(notes(dir), "");
});

test("notes are one line each, not repeated, and the file stays small", () => {
	note(dir, "first\nstill first");
	note(dir, "first\nstill first");
	note(dir, "second");
	const lines = notes(dir).split("\n");
	assert.equal(lines.length, 3);
	assert.match(lines[0] ?? "", /Z first still first$/);
	for (let i = 0; i < 1000; i++) note(dir, `${i} ${"x".repeat(1000)}`);
	assert.ok(statSync(join(dir, "notes")).size < 20 * 1024);
	note(join(dir, "missing"), "nowhere"); // no throw
});

test("lines of several processes are whole", async () => {
	const log = join(dir, "log");
	const module = new URL("../_shared/append.ts", import.meta.url).href;
	const code = `import { appendLine } from ${JSON.stringify(module)};
		for (let i = 0; i < 400; i++) appendLine(${JSON.stringify(log)}, process.argv[1].repeat(i % 100 + 1) + "\\n", "");`;
	const writer = (letter: string): Promise<unknown> => {
		const args = [...process.execArgv, "--input-type=module", "--eval", code, letter];
		const child = spawn(process.execPath, args, { stdio: "inherit" });
		return new Promise((resolve) => child.on("close", resolve));
	};
	assert.deepEqual(await Promise.all(["a", "b", "c"].map(writer)), [0, 0, 0]);
	const lines = readFileSync(log, "utf8").split("\n").filter(Boolean);
	assert.equal(lines.length, 1200);
	for (const line of lines) assert.match(line, /^(a+|b+|c+)$/);
});

test("home and log by the rules that Go uses", () => {
	const env = { HOME: "/home/kim" };
	const record = join(dir, "installed.json");
	const at = (more: Record<string, string> = {}): ReturnType<typeof resolvePlaces> =>
		resolvePlaces({ ...env, ...more }, record);
	assert.equal(at().home, "/home/kim/runtime/tool-usage");
	assert.equal(at().log, "/home/kim/runtime/tool-usage/events.jsonl");
	assert.equal(at({ PI_TRACK_HOME: "/srv/t/" }).bin, "/srv/t/bin/pi-track");
	assert.equal(at({ PI_TRACK_LOG: "/var/l" }).log, "/var/l");
	assert.equal(at({ PI_TRACK_LOG: "rel/l" }).log, join(process.cwd(), "rel/l"));
	writeFileSync(
		record,
		JSON.stringify({ home: "/srv/home", log: "/var/log/x.jsonl", bin: "/opt/pi-track", files: {} }),
	);
	assert.deepEqual([at().home, at().log, at().bin], ["/srv/home", "/var/log/x.jsonl", "/opt/pi-track"]);
	assert.equal(at().shims, "/srv/home/shims");
	assert.equal(at({ PI_TRACK_HOME: "/other" }).log, "/other/events.jsonl", "another home has another log");
	assert.equal(at({ PI_TRACK_HOME: "/srv/home" }).log, "/var/log/x.jsonl");
	writeFileSync(record, JSON.stringify({ home: "/srv/home", log: "sub/x.jsonl" }));
	assert.equal(at().log, "/srv/home/sub/x.jsonl");
	for (const damaged of ["{", "null", '"text"', '{"home":7}', ""]) {
		writeFileSync(record, damaged);
		assert.equal(at().home, "/home/kim/runtime/tool-usage", damaged);
	}
	writeFileSync(join(dir, "host"), "5b1d6a7e\n");
	assert.equal(at({ PI_TRACK_HOME: dir }).host, "5b1d6a7e");
});

test("the repository of a directory", () => {
	const sub = join(dir, "repo", "a", "b");
	mkdirSync(sub, { recursive: true });
	mkdirSync(join(dir, "repo", ".git"));
	assert.equal(repoOf(sub), join(dir, "repo"));
	writeFileSync(join(dir, "repo", "a", ".git"), "gitdir: elsewhere\n");
	assert.equal(repoOf(join(sub, "c")), join(dir, "repo", "a"), "a worktree's .git is a file");
	assert.equal(repoOf("relative"), "");
	assert.equal(repoOf(""), "");
});
