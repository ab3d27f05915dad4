// The report's figures as SQL.

const columns = {
  ts: "VARCHAR", v: "BIGINT", id: "VARCHAR", kind: "VARCHAR", name: "VARCHAR", status: "VARCHAR",
  duration_ms: "BIGINT", exit_code: "BIGINT", signal: "VARCHAR", error_summary: "VARCHAR", cwd: "VARCHAR",
  scope: "VARCHAR", repo: "VARCHAR", session_id: "VARCHAR", task_id: "VARCHAR", host: "VARCHAR", src: "VARCHAR", ext: "VARCHAR",
  rev: "VARCHAR", agent: "VARCHAR", model: "VARCHAR",
  usage: "STRUCT(tokens BIGINT, input BIGINT, output BIGINT, cache_read BIGINT, cache_write BIGINT, cost DOUBLE, model VARCHAR)",
  rusage: "STRUCT(user_ms BIGINT, sys_ms BIGINT, max_rss_kb BIGINT)",
};

/** The table of runs: one row each, whatever was written twice or reaped too early. */
export function runs(files) {
  const list = files.map((f) => `'${f}'`).join(", ");
  const types = Object.entries(columns).map(([k, t]) => `${k}: '${t}'`).join(", ");
  return `
CREATE OR REPLACE TABLE line AS
  SELECT *, epoch_ms(strptime(ts, '%Y-%m-%dT%H:%M:%S.%gZ')) AS written
  FROM read_json([${list}], format = 'newline_delimited', ignore_errors = true, columns = {${types}})
  WHERE v = 1 AND id IS NOT NULL AND name IS NOT NULL AND status IN ('started', 'succeeded', 'failed', 'cancelled');
CREATE OR REPLACE TABLE run AS
  WITH ended AS (
    SELECT * FROM line WHERE status <> 'started'
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY CASE WHEN src = 'reaped' THEN 1 ELSE 0 END, written, status) = 1
  ), open AS (
    SELECT * FROM line WHERE status = 'started' AND id NOT IN (SELECT id FROM ended)
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY written) = 1
  ), both_ AS (SELECT * FROM ended UNION ALL SELECT * FROM open)
  SELECT * REPLACE (coalesce(model, usage.model) AS model), coalesce(duration_ms, 0) AS ms,
    CASE WHEN status = 'started' THEN written
         WHEN src = 'reaped' THEN ('0x' || substr(replace(id, '-', ''), 1, 12))::BIGINT
         ELSE written - coalesce(duration_ms, 0) END AS start,
    start + ms AS ended,
    strftime(make_timestamp(start * 1000), '%Y-%m-%d') AS day,
    strftime(make_timestamp(start * 1000), '%G-W%V') AS week,
    strftime(make_timestamp(start * 1000), '%Y-%m') AS month,
    coalesce(exit_code::VARCHAR, signal, '') AS how,
    CASE WHEN kind IN ('script', 'job', 'loop') THEN 'shell helper' WHEN kind = 'extension_tool' THEN 'tool'
         WHEN kind = 'extension_command' THEN 'command' ELSE kind END AS sort,
    CASE WHEN kind IN ('skill', 'prompt') THEN 'used' ELSE status END AS came_to
  FROM both_;`;
}

/** What a row of the report says, for any grouping. */
export const row = `
  count(*) AS runs,
  count(*) FILTER (came_to = 'succeeded') AS succeeded,
  count(*) FILTER (came_to = 'failed') AS failed,
  count(*) FILTER (came_to = 'cancelled') AS cancelled,
  count(*) FILTER (came_to = 'started') AS open,
  count(*) FILTER (came_to = 'used') AS used,
  succeeded / nullif(succeeded + failed, 0) AS rate,
  avg(ms) FILTER (came_to = 'succeeded') AS avg,
  min(ms) FILTER (came_to = 'succeeded') AS min,
  max(ms) FILTER (came_to = 'succeeded') AS max,
  quantile_cont(ms, [0.5, 0.95, 0.99]) FILTER (came_to = 'succeeded') AS q,
  max(start) AS last_run,
  max(ended) FILTER (came_to = 'failed') AS last_failure,
  count(usage) AS usage_runs, sum(usage.tokens) AS tokens, sum(usage.input) AS input, sum(usage.output) AS output,
  sum(usage.cost) AS cost,
  count(rusage) AS rusage_runs, avg(rusage.user_ms) AS user_ms, avg(rusage.sys_ms) AS sys_ms, max(rusage.max_rss_kb) AS rss`;

export const overview = `
SELECT ${row}, min(start) AS first, count(DISTINCT (name, sort)) AS helpers, count(DISTINCT repo) AS repos,
  count(DISTINCT session_id) AS sessions, count(DISTINCT task_id) AS tasks, count(DISTINCT host) AS hosts FROM run`;

/** Failures by helper and fingerprint; the expressions are those of the report's documentation. */
export const failures = `
SELECT name, sort,
  CASE WHEN print <> '' THEN print WHEN signal IS NOT NULL THEN 'signal ' || signal
       WHEN exit_code IS NOT NULL THEN 'exit ' || exit_code ELSE 'failed' END AS print,
  count(*) AS n, min(ended) AS first, max(ended) AS last
FROM (SELECT *, regexp_replace(regexp_replace(regexp_replace(regexp_replace(coalesce(error_summary, ''),
    '(^|[^0-9A-Za-z_])("[^"]*"|''[^'']*''|\`[^\`]*\`)', '\\1…', 'g'),
    '[0-9A-Za-z_.~@+-]*/[0-9A-Za-z_.~@+/-]*', '/…', 'g'),
    '[0-9A-Za-z_-]*[0-9][0-9A-Za-z_-]*', '#', 'g'),
    '\\b[a-fA-F]{8,}\\b', '#', 'g') AS print
  FROM run WHERE came_to = 'failed')
GROUP BY ALL`;

