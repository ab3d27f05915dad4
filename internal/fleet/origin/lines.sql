-- The lines as they were sent, byte for byte: the keys in the order of package event.
SELECT concat(
  '{"ts":"', replaceOne(toString(ts), ' ', 'T'), 'Z","v":', toString(v), ',"id":"', toString(id), '"',
  ',"kind":', toJSONString(toString(kind)), ',"name":', toJSONString(toString(name)), ',"status":"', toString(status), '"',
  if(status != 'started', concat(',"duration_ms":', toString(duration_ms)), ''),
  if(exit_code >= 0, concat(',"exit_code":', toString(exit_code)), ''),
  if(signal != '', concat(',"signal":', toJSONString(toString(signal))), ''),
  if(error_summary != '', concat(',"error_summary":', toJSONString(error_summary)), ''),
  if(cwd != '', concat(',"cwd":', toJSONString(cwd)), ''),
  if(scope != '', concat(',"scope":', toJSONString(toString(scope))), ''),
  if(repo != '', concat(',"repo":', toJSONString(toString(repo))), ''),
  if(session_id != '', concat(',"session_id":', toJSONString(session_id)), ''),
  if(task_id != '', concat(',"task_id":', toJSONString(task_id)), ''),
  if(parent_id != '', concat(',"parent_id":', toJSONString(parent_id)), ''),
  if(root_id != '', concat(',"root_id":', toJSONString(root_id)), ''),
  if(host != '', concat(',"host":', toJSONString(toString(host))), ''),
  if(pid > 0, concat(',"pid":', toString(pid)), ''),
  if(src != '', concat(',"src":', toJSONString(toString(src))), ''),
  if(usage.tokens + usage.input + usage.output + usage.cache_read + usage.cache_write > 0 OR usage.cost > 0 OR usage.model != '',
    concat(',"usage":{"tokens":', toString(usage.tokens), ',"input":', toString(usage.input), ',"output":', toString(usage.output),
      ',"cache_read":', toString(usage.cache_read), ',"cache_write":', toString(usage.cache_write), ',"cost":', toString(usage.cost),
      if(usage.model != '', concat(',"model":', toJSONString(usage.model)), ''), '}'), ''),
  if(rusage.user_ms IS NOT NULL, concat(',"rusage":{"user_ms":', toString(assumeNotNull(rusage.user_ms)), ',"sys_ms":', toString(rusage.sys_ms), ',"max_rss_kb":', toString(rusage.max_rss_kb), '}'), ''),
  if(call_id != '', concat(',"call_id":', toJSONString(call_id)), ''),
  if(ext != '', concat(',"ext":', toJSONString(toString(ext))), ''),
  if(rev != '', concat(',"rev":', toJSONString(toString(rev))), ''),
  if(agent != '', concat(',"agent":', toJSONString(toString(agent))), ''),
  if(model != '', concat(',"model":', toJSONString(toString(model))), ''),
  if(experiment != '', concat(',"experiment":', toJSONString(toString(experiment))), ''),
  if(arm != '', concat(',"arm":', toJSONString(toString(arm))), ''),
  if(writer != '', concat(',"writer":', toJSONString(writer)), ''),
  if(inferred != '', concat(',"inferred":', toJSONString(toString(inferred))), ''),
  if(stderr != '', concat(',"stderr":', toJSONString(toString(stderr))), ''),
  '}')
FROM lines FINAL
WHERE ts >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
SETTINGS output_format_json_escape_forward_slashes = 0, output_format_json_quote_64bit_integers = 0
FORMAT TSVRaw
