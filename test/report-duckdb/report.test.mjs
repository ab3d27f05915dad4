// Every figure of the report against DuckDB's SQL, on one log in many shapes.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import * as sql from "./sql.mjs";

const { DuckDBInstance } = await import(process.env.DUCKDB_MODULE);
const dir = mkdtempSync(join(tmpdir(), "report-duckdb-"));
const log = join(dir, "events.jsonl");
let db;
let reports = 0;

before(async () => {
  execFileSync(process.env.BENCH_REPORT, ["gen", log, "130000"]);
  writeFileSync(log, readFileSync(log, "utf8").replace(/^.*"name":"helper-(03|06|07)".*$/gm, anotherSort));
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  db = await instance.connect();
  await db.run(sql.runs([log]));
});
after(() => rmSync(dir, { recursive: true, force: true }));

/** Some runs of three helpers as those of a tool, a skill, a command of the same name, by the id. */
function anotherSort(line, helper) {
  const id = /"id":"[^"]*(.)"/.exec(line)?.[1];
  if (!"01234567".includes(id)) return line;
  const kind = { "03": "extension_tool", "06": "skill", "07": "extension_command" }[helper];
  return line.replace(/"kind":"[^"]*"/, `"kind":"${kind}"`).replace(/\}$/, `,"ext":"extension-${id}"}`);
}

/** The rows of a query, numbers as numbers. */
async function query(text) {
  const rows = (await db.runAndReadAll(text)).getRowObjectsJson();
  const number = (x) => (typeof x === "string" && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(x) ? Number(x) : x);
  return rows.map((r) => Object.fromEntries(Object.entries(r).map(([k, v]) => [k, Array.isArray(v) ? v.map(number) : k === "value" || k === "day" ? v : number(v)])));
}

/** What pi-track prints as JSON. */
function report(...args) {
  reports++;
  const home = join(dir, "home");
  mkdirSync(home, { recursive: true });
  const env = { ...process.env, PI_TRACK_HOME: home };
  delete env.PI_TRACK_LOG;
  const logs = args.includes("--log") ? [] : ["--log", log];
  const out = execFileSync(process.env.PI_TRACK_BIN, ["report", ...args, "--json", "--tz", "UTC", "--limit", "0", ...logs], { env, maxBuffer: 1 << 30 });
  return JSON.parse(out);
}

const ms = (t) => (t == null ? null : Date.parse(t));

function close(got, want, relative, what) {
  got ??= 0;
  want ??= 0;
  assert.ok(Math.abs(got - want) <= Math.max(relative * Math.abs(want), 1e-9), `${what}: ${got}, DuckDB says ${want}`);
}

/** Compares a row of the report with one of the database. */
function sameRow(got, want, what, rates = true) {
  for (const key of ["runs", "succeeded", "failed", "cancelled", "open", "used"]) assert.equal(got[key], want[key], `${what}: ${key}`);
  if (rates) {
    close(got.success.value, want.rate, 1e-12, `${what}: rate`);
    assert.equal(got.success.n, want.succeeded + want.failed, `${what}: n`);
  } else assert.deepEqual([got.success.value, got.success.n], [null, 0], `${what}: a rate of runs of some statuses alone`);
  if (got.duration) {
    const d = got.duration;
    assert.equal(d.n, want.succeeded, `${what}: durations`);
    assert.equal(d.exact, d.n <= 10000, `${what}: exact`);
    close(d.avg_ms, want.avg, 1e-12, `${what}: average`);
    close(d.min_ms, want.min, 0, `${what}: min`);
    close(d.max_ms, want.max, 0, `${what}: max`);
    const within = d.exact ? 1e-12 : 0.01;
    ["p50_ms", "p95_ms", "p99_ms"].forEach((key, i) => close(d[key], want.q?.[i], within, `${what}: ${key}`));
    assert.equal((d.histogram ?? []).reduce((n, b) => n + b.n, 0), want.succeeded, `${what}: histogram`);
  }
  if ("last_run" in got) assert.equal(ms(got.last_run), want.last_run, `${what}: last run`);
  if ("last_failure" in got) assert.equal(ms(got.last_failure), want.last_failure, `${what}: last failure`);
  assert.equal(got.usage?.runs ?? 0, want.usage_runs, `${what}: runs with usage`);
  for (const key of ["tokens", "input", "output"]) assert.equal(got.usage?.[key] ?? 0, want[key] ?? 0, `${what}: ${key}`);
  close(got.usage?.cost, want.cost, 1e-9, `${what}: cost`);
  if ("resources" in got) {
    assert.equal(got.resources.runs, want.rusage_runs, `${what}: runs with rusage`);
    close(got.resources.user_ms, want.user_ms, 1e-12, `${what}: user time`);
    close(got.resources.sys_ms, want.sys_ms, 1e-12, `${what}: system time`);
    assert.equal(got.resources.max_rss_kb, want.rss, `${what}: memory`);
  }
}

