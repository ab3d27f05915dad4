// What execa, tree-kill and node's own child_process make of programs.
const assert = require("node:assert/strict");
const { fork, spawn, spawnSync } = require("node:child_process");
const { once } = require("node:events");
const path = require("node:path");
const kill = require("tree-kill");

const node = (...args) => [process.execPath, ["-e", ...args]];
const execa = async () => import("execa");
const forever = "process.stdout.write('ready'); setInterval(() => {}, 1e6)";

describe("execa", () => {
  it("status, output and errors apart", async () => {
    const { execa: run } = await execa();
    const r = await run(...node("console.log(1); console.error(2); process.exit(3)"), { reject: false });
    assert.deepEqual([r.exitCode, r.stdout, r.stderr, r.signal], [3, "1", "2", undefined]);
  });
  it("all output, in order", async () => {
    const { execa: run } = await execa();
    const r = await run("sh", ["-c", "for i in 1 2 3 4 5; do echo $i; echo e$i >&2; done"], { all: true, stdout: "pipe", stderr: "pipe" });
    assert.deepEqual(r.all.split("\n").sort(), ["1", "2", "3", "4", "5", "e1", "e2", "e3", "e4", "e5"]);
  });
  it("input", async () => {
    const { execa: run } = await execa();
    assert.equal((await run("cat", { input: "x".repeat(300000) })).stdout.length, 300000);
  });
  it("a program that reads no input", async () => {
    const { execa: run } = await execa();
    assert.equal((await run("true", { input: "x".repeat(300000), reject: false })).exitCode, 0);
  });
  it("timeout", async () => {
    const { execa: run } = await execa();
    const r = await run(...node(forever), { timeout: 700, reject: false });
    assert.deepEqual([r.timedOut, r.signal], [true, "SIGTERM"]);
  });
  it("kill by force after a while", async () => {
    const { execa: run } = await execa();
    const p = run(...node("process.on('SIGTERM', () => {});" + forever), { forceKillAfterDelay: 300, reject: false });
    await once(p.stdout, "data");
    p.kill();
    assert.equal((await p).signal, "SIGKILL");
  });
  it("too much output", async () => {
    const { execa: run } = await execa();
    const r = await run("yes", { maxBuffer: 1000, reject: false });
    assert.deepEqual([r.isMaxBuffer, r.stdout.slice(0, 4)], [true, "y\ny\n"]);
  });
  it("an abort", async () => {
    const { execa: run } = await execa();
    const controller = new AbortController();
    const p = run(...node(forever), { cancelSignal: controller.signal, reject: false });
    await once(p.stdout, "data");
    controller.abort();
    const r = await p;
    assert.deepEqual([r.isCanceled, r.signal], [true, "SIGTERM"]);
  });
  it("a pipeline", async () => {
    const { execa: run } = await execa();
    assert.equal((await run("printf", ["b\\na\\n"]).pipe("sort").pipe("head", ["-n", "1"])).stdout, "a");
  });
  it("no such program", async () => {
    const { execa: run } = await execa();
    assert.equal((await run("no-such-program", { reject: false })).code, "ENOENT");
  });
  it("environment and directory", async () => {
    const { execa: run } = await execa();
    const r = await run("sh", ["-c", "echo $A; pwd"], { env: { A: "b c" }, cwd: "/usr" });
    assert.equal(r.stdout, "b c\n/usr");
  });
});

describe("tree-kill", () => {
  for (const signal of ["SIGTERM", "SIGKILL"]) {
    it("a program and its children: " + signal, async () => {
      const p = spawn("sh", ["-c", "sleep 1000 & echo $!; wait"], { stdio: ["ignore", "pipe", "inherit"] });
      const child = Number(String((await once(p.stdout, "data"))[0]));
      const gone = once(p, "exit");
      await new Promise((done, failed) => kill(p.pid, signal, (e) => (e ? failed(e) : done())));
      await gone;
      for (let i = 0; i < 3000; i++) {
        try {
          process.kill(child, 0);
        } catch {
          return;
        }
        await new Promise((f) => setTimeout(f, 10));
      }
      assert.fail("the child is still there");
    });
  }
});

describe("child_process", () => {
  it("messages both ways", async () => {
    const p = fork(path.join(__dirname, "echo.cjs"), { execPath: process.execPath });
    p.send({ a: 1 });
    assert.deepEqual((await once(p, "message"))[0], { a: 1 });
    p.disconnect();
    assert.deepEqual(await once(p, "exit"), [0, null]);
  });
  it("spawnSync with maxBuffer", () => {
    const r = spawnSync("yes", { maxBuffer: 1000 });
    assert.deepEqual([r.error.code, r.signal], ["ENOBUFS", "SIGTERM"]);
  });
  it("spawnSync with timeout", () => {
    const r = spawnSync("sleep", ["1000"], { timeout: 300, killSignal: "SIGKILL" });
    assert.deepEqual([r.error.code, r.signal], ["ETIMEDOUT", "SIGKILL"]);
  });
  it("a group of its own", async () => {
    const p = spawn("sh", ["-c", "sleep 1000 | cat"], { detached: true, stdio: "ignore" });
    await once(p, "spawn");
    await new Promise((f) => setTimeout(f, 300));
    process.kill(-p.pid, "SIGTERM");
    assert.deepEqual(await once(p, "exit"), [null, "SIGTERM"]);
  });
  it("the end of input after a signal", async () => {
    const p = spawn(...node("process.on('SIGTERM', () => process.exit(7)); process.stdin.on('end', () => setTimeout(() => process.exit(0), 300)).resume(); console.log(1)"));
    await once(p.stdout, "data");
    p.kill();
    p.stdin.end();
    assert.deepEqual(await once(p, "exit"), [7, null]);
  });
  it("standard streams that are inherited", () => {
    const r = spawnSync(...node("require('node:child_process').spawnSync('sh', ['-c', 'cat; echo err >&2'], {stdio: 'inherit'})"), { input: "in" });
    assert.deepEqual([String(r.stdout), String(r.stderr)], ["in", "err\n"]);
  });
});
