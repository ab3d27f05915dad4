-- pi-track's tables, for ClickHouse 24.8 or later. Run it once, as an administrator:
--   pi-track ship schema clickhouse | clickhouse-client --multiquery
CREATE DATABASE IF NOT EXISTS pitrack;

-- Every line that was sent, once: (name, sort, id, status) is its key, best its rank: an end before a reaped one and that before
-- a start, the earlier, then by what the lines say (a checksum), so that it does not matter which came first.
-- A repeated batch adds nothing (its token is its content); what comes twice in other
-- batches is merged, and FINAL reads it once.
CREATE TABLE IF NOT EXISTS pitrack.lines
(
  ts DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  v UInt8 DEFAULT 1,
  id UUID,
  kind LowCardinality(String),
  name LowCardinality(String),
  status Enum8('started' = 1, 'succeeded' = 2, 'failed' = 3, 'cancelled' = 4),
  duration_ms Int64 CODEC(T64, ZSTD(1)),
  exit_code Int16 DEFAULT -1,
  signal LowCardinality(String),
  error_summary String CODEC(ZSTD(3)),
  cwd String CODEC(ZSTD(3)),
  scope LowCardinality(String),
  repo LowCardinality(String),
  session_id String CODEC(ZSTD(1)),
  task_id String CODEC(ZSTD(1)),
  parent_id String CODEC(ZSTD(1)),
  root_id String CODEC(ZSTD(1)),
  host LowCardinality(String),
  pid UInt32,
  src LowCardinality(String),
  usage Tuple(tokens UInt64, input UInt64, output UInt64, cache_read UInt64, cache_write UInt64, cost Float64, model String),
  rusage Tuple(user_ms Nullable(UInt64), sys_ms UInt64, max_rss_kb UInt64),
  call_id String CODEC(ZSTD(1)),
  ext LowCardinality(String),
  rev LowCardinality(String),
  agent LowCardinality(String),
  model LowCardinality(String),
  experiment LowCardinality(String),
  arm LowCardinality(String),
  writer String CODEC(ZSTD(1)),
  inferred LowCardinality(String),
  stderr LowCardinality(String),
  sort LowCardinality(String) MATERIALIZED multiIf(kind IN ('script', 'job', 'loop'), 'shell helper', kind = 'extension_tool', 'tool', kind = 'extension_command', 'command', kind),
  sender LowCardinality(String) MATERIALIZED currentUser(),
  received DateTime('UTC') MATERIALIZED now('UTC') CODEC(Delta, ZSTD(1)),
  best UInt128 MATERIALIZED bitShiftLeft(toUInt128(
      bitShiftLeft(toUInt64(multiIf(status = 'started', 0, src = 'reaped', 1, 2)), 60) + (281474976710655 - toUInt64(greatest(toUnixTimestamp64Milli(ts), 0))) * 4 + (4 - toUInt8(status))), 32)
    + (4294967295 - CRC32(concat(toString(duration_ms), '\0', toString(exit_code), '\0', signal, '\0', error_summary, '\0', stderr, '\0', kind, '\0', name, '\0', cwd, '\0', scope, '\0',
      repo, '\0', session_id, '\0', task_id, '\0', host, '\0', src, '\0', call_id, '\0', ext, '\0', rev, '\0', agent, '\0', model, '\0', experiment, '\0', arm, '\0', usage.model, '\0',
      toString(usage.tokens), '\0', toString(usage.input), '\0', toString(usage.output), '\0', toString(usage.cache_read), '\0', toString(usage.cache_write), '\0',
      toString(reinterpretAsUInt64(usage.cost)), '\0', if(rusage.user_ms IS NULL, '', concat(toString(assumeNotNull(rusage.user_ms)), '\0', toString(rusage.sys_ms), '\0', toString(rusage.max_rss_kb), '\0'))))),
  CONSTRAINT sane CHECK length(name) BETWEEN 1 AND 1024 AND length(error_summary) <= 1000 AND duration_ms >= 0
)
ENGINE = ReplacingMergeTree(best)
PARTITION BY toYYYYMM(greatest(toDateTime('2025-01-01 00:00:00', 'UTC'), least(toDateTime('2040-01-01 00:00:00', 'UTC'), toDateTime(UUIDv7ToDateTime(id, 'UTC')))))
ORDER BY (name, sort, UUIDToNum(id), status)
TTL received + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1;

-- A run: its end, or its start while it has none. Its id alone is its key: an end may have another name than the start,
-- and is the same run all the same. Ids begin with the time, so that parts of different days need not be merged to be read.
CREATE TABLE IF NOT EXISTS pitrack.runs
(
  id UUID,
  name LowCardinality(String),
  sort LowCardinality(String),
  kind LowCardinality(String),
  status Enum8('started' = 1, 'succeeded' = 2, 'failed' = 3, 'cancelled' = 4),
  start DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)), -- of a duration of centuries before 1970: reports take that for 1970
  ms Int64 CODEC(T64, ZSTD(1)),
  exit_code Int16,
  signal LowCardinality(String),
  error_summary String CODEC(ZSTD(3)),
  stderr LowCardinality(String),
  cwd String CODEC(ZSTD(3)),
  scope LowCardinality(String),
  repo LowCardinality(String),
  session_id String CODEC(ZSTD(1)),
  task_id String CODEC(ZSTD(1)),
  host LowCardinality(String),
  src LowCardinality(String),
  usage Tuple(tokens UInt64, input UInt64, output UInt64, cache_read UInt64, cache_write UInt64, cost Float64, model LowCardinality(String)),
  rusage Tuple(user_ms Nullable(UInt64), sys_ms UInt64, max_rss_kb UInt64),
  ext LowCardinality(String),
  rev LowCardinality(String),
  agent LowCardinality(String),
  model LowCardinality(String),
  experiment LowCardinality(String),
  arm LowCardinality(String),
  ran UInt8, -- 0: a call that an experiment switched off, or a tool that it offered
  sender LowCardinality(String),
  received DateTime('UTC') CODEC(Delta, ZSTD(1)),
  best UInt128 CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(best)
PARTITION BY toYYYYMM(greatest(toDateTime('2025-01-01 00:00:00', 'UTC'), least(toDateTime('2040-01-01 00:00:00', 'UTC'), toDateTime(UUIDv7ToDateTime(id, 'UTC')))))
ORDER BY UUIDToNum(id)
TTL received + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS pitrack.runs_mv TO pitrack.runs AS
SELECT id, name, sort, kind, status,
  fromUnixTimestamp64Milli(least(253402214400000, multiIf(status = 'started', toUnixTimestamp64Milli(ts),
    src IN ('reaped', 'import') AND substring(toString(id), 15, 1) = '7' AND UUIDv7ToDateTime(id, 'UTC') <= ts, toUnixTimestamp64Milli(UUIDv7ToDateTime(id, 'UTC')),
    toUnixTimestamp64Milli(ts) - duration_ms)), 'UTC') AS start,
  duration_ms AS ms, exit_code, signal, error_summary, stderr, cwd, scope, repo, session_id, task_id, host, src, usage, rusage, ext, rev, agent, model, experiment, arm,
  NOT (arm = 'off' OR arm != '' AND call_id = '' AND kind = 'extension_tool') AS ran, sender, received, best
FROM pitrack.lines;