async function sameAsSQL(r, where = "true") {
  const from = (text) => text.replaceAll("FROM run", `FROM (SELECT * FROM run WHERE ${where})`);
  const [all] = await query(from(sql.overview));
  const rates = !r.query.filter.status;
  sameRow(r.overview, all, "overview", rates);
  for (const key of ["helpers", "repos", "sessions", "tasks", "hosts"]) assert.equal(r.overview[key], all[key], key);
  assert.equal(ms(r.overview.first), all.first, "first");
  assert.equal(ms(r.overview.last), all.last_run, "last");

  const helpers = await query(from(`SELECT name, sort, ${sql.row} FROM run GROUP BY ALL`));
  assert.equal(r.helpers.rows.length, helpers.length, "number of helpers");
  const byName = new Map(r.helpers.rows.map((h) => [`${h.name} ${h.sort}`, h]));
  for (const h of helpers) {
    const got = byName.get(`${h.name} ${h.sort}`);
    sameRow(got, h, `${h.name} ${h.sort}`, rates);
    assert.equal(got.several ?? false, helpers.filter((x) => x.name === h.name).length > 1, `${h.name}: stands for several`);
  }

  const days = await query(from(`SELECT day, ${sql.row} FROM run GROUP BY ALL`));
  const byDay = new Map(days.map((d) => [d.day, d]));
  for (const d of r.overview.days) for (const key of ["runs", "failed", "cancelled"]) assert.equal(d[key], byDay.get(d.date)?.[key] ?? 0, d.date);

  const failures = await query(from(sql.failures));
  assert.equal(r.failures.rows.length, failures.length, "number of fingerprints");
  const byPrint = new Map(failures.map((f) => [`${f.name} ${f.sort} ${f.print}`, f]));
  for (const f of r.failures.rows) {
    const want = byPrint.get(`${f.helper} ${f.sort} ${f.fingerprint}`);
    assert.ok(want, `no such failure in DuckDB: ${f.helper} ${f.fingerprint}`);
    assert.deepEqual([f.count, ms(f.first), ms(f.time)], [want.n, want.first, want.last], f.fingerprint);
  }
}

/** What must not depend on the shape of the log. */
function figures(r) {
  const { overview, ...rest } = r;
  const { lines, bad_lines, bytes, ...counts } = overview;
  return { ...rest, overview: counts, generated_at: "", query: { ...r.query, logs: [] }, warnings: [] };
}

test("the whole log", async () => {
  const r = report("--no-index");
  await sameAsSQL(r);
  assert.ok(r.helpers.rows.some((h) => !h.duration.exact) && r.helpers.rows.some((h) => h.duration.exact), "both kinds of quantiles");
  const bad = r.overview.lines - (await query("SELECT count(*) AS n FROM line"))[0].n;
  assert.equal(r.overview.bad_lines, bad, "bad lines");
});

