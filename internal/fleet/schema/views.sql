-- For dashboards and SQL of one's own. Their figures are those of 'pi-track report' over all runs, in UTC. What
-- needs more arithmetic than SQL has, changes over time, is in 'pi-track report --from' alone.
CREATE FUNCTION IF NOT EXISTS pt_wilson_low AS (k, n) -> if(n = 0 OR k = 0, 0., (k / n + 3.841458820694124 / (2 * n) - 1.959963984540054 * sqrt(k / n * (1 - k / n) / n + 3.841458820694124 / (4 * n * n))) / (1 + 3.841458820694124 / n));
CREATE FUNCTION IF NOT EXISTS pt_wilson_high AS (k, n) -> if(n = 0 OR k = n, 1., (k / n + 3.841458820694124 / (2 * n) + 1.959963984540054 * sqrt(k / n * (1 - k / n) / n + 3.841458820694124 / (4 * n * n))) / (1 + 3.841458820694124 / n));
CREATE FUNCTION IF NOT EXISTS pt_log_choose AS (n, k) -> lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);

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

-- The verdict on each helper, and what it rests on: its latest 500 runs that succeeded or failed. A flip is a change of the
-- outcome from one run to the next; flip_ratio compares flips with those of a random order; a recovery is a failure that the next
-- run of the same task and repo made good; outcomes are the last 20 of them, oldest first; worst_repo is that with the most
-- failures; bound is the one repo, or repo and task, that nearly always fails. The class is the report's for a helper that
-- does not change over time: changes (worse since, better since, broken since, outage) are looked for by the report alone.
CREATE OR REPLACE VIEW pitrack.v_verdicts AS
WITH
  judged AS (
    SELECT name, sort, arrayReverse(groupArraySortedIf(500)((-t1, toString(id), toUInt8(status = 'failed'), toString(repo), task_id), status != 'cancelled')) AS last,
      groupArraySortedIf(500)(-t1, status = 'cancelled') AS gone, countIf(status != 'cancelled') AS finished,
      arrayCount(x -> finished <= 500 OR x <= last[1].1, gone) AS cancelled, length(last) + cancelled AS ended
    FROM (SELECT *, toUnixTimestamp64Milli(start) + ms AS t1 FROM pitrack.runs FINAL WHERE status != 'started')
    WHERE NOT (name = 'task' AND kind = 'job' AND src = 'emit') AND ran AND sort NOT IN ('skill', 'prompt')
    GROUP BY name, sort),
  places AS (
    SELECT *, last.3 AS f, length(f) AS n, arraySum(f) AS failures,
      arrayMap(r -> (r, '', arrayCount(x -> x.4 = r, last), arrayCount(x -> x.3 = 1 AND x.4 = r, last)), arraySort(arrayDistinct(last.4))) AS by_repo,
      arrayMap(r -> (r.1, r.2, arrayCount(x -> x.4 = r.1 AND x.5 = r.2, last), arrayCount(x -> x.3 = 1 AND x.4 = r.1 AND x.5 = r.2, last)),
        arrayDistinct(arrayMap(x -> (x.4, x.5), arrayFilter(x -> x.5 != '', last)))) AS by_task,
      arrayMap(r -> (r.3, r.4, arrayCount(t -> t.1 = r.1, by_task) + arrayCount(x -> x.4 = r.1 AND x.5 = '', last),
        arrayCount(t -> t.1 = r.1 AND t.4 > 0, by_task) + arrayCount(x -> x.4 = r.1 AND x.5 = '' AND x.3 = 1, last)), by_repo) AS by_work
    FROM judged),
  looked AS (
    SELECT *, arrayFilter(r -> r.3 >= 3 AND r.4 > 0.9 * r.3, by_repo) AS bad_repos, arrayFilter(r -> r.3 >= 5 AND r.4 > 0.9 * r.3, by_task) AS bad_tasks,
      arrayFilter(b -> b.1.3 != n AND (failures = b.1.4 OR b.2 * arraySum(x -> exp(pt_log_choose(failures, x) + pt_log_choose(n - failures, b.1.3 - x) - pt_log_choose(n, b.1.3)),
          range(toUInt64(b.1.4), toUInt64(least(b.1.3, failures)) + 1)) < 0.001),
        arrayConcat(if(length(bad_repos) = 1, [(bad_repos[1], arrayCount(r -> r.3 >= 3, by_repo))], []), if(length(bad_tasks) = 1, [(bad_tasks[1], arrayCount(r -> r.3 >= 5, by_task))], []))) AS binding,
      arraySum(by_work.3) AS works, arraySum(by_work.4) AS failed_works,
      arrayExists(b -> b.1 >= 5 AND pt_wilson_low(b.2, b.1) >= 0.05 AND b.4 * works > failed_works * b.3 AND arrayCount(r -> r.1 >= 5, by_work)
          * arraySum(x -> exp(pt_log_choose(failed_works, x) + pt_log_choose(works - failed_works, b.3 - x) - pt_log_choose(works, b.3)),
          range(toUInt64(b.4), toUInt64(least(b.3, failed_works)) + 1)) < 1e-4, by_work) AS striking
    FROM places)
