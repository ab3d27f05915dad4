package redact

import (
	"strings"
	"testing"
)

var rankNames = [...]string{"noise", "info", "outcome", "warning", "plain", "alarm", "declared"}

// Every level of a log and every word before a colon has its rank.
func TestRanksOfLines(t *testing.T) {
	for text, want := range map[string]string{
		// levels of logs
		"ERROR it was so": "declared", "2026-11-30 10:00:00 WARN x it was": "warning", "[error] it was so": "declared", "[INFO] it was so": "info", "<notice> it was so": "info", "(debug) it was so": "info",
		"2026-11-30T10:00:00Z [x] ERROR:root:it was": "declared", "ERROR:root:it was so": "declared", "Error it was so": "alarm", "error it was so": "alarm", "1 2 3 4 5 6 7 8 ERROR it was": "alarm",
		`{"level":"error","msg":"it was so"}`: "declared", `{"level":50,"msg":"it was so"}`: "declared", `{"level":40,"msg":"it was so"}`: "warning", `{"level":30,"msg":"it was so"}`: "info", `{"severity":"WARNING","message":"it was"}`: "warning",
		`level=error msg="it was so"`: "declared", `time=x lvl=warn msg=it`: "warning", `level=info msg="it was so"`: "info", `xlevel=error msg="it was"`: "plain",
		"E1130 11:42:11.540484 12857 file.go:265] it was so": "declared", "F1130 11:42:11.540484 12857 file.go:265] it was so": "declared", "W1130 11:42:11.540484 12857 file.go:265] it was so": "warning",
		"I1130 11:42:11.540484 12857 file.go:265] it was so": "info", "X1130 11:42:11.540484 12857 file.go:265] it was so": "plain", "E113a 11:42:11.540484 12857 file.go:265] it was": "plain",
		// words before a colon
		"error: it was so": "declared", "make: fatal: it was so": "declared", "a.c:1:20: warning: it was so": "warning", "a.c:1:20: note: it was so": "info", "error[E0308]: it was so": "declared",
		"TypeError: it was so": "declared", "java.io.IOException: it was so": "declared", "error code 7: it was so": "declared", "CMake Error at a.txt:3 (message): it was": "declared", "a b c d e f g h i j error: it was so": "alarm",
		"uncaught it was so": "declared", "FAILED a - it was so": "declared", "FAILED a it was so": "alarm", "(RuntimeError) it was so": "declared", "(TypeError) it was so": "declared", "it was so (TypeError)": "declared",
		"1:5 error 'a' is not used": "declared", "1:5 warning it was so": "warning", "error It was so": "declared", "fatal 'it' was so": "declared", "fatal it was so": "alarm", "npm error it was so": "info", "npm error it is broken": "declared",
		"npm error code it is broken": "declared", "npm warn it was so": "warning", "not ok 1 it was so": "declared", "caused by it was so": "declared",
		// words of failures, what denies and counts them
		"it is broken": "alarm", "0 errors it was so": "outcome", "errors=0 so": "plain", "it was without errors": "plain", "no errors, it was so": "plain", "it has no failures": "plain",
		"10 errors it was so": "outcome", "2 problems (2 errors)": "outcome", "tests: 1 failed, 2 passed": "outcome", "jq: 1 compile error": "outcome", "3 things it was so": "plain", "12 tests failed": "outcome", "found 3 so": "outcome", "found so": "plain",
		"not issues with it": "plain", "not an issue with it": "alarm", "exit status 1": "outcome", "error: exited with 7": "outcome", "aborted": "outcome", "fail": "outcome", "fail it was so": "outcome", "--option-error it was so": "noise", "an --option-error was so": "plain", "/var/error/x was so": "plain", "x.error was so": "plain", "x_error was so": "plain", "a=error was so": "plain",
		// advice, progress
		"try it again so": "info", "try failed": "alarm", "curl: try 'curl --help'": "info", "see it...": "info", "ok": "info", "see it…": "info", "so it was:": "info", "- so it was": "info", "closing the file failed": "alarm", "done": "info", "run failed: so": "alarm",
		"  it was indented": "info", "it was so": "plain", "usage: it [x]": "noise", "options: so": "noise", "usage it was so": "plain",
		"could not compile `x`": "outcome", "error: could not compile `x`": "outcome", "linker command failed": "outcome",
		"40E7D499A97F0000:error:8000006F:system library": "alarm", "40E7D49:error:8000006F:system library": "declared",
	} {
		lines := ranked(text)
		got := "none"
		if len(lines) > 0 {
			got = rankNames[lines[0].rank]
		}
		if got != want {
			t.Errorf("%q: %s, not %s", text, got, want)
		}
	}
}