test("with the index", async () => {
  const cold = report("--no-index");
  assert.deepEqual(figures(report()), figures(cold), "the run that makes the index");
  assert.deepEqual(figures(report()), figures(cold), "the run that uses it");
  await sameAsSQL(report());
});

for (const [name, args, where] of [
  ["a period", ["--since", "2026-07-01T10:30:00Z", "--until", "2026-08-15T00:00:00Z"], "start >= epoch_ms(TIMESTAMP '2026-07-01 10:30:00') AND start < epoch_ms(TIMESTAMP '2026-08-15')"],
  ["an open period", ["--since", "2026-11-01"], "start >= epoch_ms(TIMESTAMP '2026-11-01')"],
  ["filters", ["--name", "helper-0*", "--name", "helper-2?", "--status", "failed", "--status", "c*"], "(name LIKE 'helper-0%' OR name LIKE 'helper-2_') AND status IN ('failed', 'cancelled')"],
  ["a sort of helper", ["--kind", "tool", "--kind", "shell*"], "sort IN ('tool', 'shell helper')"],
  ["skills", ["--kind", "skill"], "kind = 'skill'"],
  ["an extension", ["--ext", "extension-[0-3]"], "ext IN ('extension-0', 'extension-1', 'extension-2', 'extension-3')"],
  ["a repo by its last part", ["--repo", "repo-00*"], "repo LIKE '%/repo-00%'"],
  ["kind, scope and host", ["--kind", "script", "--scope", "project", "--host", "*b*"], "kind = 'script' AND scope = 'project' AND host LIKE '%b%'"],
]) {
  test(name, async () => sameAsSQL(report("--no-index", ...args), where));
}

const keys = {
  name: "name", kind: "kind", ext: "ext", scope: "scope", repo: "repo", cwd: "cwd", task: "task_id", session: "session_id", host: "host",
  day: "day", week: "week", month: "month", exit_code: "how", model: "model", rev: "rev", agent: "agent",
};

for (const [key, column] of Object.entries(keys)) {
  test(`by ${key}`, async () => {
    const rows = await query(`SELECT coalesce(${column}, '') AS value, ${sql.row} FROM run GROUP BY ALL`);
    const got = new Map(report("--no-index", "helpers", "--by", key).groups.rows.map((g) => [g.value, g]));
    assert.equal(got.size, rows.length);
    for (const want of rows) sameRow(got.get(want.value), want, want.value);
  });
}

test("nested groups", async () => {
  const rows = await query(`SELECT coalesce(repo, '') AS a, month AS b, name AS value, ${sql.row} FROM run GROUP BY ALL`);
  const got = new Map();
  for (const a of report("helpers", "--by", "repo", "--by", "month", "--by", "name").groups.rows)
    for (const b of a.groups) for (const c of b.groups) got.set([a.value, b.value, c.value].join(" "), c);
  assert.equal(got.size, rows.length);
  for (const want of rows) sameRow(got.get([want.a, want.b, want.value].join(" ")), want, want.value);
});

test("effect", async () => {
  const rows = await query(sql.effect);
  const got = report("effect").effect.rows;
  assert.equal(got.length, rows.length);
  for (const r of got) {
    const want = rows.find((x) => x.name === r.helper && x.sort === r.sort);
    assert.deepEqual([r.with.k, r.with.n, r.without.k, r.without.n], [want.k1, want.n1, want.k0, want.n0], r.helper);
  }
});

/** Another shape of the log must give the same figures, with and without the index. */
function sameShape(name, make) {
  test(name, () => {
    const place = join(dir, name.replaceAll(" ", "-"));
    mkdirSync(place);
    const lines = readFileSync(log, "utf8").split("\n").filter(Boolean);
    const args = make(place, lines);
    const want = figures(report("--no-index"));
    assert.deepEqual(figures(report("--no-index", ...args)), want);
    assert.deepEqual(figures(report(...args)), want);
    assert.deepEqual(figures(report(...args)), want);
    rmSync(place, { recursive: true });
  });
}