SELECT name, sort, n, failures, arrayCount((a, b) -> a != b, arrayPopFront(f), arrayPopBack(f)) AS flips,
  if(failures IN (0, n), 0., floor(flips / (2 * failures * (n - failures) / n) * 1e4 + 0.5) / 1e4) AS flip_ratio,
  arraySum(w -> arrayCount((a, b) -> a.3 = 1 AND b.3 = 0, arrayPopBack(arrayFilter(x -> (x.4, x.5) = w, last)), arrayPopFront(arrayFilter(x -> (x.4, x.5) = w, last))),
    arrayDistinct(arrayMap(x -> (x.4, x.5), last))) AS recoveries,
  cancelled, multiIf(
    cancelled >= 8 AND cancelled = ended, 'always cancelled', n < 8 AND often, 'often cancelled', n < 8, 'few data', failures = n, 'broken',
    (failures < 2 OR failure_low < 0.02) AND NOT striking, calm, notEmpty(binding), 'context-bound', recoveries >= 2, 'flaky', failure_low >= 0.1 OR striking, 'fails often', calm) AS class,
  if(class = 'context-bound', binding[1].1.1, '') AS bound_repo, if(class = 'context-bound', binding[1].1.2, '') AS bound_task,
  cancelled >= 8 AND pt_wilson_low(cancelled, ended) >= 0.2 AS often, if(often, 'often cancelled', 'solid') AS calm,
  pt_wilson_low(failures, n) AS failure_low, pt_wilson_high(failures, n) AS failure_high,
  arrayStringConcat(arrayMap(x -> if(x = 1, 'F', '.'), arraySlice(f, -20))) AS outcomes,
  arraySort(r -> (-r.4, r.1), by_repo)[1] AS worst, worst.1 AS worst_repo, worst.4 AS worst_failures, worst.3 AS worst_n
FROM looked;