// What tells of a failure, and what denies it.
func TestDenials(t *testing.T) {
	says(t, "alarming", alarming, []string{"errors: 1", "errors: 0.5", "errors: 01", "errors = 1", "10 errors", "100 failures", "1 error", "a0 errors", "error", "(error)", "it failed", "not found", "casino error", "failures=3", "no such errors"},
		[]string{"errors: 0", "errors:0", "failures=0", "errors: 0, so", "conflicts: 0", "0 errors", "00 failures", "0 conflicts", "without errors", "no errors", "with no failures", "no problems", "no warnings", "no issues", "x-error", "/error", ".error", "_error", "=error", "$error", "terror", "éerror", ""})
	says(t, "a consequence", consequence, []string{"make: *** [x] error 1", "the build failed", "2 hunks failed -- x"}, []string{"it is broken", ""})
	says(t, "an end", ended, []string{"exit status 1", "it exited with 7", "error: exited with 7", "fail", "fail x", "aborted (core dumped)"}, []string{"broken: exit status 1", "fail a > b", "failing", "fatal"})
	says(t, "a sum", counted, []string{"1 error", "12 tests failed", "found 3", "tests: 1", "total 3", "jq: 1 compile error", "3 failed"}, []string{"1", "error", "1error", "3 things", "found", "total", "a b: 1 compile error", "1 tested", "x 1 error"})
	says(t, "an aside", aside, []string{"try x", "ok", "x...", "x…", "curl: try x", "done", "check it"}, []string{"okay", "a b: try x", "curl: try x: y", "check failed", "closing x failed", "run error", "ran of it", "read timed out", "saving x failed: y", "removing error: x"})
	says(t, "a title", usageTitle, []string{"usage: x", "usage:", "options:", "usage of /x", "options :", "aufruf: x"}, []string{"usage", "usage x", "options of /x", "my usage:"})
	says(t, "an errno", isCode, []string{"enoent", "eresolve", "eaccess"}, []string{"eof", "emfi", "error", "either", "every", "noent"})
}

