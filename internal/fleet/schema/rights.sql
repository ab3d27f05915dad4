
-- Who may do what. One user a machine, or a group of machines: the engine writes its name
-- into sender, which nobody can choose. Put 'user:password' into token_file.
CREATE ROLE IF NOT EXISTS pt_ship;
GRANT INSERT ON pitrack.lines TO pt_ship;
CREATE ROLE IF NOT EXISTS pt_read;
GRANT SELECT ON pitrack.lines TO pt_read;
GRANT SELECT ON pitrack.runs TO pt_read;
GRANT SELECT ON pitrack.daily TO pt_read;
GRANT SELECT ON pitrack.v_helpers TO pt_read;
GRANT SELECT ON pitrack.v_failures TO pt_read;
GRANT SELECT ON pitrack.v_verdicts TO pt_read;
GRANT SELECT ON pitrack.v_effect TO pt_read;
CREATE SETTINGS PROFILE IF NOT EXISTS pt_ship SETTINGS max_execution_time = 60, max_memory_usage = 1000000000, max_threads = 2, allow_ddl = 0 TO pt_ship;
CREATE QUOTA IF NOT EXISTS pt_ship KEYED BY user_name FOR INTERVAL 1 DAY MAX queries = 5000, written_bytes = 1000000000 TO pt_ship;
-- CREATE USER ship_laptop IDENTIFIED WITH sha256_password BY '…' DEFAULT ROLE pt_ship;
-- CREATE USER team_read   IDENTIFIED WITH sha256_password BY '…' DEFAULT ROLE pt_read;
