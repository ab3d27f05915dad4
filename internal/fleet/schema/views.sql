
-- For dashboards and SQL of one's own. The counts are those of 'pi-track report'; verdicts, change and
-- effect need arithmetic that SQL lacks: they are in 'pi-track report --from' alone.
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

-- What failed last, without texts unless these were sent.
CREATE OR REPLACE VIEW pitrack.v_failures AS
SELECT fromUnixTimestamp64Milli(toUnixTimestamp64Milli(start) + ms, 'UTC') AS time, name, sort, repo, host,
  multiIf(signal != '', concat('signal ', signal), exit_code >= 0, concat('exit ', toString(exit_code)), 'failed') AS how, error_summary, id
FROM pitrack.runs FINAL
WHERE status = 'failed' AND ran;

-- Days added up, made anew every hour from the runs: a sum could not take a replaced start back.
-- Before ClickHouse 24.10: SET allow_experimental_refreshable_materialized_view = 1;
CREATE MATERIALIZED VIEW IF NOT EXISTS pitrack.daily
REFRESH EVERY 1 HOUR
ENGINE = MergeTree ORDER BY (name, sort, day, repo)
AS SELECT toDate(start, 'UTC') AS day, name, sort, repo, count() AS runs, countIf(status = 'succeeded') AS succeeded, countIf(status = 'failed') AS failed,
  countIf(status = 'cancelled') AS cancelled, countIf(status = 'started') AS open, sumIf(ms, status = 'succeeded') AS sum_ms,
  sumMapIf([toInt32(if(ms <= 0, -1, ceil(log(ms) / log(1.01 / 0.99))))], [toUInt64(1)], status = 'succeeded') AS sketch
FROM pitrack.runs FINAL
WHERE NOT (name = 'task' AND kind = 'job' AND src = 'emit') AND ran
GROUP BY day, name, sort, repo;