// What is read out of the lines of logs.
func TestFieldsOfLogs(t *testing.T) {
	for _, v := range []struct{ text, key, want string }{
		{`{"a":"b"}`, "a", "b"}, {`{"a" : "b"}`, "a", "b"}, {`{"a":50}`, "a", "50"}, {`{"a":50.5}`, "a", "50"}, {`{"a":x}`, "a", ""}, {`{"b":"a"}`, "a", ""}, {`{"a"}`, "a", ""}, {`{"a":`, "a", ""},
		{`{"a":"b\"c\\d\ne\tf\rg"}`, "a", `b"c\d e f g`}, {`{"a":"b\`, "a", `b\`}, {`{"a":""}`, "a", ""}, {`{"a":"b`, "a", "b"},
	} {
		if got := jsonString(v.text, v.key); got != v.want {
			t.Errorf("%s of %s: %q, not %q", v.key, v.text, got, v.want)
		}
	}
	for _, v := range []struct{ text, key, want string }{
		{"a=b", "a", "b"}, {"x a=b c", "a", "b"}, {`a="b c" d`, "a", "b c"}, {"xa=b", "a", ""}, {"xa=b a=c", "a", "c"}, {"b=a", "a", ""}, {"a=", "a", ""},
	} {
		if got := logfmtValue(v.text, v.key); got != v.want {
			t.Errorf("%s of %s: %q, not %q", v.key, v.text, got, v.want)
		}
	}
	for text, want := range map[string]string{
		`{"level":"error","msg":"a","err":"b"}`: "a: b", `{"level":"error","msg":"a b","err":"b"}`: "a b", `{"level":"error","error":"b","reason":"c","stderr":"d"}`: "b: c: d",
		`level=error msg="a  b" err=c`: "a b: c", "2026-11-30 10:00:00,123 - name - ERROR - it was": "it was", "[error] it was so": "it was so",
		"E1130 11:42:11.540484 12857 file.go:265] it err=\"so x\"": "so x",
	} {
		if got := Summary([]byte(text), nil); !strings.HasSuffix(got, want) {
			t.Errorf("%s: %q, not %q", text, got, want)
		}
	}
}

// Options that name a secret, with values on both sides of what counts.
func TestOptionsBothSides(t *testing.T) {
	for in, want := range map[string]string{
		"x --password abcd": "§", "x --password abc": "", "x -password abc": "§", "x -password ab": "", "x --password 'the pass word x' y": "", "x --password 'four pass phrase x' y": "§", "x --token abcde1": "§", "x --token abcde": "", "x --token abc1": "", "x -token abcde1": "", "x -token abcdefg1": "§",
		"x --token bob:abcd": "§", "x --token bob:abc": "", "x --token pg://bob:abcd": "", "x --pass abcd": "§", "x --pass 1234": "", "x --pass abc": "", "x -u bob:abcd": "§", "x -u bob:abc": "", "x --user=bob:abcd": "§", "x --user=bob": "", "x -p abcdefg1": "", "x --secret id=abcdefg1": "", "x --secret a-b=abcdefg1": "§",
		"x --password": "", "x --password=abcd": "§", "x--password abcd": "", `["--password","abcd"]`: "§", `["--password", "abcd"]`: "§", "x --password \\\nabcd": "§", "x --password --token": "", "x --password /etc/pw": "", "x --password a.b": "",
		"mysql -pab": "", "mysql -pabc x": "§", "mysql -p123 x": "§", "sshpass -p 12345 x": "", "sshpass -p 123456 x": "§", "mysqlx -pabc x": "", "xmysql -pabc x": "", "openssl -passin pass:abcd x": "§", "openssl -passin file:abcd x": "", "openssl -passin abcd x": "§",
		"curl -sSu bob:abcd x": "§", "curl -su bob:abcd x": "§", "curl -b a=bcd x": "§", "curl -b file x": "", "echo abc | sudo -S x": "§", "echo ab | sudo -S x": "", "echo -n abc | docker login --password-stdin": "§", "printf %s abc | sudo -S x": "§", "sudo -S x <<< abc": "§", "sudo -S x <<< ab": "",
		"htpasswd -nb bob abc": "§", "htpasswd -nb bob ab": "", "htpasswd -nbB -C 10 bob abc": "§", "htpasswd -b file bob abc": "§", "vault login abcd": "§", "vault login abc": "", "sqlplus bob/abcd@db": "§", "sqlplus bob/abc@db": "§", "sqlplus bob/ab@db": "", "sqlplus /nolog": "", "composer config a b abcd": "§",
		"AUTH abcde1": "§", "AUTH abcd1": "", "AUTH bob abcde1": "§", "AUTH a b abcde1": "", "a1 LOGIN bob abcde1": "§", "a1 LOGIN abcde1": "", "> PASS abcde1": "§", "PASS abcde1": "", "USER bob\nPASS abcde1": "§", `send "abcde1\r"`: "§", `send "abcd1\r"`: "", `send -- "abcde1\n"`: "§", `send "abcde1"`: "",
	} {
		got := secrets(in, nil)
		if touched := strings.Contains(got, marker); touched != (want != "") {
			t.Errorf("%q became %q", in, got)
		}
	}
}

// Pairs, headers and addresses with values on both sides of what counts.
func TestPairsBothSides(t *testing.T) {
	for in, want := range map[string]string{
		"password=abc": "§", "password=ab": "", "password = abcd": "§", "password = abc": "", "password: abcd": "§", "x password: abcd": "", "x password: abcde1": "§", "x password: abc1": "", "x password: abcd!e": "§", "password: expired": "", "x password: abcd!": "",
		"token=abcde1": "§", "token=abcd1": "", "token=abcdef": "§", "token=123456": "", "token=abc/e1": "", "token: abcde1": "§", "it is x token: abcde1": "", "x token: abcdefg1": "§", "secret_token=bob:abcd": "", "api_secret=bob:abcd": "§", "client_secret: abcd": "§",
		`"password": "abcd"`: "§", `"password": "abc"`: "", `"token": "abcde1"`: "§", `"token": "abcd1"`: "", `"password": "four words of it"`: "", `x["password"] = "abcd"`: "§", `$x['password'] => 'abcd'`: "§", "x->password = abcd": "§", "password == abcd": "", "password == abcdefg1": "§",
		"a?token=abcdef": "§", "a?token=abcde": "", "a?code=abcdefgh12345678901": "", "a?code=abcdefgh1234567890123": "§", "a?code=abcdefg1&state=x": "§", "a?code=abcde1&state=x": "", "code=4/0Aabcdefghijklmnopq": "§",
		"PWD=/srv/x": "", "Uid=a;Pwd=abcd;": "§", "PWD=abcd x": "", "name=\"password\" value=\"abcd\"": "§", "name=\"passage\" value=\"abcd\"": "", "Password for bob: abcde1": "§", "set password abcd1x": "§", "IDENTIFIED BY 'abcd'": "§", "user identified by abcd": "§", "identified by abcd": "", "revision identified by abcd": "",
		"password is abcd": "§", "the password is wrong": "", "password \"abcd\"": "§", "password \"abc\"": "", "machine a login bob password abcd": "§", "DB_PASSWORD abcde1": "§", "DB_PASSWORD abcd": "", "api_key abcdefgh12345678": "§", "api_key abcd": "", "DB_PASSWORD | abcde1": "§",
		"http://bob:x@host": "", "http://bob:abc@host": "§", "http://bob:$PW@host": "", "http://bob@host": "", "http://abcdefghijklmnop1@host": "§", "http://abcdefg1@host": "", "http://[::1]:80/a@b": "", "http://host:80/a@b": "", "http://bob:a/b@host": "§", "bob:abcd@tcp(host)": "§", "jdbc:oracle:thin:bob/abcd@host": "§", "jdbc:oracle:thin:bob@host": "",
		"Authorization: Bearer abcdefg1": "§", "Authorization: Bearer abcdef": "", "Authorization: abcdefg1": "§", "Authorization: Digest a=b": "§", "Authorization: Digest ab": "", "Cookie: a=bcd": "§", "Cookie: a=b": "", "Cookie: a b=cde": "", "bearer abcdefg1": "§", "basic Ym9iOmFiY2RlZg==": "§", "basic abcdefgh": "", "xbearer abcdefg1": "",
		"<password>abc</password>": "§", "<password>ab</password>": "", "<password>abc": "", "<token>abcdefg1</token>": "§", "<token>abcdef</token>": "", `<entry key="password">abc</entry>`: "§", `<x name="y">abc</x>`: "", "<password/>abc</password>": "", "<password><![CDATA[abc]]></password>": "§", "</password>abc</password>": "",
		"HTTPBasicAuth('bob', 'abcd')": "§", "HTTPBasicAuth('bob', 'abc')": "", "auth('bob')": "", "login('bob', 'abcd')": "§", "setPassword('abcd')": "§", "getPassword('abcd')": "", "put('password', 'abcd')": "§", "('password', 'abcd')": "", "define('DB_PASSWORD', 'abcd')": "§", "f(password='abcd')": "§",
		"https://hooks.slack.com/services/abcdefghij12": "§", "https://hooks.slack.com/services/abcdefghi12": "", "https://hooks.slack.com/services/abcdefghijkl": "", "https://hooks.slack.com/services/ABCDEFghijkl": "§",
	} {
		got := secrets(in, nil)
		if touched := strings.Contains(got, marker); touched != (want != "") {
			t.Errorf("%q became %q", in, got)
		}
	}
}