-- Tasks that completed with each helper and without it: association, not cause. A task, or the session of runs without
-- one, ends with its latest job or loop that succeeded or failed; a helper was used when a run of it started before. Tasks
-- that a helper decides itself are in neither arm; where those are more than one in 20, it has no row. Diff and its 95 %
-- interval are Newcombe's; stratified is the difference of Mantel and Haenszel with Sato's interval, within tasks of a repo and of
-- about the same number of runs (up to ten parts of a repo, of five tasks and more), or within repos where sizes tell the
-- arms apart; p is of that difference. A verdict needs ten tasks in each arm; of those that tell a difference at most one in
-- 20 is chance (Benjamini and Hochberg).
CREATE OR REPLACE VIEW pitrack.v_effect AS
WITH
  units AS (
    SELECT if(task_id = '', session_id, '') AS session, maxIf(t1, decides) AS at, groupArrayIf(t0, NOT stated) AS starts, groupArrayIf((toString(name), toString(sort)), NOT stated) AS helpers,
      argMaxIf((status = 'succeeded', if(stated, ('', ''), (toString(name), toString(sort))), place, NOT stated AND t0 < t1), (t1, id), decides) AS o
    FROM (
      SELECT *, toUnixTimestamp64Milli(start) AS t0, t0 + ms AS t1, toString(repo) AS place, name = 'task' AND kind = 'job' AND src = 'emit' AS stated,
        kind IN ('job', 'loop') AND status IN ('succeeded', 'failed') AS decides
      FROM pitrack.runs FINAL WHERE ran AND (task_id != '' OR session_id != ''))
    GROUP BY task_id, session HAVING countIf(decides) > 0),
  sized AS (
    SELECT o.1 AS ok, o.2 AS decider, o.3 AS place, toInt64(arrayCount(t -> t < at, starts)) - o.4 AS size,
      arrayDistinct(arrayFilter((h, t) -> t < at, helpers, starts)) AS used, toInt64(dense_rank() OVER w) - 1 AS nth, count() OVER (PARTITION BY place) AS units_of,
      intDiv((rank() OVER w - 1) * least(greatest(intDiv(units_of, 5), 1), 10), units_of) - nth AS ahead
    FROM units WINDOW w AS (PARTITION BY place ORDER BY size)),
  placed AS (
    SELECT ok, decider, arrayJoin([('repo and size', place, min(ahead) OVER (PARTITION BY place ORDER BY size) + nth), ('repo', place, 0)]) AS stratum,
      arrayJoin(arrayPushBack(arrayDistinct(if(decider.1 = '', used, arrayPushBack(used, decider))), ('', ''))) AS helper
    FROM sized),
  arms AS (
    SELECT stratum, helper, countIf(helper != decider OR helper.1 = '') AS in_arm, countIf(ok AND (helper != decider OR helper.1 = '')) AS in_arm_ok,
      countIf(helper = decider) AS own, countIf(helper = decider AND ok) AS own_ok
    FROM placed GROUP BY stratum, helper),
  whole AS (
    SELECT *, max(if(helper.1 = '', in_arm, 0)) OVER (PARTITION BY stratum) AS all_n, max(if(helper.1 = '', in_arm_ok, 0)) OVER (PARTITION BY stratum) AS all_k,
      sum(if(helper.1 = '' AND stratum.1 = 'repo', in_arm, 0)) OVER () AS n, sum(if(helper.1 = '' AND stratum.1 = 'repo', in_arm_ok, 0)) OVER () AS k
    FROM arms),
  tables AS (
    SELECT helper.1 AS name, helper.2 AS sort, stratum.1 AS level, toFloat64(in_arm) AS n1, toFloat64(in_arm_ok) AS k1, toFloat64(all_n) - n1 - own AS n0, toFloat64(all_k) - k1 - own_ok AS k0,
      own, own_ok, n1 > 0 AND n0 > 0 AS both, n, k
    FROM whole WHERE helper.1 != ''),
  sums AS (
    SELECT name, sort, level, sumIf(n1 * n0 / (n1 + n0), both) AS weight, sumIf((k1 * n0 - k0 * n1) / (n1 + n0), both) / weight AS mh,
      sqrt(greatest(0, mh * sumIf((n1 * n1 * k0 - n0 * n0 * k1 + n1 * n0 * (n0 - n1) / 2) / pow(n1 + n0, 2), both) + sumIf((k1 * (n0 - k0) + k0 * (n1 - k1)) / (2 * (n1 + n0)), both))) / weight AS deviation,
      countIf(both) AS strata, sumIf(n1 + n0, both) AS told, toInt64(sum(n1)) AS with_n, toInt64(sum(k1)) AS with_ok, toInt64(sum(own)) AS decided, toInt64(sum(own_ok)) AS decided_ok,
      any(n) AS all_n, any(k) AS all_k
    FROM tables GROUP BY name, sort, level),
  picked AS (
    SELECT name, sort, anyIf((weight, mh, deviation, strata, told), level = 'repo') AS by_repo, anyIf((weight, mh, deviation, strata, told), level = 'repo and size') AS by_size,
      if(2 * by_size.1 < by_repo.1, by_repo, by_size) AS x, if(2 * by_size.1 < by_repo.1, 'repo', 'repo and size') AS within,
      any(with_n) AS n1, any(with_ok) AS k1, any(decided) AS d, any(decided_ok) AS dk, any(all_n) AS n, any(all_k) AS k
    FROM sums GROUP BY name, sort),
  compared AS (
    SELECT name, sort, n1 AS with_n, k1 AS with_ok, toInt64(n) - n1 - d AS without_n, toInt64(k) - k1 - dk AS without_ok,
      with_ok / with_n - without_ok / without_n AS diff,
      diff - sqrt(pow(with_ok / with_n - pt_wilson_low(with_ok, with_n), 2) + pow(pt_wilson_high(without_ok, without_n) - without_ok / without_n, 2)) AS diff_low,
      diff + sqrt(pow(pt_wilson_high(with_ok, with_n) - with_ok / with_n, 2) + pow(without_ok / without_n - pt_wilson_low(without_ok, without_n), 2)) AS diff_high,
      x.1 > 0 AS inside, if(inside, x.2, NULL) AS stratified, if(inside, greatest(-1, x.2 - 1.959963984540054 * x.3), NULL) AS stratified_low,
      if(inside, least(1, x.2 + 1.959963984540054 * x.3), NULL) AS stratified_high, within, x.4 AS strata,
      with_ok + without_ok AS done, with_n + without_n AS both_n, pt_log_choose(done, with_ok) + pt_log_choose(both_n - done, with_n - with_ok) AS seen,
      multiIf(without_n = 0, 1, NOT inside, least(1, arraySum(y -> if(y <= seen + 1e-7, exp(y - pt_log_choose(both_n, with_n)), 0),
        arrayMap(a -> pt_log_choose(done, a) + pt_log_choose(both_n - done, with_n - a), range(toUInt64(greatest(0, with_n - (both_n - done))), toUInt64(least(with_n, done)) + 1)))),
        x.2 = 0, 1, erfc(abs(x.2) / (x.3 * sqrt(x.5 / greatest(x.5 - x.4, 1))) / sqrt(2))) AS p,
      with_n < 10 OR without_n < 10 AS few
    FROM picked
    WHERE n1 > 0 AND d <= 0.05 * (d + n1)),
  ranked AS (SELECT *, row_number() OVER (PARTITION BY few ORDER BY p) AS nth, count() OVER (PARTITION BY few) AS helpers FROM compared),
  limited AS (SELECT *, maxIf(p, p <= 0.05 * nth / helpers) OVER (PARTITION BY few) AS most FROM ranked)
SELECT name, sort, with_n, with_ok, without_n, without_ok, diff, diff_low, diff_high, stratified, stratified_low, stratified_high, within, strata, p,
  multiIf(few, 'too little data', p > most OR ifNull(stratified, diff) = 0, 'no clear difference', ifNull(stratified, diff) > 0, 'higher', 'lower') AS verdict
FROM limited;

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