const put = (path, lines) => writeFileSync(path, lines.join("\n") + "\n");

/** A fixed order that looks random. */
function shuffled(lines) {
  let seed = 42;
  const next = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
  const out = [...lines];
  for (let i = out.length - 1; i > 0; i--) {
    const j = next(i + 1);
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

sameShape("split into segments", (place, lines) => {
  const third = Math.floor(lines.length / 3);
  put(join(place, "events-20260720T000000000Z.jsonl"), lines.slice(0, third));
  put(join(place, "events-20260920T000000000Z.jsonl"), lines.slice(third, 2 * third));
  put(join(place, "events.jsonl"), lines.slice(2 * third));
  return ["--log", join(place, "events.jsonl")];
});

sameShape("a tenth appended again", (place, lines) => {
  put(join(place, "events.jsonl"), [...lines, ...lines.slice(20000, 46000)]);
  return ["--log", join(place, "events.jsonl")];
});

sameShape("all lines shuffled", (place, lines) => {
  put(join(place, "events.jsonl"), shuffled(lines));
  return ["--log", join(place, "events.jsonl")];
});

sameShape("two logs that overlap", (place, lines) => {
  put(join(place, "a.jsonl"), lines.slice(0, 180000));
  put(join(place, "b.jsonl"), lines.slice(150000));
  return ["--log", join(place, "a.jsonl"), "--log", join(place, "b.jsonl")];
});

/** A helper that gets worse, one that breaks, one that gets better: 700 runs each. */
function changing() {
  let seed = 7;
  const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  const rate = { worse: (i) => (i < 550 ? 0.05 : 0.5), broken: (i) => (i < 640 ? 0.02 : 1), better: (i) => (i < 450 ? 0.4 : 0.01) };
  const lines = [];
  for (let i = 0; i < 700; i++) {
    for (const [k, name] of Object.keys(rate).entries()) {
      const failed = random() < rate[name](i);
      const line = {
        ts: new Date(Date.UTC(2026, 9, 1) + i * 3600e3 + k * 60e3).toISOString(), v: 1,
        id: `01995000-000${k}-7000-8000-${String(i).padStart(12, "0")}`, kind: "script", name,
        status: failed ? "failed" : "succeeded", duration_ms: 1000, exit_code: failed ? 1 : 0,
        repo: `/r/${i % 3}`, session_id: `s-${k}-${i}`, src: "shim",
      };
      lines.push(JSON.stringify(line));
    }
  }
  return lines;
}

test("before and since a change", async () => {
  const changed = join(dir, "changed.jsonl");
  put(changed, changing());
  await db.run(sql.runs([changed]));
  for (const args of [["--no-index"], [], []]) {
    const rows = report("helpers", "--log", changed, ...args).helpers.rows;
    assert.deepEqual(rows.map((r) => `${r.name} ${r.verdict.class}`).sort(), ["better better since", "broken broken since", "worse worse since"]);
    for (const r of rows) {
      const { before, since, from } = r.changes[0];
      const [want] = await query(sql.sides(r.name, Date.parse(from)));
      assert.deepEqual([before.n, before.k, since.n, since.k], [want.before, want.before_ok, want.since, want.since_ok], r.name);
    }
  }
  await db.run(sql.runs([log]));
});

/** Helpers of which one became slower, one fails with a model, one is cancelled more, and one is retried in vain. */
function noticed() {
  let seed = 11;
  const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  const lines = [];
  const add = (k, i, at, name, status, ms, more) => lines.push(JSON.stringify({
    ts: new Date(at).toISOString(), v: 1, id: `01996000-000${k}-7000-8000-${String(i).padStart(12, "0")}`, kind: "script", name, status,
    duration_ms: Math.round(ms), exit_code: { succeeded: 0, failed: 1 }[status], repo: `/r/${i % 3}`, session_id: `s-${k}-${i}`, src: "shim",
    rev: `rev-${(i / 250) | 0}`, agent: i < 350 ? "pi 1.5.2" : "pi 1.6.0", model: `m-${(i * 7919) % 5 % 2}`, ...more,
  }));
  for (let i = 0; i < 700; i++) {
    const at = Date.UTC(2026, 9, 1) + i * 3600e3;
    add(0, i, at, "slow", random() < 0.02 ? "failed" : "succeeded", (200 + 300 * (i % 3)) * (0.5 + random()) * (i < 460 ? 1 : 2.6));
    add(1, i, at + 60e3, "tied", random() < ((i * 7919) % 5 % 2 ? 0.35 : 0.02) ? "failed" : "succeeded", 900);
    const stopped = i >= 500 && random() < 0.5;
    add(2, i, at + 120e3, "stopped", stopped ? "cancelled" : "succeeded", 700, stopped ? { signal: "TERM" } : {});
    for (let j = 0; j < (i % 230 === 100 ? 6 + (i / 230 | 0) : 1); j++) {
      const failed = i % 230 === 100;
      add(3, i * 20 + j, at + 180e3 + j * 20e3, "looping", failed ? "failed" : "succeeded", 800 + j, {
        session_id: `s-3-${i}`, ...(failed ? { error_summary: "error: no route", usage: { tokens: 100 + j, cost: 0.25 } } : {}),
      });
    }
  }
  return lines;
}

test("what the digest notices beyond verdicts", async () => {
  const file = join(dir, "noticed.jsonl");
  put(file, noticed());
  await db.run(sql.runs([file]));
  for (const args of [["--no-index"], [], []]) {
    const said = new Map(report("digest", "--log", file, ...args).digest.rows.map((x) => [`${x.helper} ${x.code}`, x]));
    const sentence = (key) => said.get(key) ?? assert.fail(`the digest has no "${key}": ${[...said.keys()]}`);
    const slow = sentence("slow slower since");
    const [pace] = await query(sql.pace("slow", ms(slow.from)));
    close(slow.p50_ratio.value, pace.ratio, 1e-9, "ratio of the medians");
    assert.equal(slow.n, pace.n, "runs since");

    const tied = sentence("tied fails with");
    const [tie] = await query(sql.tied("tied", tied.fails_with.key, tied.fails_with.value));
    assert.deepEqual([tied.fails_with, tied.k, tied.n, tied.rest], [{ key: "model", value: "m-1" }, tie.k, tie.n, { k: tie.rest_k, n: tie.rest_n }]);

    const stopped = sentence("stopped cancelled since");
    const [c] = await query(sql.cancelled("stopped", ms(stopped.from)));
    assert.deepEqual([stopped.k, stopped.n, stopped.before.n - stopped.before.k, stopped.before.n], [c.k, c.n, c.k0, c.n0]);

    const looping = sentence("looping retry loop");
    const [l] = await query(sql.loops("looping"));
    assert.deepEqual([looping.loops, looping.k, ms(looping.from), ms(looping.to), looping.spent_ms, looping.tokens],
      [l.loops, l.longest, l.began, l.over_, l.spent, l.tokens]);
    close(looping.cost, l.cost, 1e-9, "cost of the loops");
  }
  for (const key of ["rev", "agent", "model"]) {
    const rows = await query(`SELECT ${key} AS value, ${sql.row} FROM run GROUP BY ALL`);
    const got = new Map(report("helpers", "--log", file, "--by", key).groups.rows.map((g) => [g.value, g]));
    assert.equal(got.size, rows.length);
    for (const want of rows) sameRow(got.get(want.value), want, `${key} ${want.value}`);
  }
  await db.run(sql.runs([log]));
});

test("all of that was compared", () => assert.ok(reports > 40, `${reports} reports`));
