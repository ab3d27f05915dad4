-- For dashboards and SQL of one's own. Their figures are those of 'pi-track report' over all runs, in UTC. What
-- needs more arithmetic than SQL has is in 'pi-track report --from' alone: the class of a verdict, changes, and
-- an effect within repos and sizes.
CREATE FUNCTION IF NOT EXISTS pt_wilson_low AS (k, n) -> if(n = 0 OR k = 0, 0., (k / n + 3.841458820694124 / (2 * n) - 1.959963984540054 * sqrt(k / n * (1 - k / n) / n + 3.841458820694124 / (4 * n * n))) / (1 + 3.841458820694124 / n));
CREATE FUNCTION IF NOT EXISTS pt_wilson_high AS (k, n) -> if(n = 0 OR k = n, 1., (k / n + 3.841458820694124 / (2 * n) + 1.959963984540054 * sqrt(k / n * (1 - k / n) / n + 3.841458820694124 / (4 * n * n))) / (1 + 3.841458820694124 / n));

-- A helper a row. Of skills and prompts it is not known what became of a use: they have no rate, and no row.
CREATE OR REPLACE VIEW pitrack.v_helpers AS
SELECT name, sort, count() AS runs, countIf(status = 'succeeded') AS succeeded, countIf(status = 'failed') AS failed,
  countIf(status = 'cancelled') AS cancelled, countIf(status = 'started') AS open, succeeded + failed AS n,
  if(n = 0, NULL, failed / n) AS failure_rate, pt_wilson_low(failed, n) AS failure_low, pt_wilson_high(failed, n) AS failure_high,
  avgIf(ms, status = 'succeeded') AS avg_ms, quantilesExactInclusiveIf(0.5, 0.95)(ms, status = 'succeeded') AS p50_p95,
  uniqExact(host) AS hosts, uniqExactIf(repo, repo != '') AS repos, max(start) AS last_run
FROM pitrack.runs FINAL
WHERE NOT (name = 'task' AND kind = 'job' AND src = 'emit') AND ran AND sort NOT IN ('skill', 'prompt')
GROUP BY name, sort;

-- What a verdict rests on, a helper a row: its latest 500 runs that succeeded or failed. A flip is a change of the
-- outcome from one run to the next; flip_ratio compares flips with those of a random order; outcomes are the
-- last 20 of them, oldest first; worst_repo is that with the most failures.
CREATE OR REPLACE VIEW pitrack.v_verdicts AS
SELECT name, sort, length(f) AS n, arraySum(f) AS failures, arrayCount((a, b) -> a != b, arrayPopFront(f), arrayPopBack(f)) AS flips,
  if(failures IN (0, n), 0., floor(flips / (2 * failures * (n - failures) / n) * 1e4 + 0.5) / 1e4) AS flip_ratio,
  pt_wilson_low(failures, n) AS failure_low, pt_wilson_high(failures, n) AS failure_high,
  arrayStringConcat(arrayMap(x -> if(x = 1, 'F', '.'), arraySlice(f, -20))) AS outcomes,
  arraySort(r -> (-arrayCount(x -> x.3 = 1 AND x.4 = r, last), r), arrayDistinct(last.4))[1] AS worst_repo,
  arrayCount(x -> x.3 = 1 AND x.4 = worst_repo, last) AS worst_failures, arrayCount(x -> x.4 = worst_repo, last) AS worst_n
FROM (
  SELECT name, sort, arrayReverse(groupArraySorted(500)((-(toUnixTimestamp64Milli(start) + ms), toString(id), toUInt8(status = 'failed'), toString(repo)))) AS last, last.3 AS f
  FROM pitrack.runs FINAL
  WHERE status IN ('succeeded', 'failed') AND NOT (name = 'task' AND kind = 'job' AND src = 'emit') AND ran AND sort NOT IN ('skill', 'prompt')
  GROUP BY name, sort);