/** Tasks (else sessions) with an outcome, by helper: how many with and without it were completed. */
export const effect = `
WITH member AS (SELECT *, coalesce('t' || task_id, 's' || session_id) AS unit FROM run WHERE unit IS NOT NULL),
outcome AS (
  SELECT unit, id, ended AS stated, status = 'succeeded' AS ok, name AS decider, sort AS decider_sort FROM member
  WHERE kind IN ('job', 'loop') AND status IN ('succeeded', 'failed')
  QUALIFY count(*) OVER (PARTITION BY unit, ended) = 1 AND ended = max(ended) OVER (PARTITION BY unit)
), exposure AS (
  SELECT DISTINCT m.name, m.sort, m.unit FROM member m JOIN outcome o ON m.unit = o.unit AND m.start < o.stated AND m.id <> o.id
    AND NOT (m.name = o.decider AND m.sort = o.decider_sort)
), decided AS (
  SELECT decider, decider_sort, count(*) AS decided FROM outcome GROUP BY ALL
), arm AS (
  SELECT h.name, h.sort, o.unit, o.ok, e.unit IS NOT NULL AS exposed
  FROM outcome o CROSS JOIN (SELECT DISTINCT name, sort FROM exposure) h LEFT JOIN exposure e ON e.name = h.name AND e.sort = h.sort AND e.unit = o.unit
  WHERE NOT (h.name = o.decider AND h.sort = o.decider_sort)
), compared AS (
SELECT name, sort, count(*) FILTER (exposed) AS n1, count(*) FILTER (exposed AND ok) AS k1,
  count(*) FILTER (NOT exposed) AS n0, count(*) FILTER (NOT exposed AND ok) AS k0
FROM arm GROUP BY name, sort)
SELECT compared.* FROM compared LEFT JOIN decided ON decider = name AND decider_sort = sort
WHERE coalesce(decided, 0) <= 0.05 * (n1 + coalesce(decided, 0))`;

/** The latest finished runs of each helper before and since a moment (Unix ms), and those that failed. */
export const sides = (name, at) => `
WITH recent AS (
  SELECT * FROM run WHERE name = '${name}' AND came_to IN ('succeeded', 'failed')
  QUALIFY row_number() OVER (ORDER BY ended DESC) <= 1000
)
SELECT count(*) FILTER (ended < ${at}) AS before, count(*) FILTER (ended < ${at} AND came_to = 'succeeded') AS before_ok,
  count(*) FILTER (ended >= ${at}) AS since, count(*) FILTER (ended >= ${at} AND came_to = 'succeeded') AS since_ok FROM recent`;

const finished = (name) => `SELECT * FROM run WHERE name = '${name}' AND came_to IN ('succeeded', 'failed')`;

/** The ratio of the medians of succeeded runs, since ÷ before, in thousandths of the median of their repo. */
export const pace = (name, at) => `
WITH ok AS (SELECT *, greatest(median(ms) OVER (PARTITION BY repo), 1) AS usual FROM (${finished(name)}) WHERE came_to = 'succeeded'),
  part AS (SELECT ended, trunc(1000 * ms / usual) AS x FROM ok)
SELECT median(x) FILTER (ended >= ${at}) / median(x) FILTER (ended < ${at}) AS ratio, count(*) FILTER (ended >= ${at}) AS n FROM part`;

/** Failures and runs with a value of a column, and with another one. */
export const tied = (name, column, value) => `
SELECT count(*) FILTER (${column} = '${value}' AND came_to = 'failed') AS k, count(*) FILTER (${column} = '${value}') AS n,
  count(*) FILTER (${column} <> '${value}' AND came_to = 'failed') AS rest_k, count(*) FILTER (${column} <> '${value}') AS rest_n
FROM (${finished(name)})`;

/** Cancelled runs of all that have ended, before and since a moment. */
export const cancelled = (name, at) => `
SELECT count(*) FILTER (ended >= ${at} AND came_to = 'cancelled') AS k, count(*) FILTER (ended >= ${at}) AS n,
  count(*) FILTER (ended < ${at} AND came_to = 'cancelled') AS k0, count(*) FILTER (ended < ${at}) AS n0
FROM run WHERE name = '${name}' AND came_to <> 'started'`;

/** Rows of five and more failures with the same error in one session: how many, the longest, and what all cost. */
export const loops = (name) => `
WITH marked AS (
  SELECT *, came_to = 'failed' AS bad, lag(came_to = 'failed') OVER session AS was_bad, lag(error_summary) OVER session AS was
  FROM (${finished(name)}) WINDOW session AS (PARTITION BY session_id ORDER BY ended, id)
), numbered AS (
  SELECT *, sum(CASE WHEN bad AND was_bad AND error_summary = was THEN 0 ELSE 1 END) OVER (PARTITION BY session_id ORDER BY ended, id) AS number FROM marked
), row_ AS (
  SELECT count(*) AS n, sum(ms) AS spent, sum(usage.tokens) AS tokens, sum(usage.cost) AS cost, min(start) AS began, max(ended) AS over_
  FROM numbered WHERE bad GROUP BY session_id, number HAVING count(*) >= 5
)
SELECT count(*) AS loops, max(n) AS longest, arg_max(began, n) AS began, arg_max(over_, n) AS over_, sum(spent) AS spent, sum(tokens) AS tokens, sum(cost) AS cost FROM row_`;