-- Tasks that completed with each helper and without it: association, not cause. A task, or the session of runs without
-- one, ends with its latest job or loop that succeeded or failed; a helper was used when a run of it started before. Tasks
-- that a helper decides itself are in neither arm; where those are more than one in 20, it has no row. Diff and its 95 %
-- interval are Newcombe's.
CREATE OR REPLACE VIEW pitrack.v_effect AS
WITH
  members AS (
    SELECT task_id, if(task_id = '', session_id, '') AS session, name, sort, kind, status, id,
      toUnixTimestamp64Milli(start) AS t0, t0 + ms AS t1, name = 'task' AND kind = 'job' AND src = 'emit' AS stated
    FROM pitrack.runs FINAL WHERE ran AND (task_id != '' OR session_id != '')),
  outcomes AS (
    SELECT task_id, session, argMax((status = 'succeeded', if(stated, ('', ''), (toString(name), toString(sort)))), (t1, id)) AS o, max(t1) AS at
    FROM members WHERE kind IN ('job', 'loop') AND status IN ('succeeded', 'failed') GROUP BY task_id, session),
  units AS (
    SELECT task_id, session, any(o.1) AS ok, any(o.2) AS decider, groupUniqArrayIf((toString(name), toString(sort)), NOT stated AND t0 < at) AS used
    FROM members INNER JOIN outcomes USING (task_id, session) GROUP BY task_id, session),
  arms AS (
    SELECT helper.1 AS name, helper.2 AS sort, countIf(helper != decider) AS with_n, countIf(helper != decider AND ok) AS with_ok,
      countIf(helper = decider) AS decided, countIf(helper = decider AND ok) AS decided_ok
    FROM (SELECT ok, decider, arrayJoin(arrayDistinct(arrayPushBack(used, decider))) AS helper FROM units)
    WHERE helper.1 != '' GROUP BY name, sort),
  whole AS (SELECT count() AS n, countIf(ok) AS k FROM units)
SELECT name, sort, with_n, with_ok, n - with_n - decided AS without_n, k - with_ok - decided_ok AS without_ok,
  with_ok / with_n - without_ok / without_n AS diff,
  diff - sqrt(pow(with_ok / with_n - pt_wilson_low(with_ok, with_n), 2) + pow(pt_wilson_high(without_ok, without_n) - without_ok / without_n, 2)) AS diff_low,
  diff + sqrt(pow(pt_wilson_high(with_ok, with_n) - with_ok / with_n, 2) + pow(without_ok / without_n - pt_wilson_low(without_ok, without_n), 2)) AS diff_high
FROM arms CROSS JOIN whole
WHERE with_n > 0 AND decided <= 0.05 * (decided + with_n);

-- What failed last, without texts unless these were sent.
CREATE OR REPLACE VIEW pitrack.v_failures AS
SELECT fromUnixTimestamp64Milli(toUnixTimestamp64Milli(start) + ms, 'UTC') AS time, name, sort, repo, host,
  multiIf(signal != '', concat('signal ', signal), exit_code >= 0, concat('exit ', toString(exit_code)), 'failed') AS how, error_summary, id
FROM pitrack.runs FINAL
WHERE status = 'failed' AND ran;

-- Days added up, made anew every hour from the runs: a sum could not take a replaced start back. SYSTEM REFRESH VIEW
-- makes it anew at once. Before ClickHouse 24.10: SET allow_experimental_refreshable_materialized_view = 1;
CREATE MATERIALIZED VIEW IF NOT EXISTS pitrack.daily
REFRESH EVERY 1 HOUR
ENGINE = MergeTree ORDER BY (name, sort, day, repo)
AS SELECT toDate(start, 'UTC') AS day, name, sort, repo, count() AS runs, countIf(status = 'succeeded') AS succeeded, countIf(status = 'failed') AS failed,
  countIf(status = 'cancelled') AS cancelled, countIf(status = 'started') AS open, sumIf(ms, status = 'succeeded') AS sum_ms,
  sumMapIf([toInt32(if(ms <= 0, -1, ceil(log(ms) / log(1.01 / 0.99))))], [toUInt64(1)], status = 'succeeded') AS sketch
FROM pitrack.runs FINAL
WHERE NOT (name = 'task' AND kind = 'job' AND src = 'emit') AND ran
GROUP BY day, name, sort, repo;
