package redact

import "fmt"

// benign is a kind of output without secrets: make makes some lines of it.
type benign struct {
	name string
	make func(m maker) string
}

var benignKinds = []benign{
	{"go test", func(m maker) string {
		return fmt.Sprintf("--- FAIL: Test%s (0.%02ds)\n    token_test.go:%d: got token = IDENT, want token = EOF\nFAIL\tgithub.com/%s/%s\t0.%03ds",
			m.of(upper, 1)+m.word(), m.Intn(99), m.Intn(500), m.word(), m.word(), m.Intn(999))
	}},
	{"npm lock", func(m maker) string {
		return fmt.Sprintf("    \"node_modules/%s\": {\n      \"version\": \"1.%d.3\",\n      \"resolved\": \"https://registry.example.org/%s/-/%s-1.2.3.tgz\",\n      \"integrity\": \"sha512-%s==\",", m.word(), m.Intn(9), m.word(), m.word(), m.base64(86))
	}},
	{"npm error", func(m maker) string {
		return fmt.Sprintf("npm error code E404\nnpm error 404 Not Found - GET https://registry.example.org/@%s/%s - Not found\nnpm error A complete log of this run can be found in: /home/u/.npm/_logs/2026-11-22T05_06_33_%03dZ-debug-0.log", m.word(), m.word(), m.Intn(999))
	}},
	{"git log", func(m maker) string {
		return fmt.Sprintf("commit %s\nAuthor: A U Thor <author@example.com>\nDate:   Sun Nov 22 05:06:33 2026 +0000\n\n    Rotate the token parser (%s)", m.hex(40), m.hex(7))
	}},
	{"git fetch", func(m maker) string {
		return fmt.Sprintf("From ssh://git@git.example.com:29418/%s/%s\n   %s..%s  main -> origin/main\nerror: Your local changes to the following files would be overwritten by merge:", m.word(), m.word(), m.hex(9), m.hex(9))
	}},
	{"uuids", func(m maker) string {
		return fmt.Sprintf("request %s failed: no such session %s (trace %s)", m.uuid(), m.uuid(), m.hex(32))
	}},
	{"kubectl", func(m maker) string {
		return fmt.Sprintf("NAME  READY  STATUS\n%s-%s-%s  0/1  CrashLoopBackOff\nWarning  FailedMount  MountVolume.SetUp failed for volume \"default-token-%s\" : secret \"%s-tls\" not found", m.word(), m.hex(10), m.of(lower, 5), m.of(lower, 5), m.word())
	}},
	{"kubernetes yaml", func(m maker) string {
		return fmt.Sprintf("      valueFrom:\n        secretKeyRef:\n          name: %s-secret\n          key: password\n    imagePullSecrets:\n    - name: regcred\n  uid: %s\n  resourceVersion: \"%s\"", m.word(), m.uuid(), m.of(digits, 8))
	}},
	{"terraform", func(m maker) string {
		return fmt.Sprintf("  + resource \"aws_iam_role\" \"%s\" {\n      + arn = (known after apply)\n      + password = (sensitive value)\n      + api_token = (sensitive value)\n      + id = \"%s\"\n    }\nError: Invalid provider configuration: missing required argument \"token\"", m.word(), m.hex(17))
	}},
	{"docker build", func(m maker) string {
		return fmt.Sprintf("#%d sha256:%s 28.23MB / 28.23MB 1.%ds done\n#7 ERROR: process \"/bin/sh -c npm ci\" did not complete successfully: exit code: 1", m.Intn(20), m.hex(64), m.Intn(9))
	}},
	{"pip", func(m maker) string {
		return fmt.Sprintf("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n    %s==1.2.3 from https://files.example.org/packages/%s/%s/%s:\n        Expected sha256 %s\n             Got        %s", m.word(), m.hex(2), m.hex(2), m.hex(60), m.hex(64), m.hex(64))
	}},
	{"python", func(m maker) string {
		return fmt.Sprintf("Traceback (most recent call last):\n  File \"/srv/%s.py\", line %d, in <module>\n    token = next(tokens)\n    password = getpass.getpass()\nKeyError: '%s'", m.word(), m.Intn(900), m.word())
	}},
	{"java", func(m maker) string {
		return fmt.Sprintf("Exception in thread \"main\" java.lang.IllegalStateException: Unexpected token: END_OBJECT\n\tat com.%s.%s.Parser$Token.next(Parser.java:%d)\n\tat com.fasterxml.jackson.core.JsonToken.<init>(JsonToken.java:77)", m.word(), m.word(), m.Intn(900))
	}},
	{"rust", func(m maker) string {
		return fmt.Sprintf("error[E0425]: cannot find value `secret` in this scope\n  --> src/%s.rs:%d:9\n   |\n%d |         token: secret,\n   |                ^^^^^^ not found in this scope", m.word(), m.Intn(900), m.Intn(900))
	}},
	{"cargo lock", func(m maker) string {
		return fmt.Sprintf("name = \"%s\"\nversion = \"0.%d.1\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"%s\"", m.word(), m.Intn(20), m.hex(64))
	}},
	{"go.sum", func(m maker) string {
		return fmt.Sprintf("github.com/%s/%s v1.%d.0 h1:%s=\nverifying github.com/%s/%s@v1.2.3: checksum mismatch", m.word(), m.word(), m.Intn(20), m.base64(43), m.word(), m.word())
	}},
	{"gcc", func(m maker) string {
		return fmt.Sprintf("%s.c:%d:12: error: expected ';' before 'token'\n   %d |     char *password = NULL;\nmake[2]: *** [Makefile:%d: %s.o] Error 1", m.word(), m.Intn(900), m.Intn(900), m.Intn(90), m.word())
	}},
	{"typescript", func(m maker) string {
		return fmt.Sprintf("src/%s.ts(%d,7): error TS2322: Type '{ token: string; password: string | undefined; }' is not assignable to type 'Credentials'.\n  Types of property 'apiKey' are incompatible.", m.word(), m.Intn(900))
	}},
	{"eslint", func(m maker) string {
		return fmt.Sprintf("/src/%s.js\n  %d:11  error  Parsing error: Unexpected token (  \n  %d:3  error  'accessToken' is assigned a value but never used  no-unused-vars", m.word(), m.Intn(900), m.Intn(900))
	}},
	{"jest", func(m maker) string {
		return fmt.Sprintf("  ● %s › rejects a wrong password\n\n    expect(received).toBe(expected)\n\n    Expected: \"token: required\"\n    Received: \"token: %s\"", m.word(), m.word())
	}},
	{"pytest", func(m maker) string {
		return fmt.Sprintf("FAILED tests/test_%s.py::test_token_refresh[%d] - AssertionError: assert 'secret' in {}\n=== %d failed, %d passed in 3.%02ds ===", m.word(), m.Intn(9), m.Intn(9), m.Intn(900), m.Intn(99))
	}},
	{"model limits", func(m maker) string {
		return fmt.Sprintf("error: max_tokens: %d > 8192, prompt_tokens=%d completion_tokens=%d total_tokens: %d, next_page_token: null", m.Intn(99999), m.Intn(99999), m.Intn(9999), m.Intn(99999))
	}},
	{"json api error", func(m maker) string {
		return fmt.Sprintf(`{"error":{"code":401,"message":"Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.","status":"UNAUTHENTICATED","request_id":"%s"}}`, m.uuid())
	}},
	{"help text", func(m maker) string {
		return fmt.Sprintf("Error: required flag(s) \"token\" not set\nUsage:\n  %s login [flags]\n      --token string      access token (env TOKEN)\n      --password-stdin    take the password from stdin\n  -u, --user name[:password]\n      --api-key KEY       use KEY instead of the key file", m.word())
	}},
	{"ssh", func(m maker) string {
		return fmt.Sprintf("debug1: Offering public key: /home/u/.ssh/id_ed25519 ED25519 SHA256:%s agent\ndebug1: Authentications that can continue: publickey,password\n%s@host: Permission denied (publickey,password).", m.base64(43), m.word())
	}},
	{"openssl", func(m maker) string {
		return fmt.Sprintf("depth=2 C = US, O = Example, CN = Root\n-----BEGIN CERTIFICATE-----\n%s\n%s\n-----END CERTIFICATE-----\nVerify return code: 20 (unable to get local issuer certificate)", m.base64(64), m.base64(64))
	}},
	{"public keys", func(m maker) string {
		return fmt.Sprintf("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI%s u@host\n-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----", m.base64(43), m.base64(64))
	}},
	{"aws", func(m maker) string {
		return fmt.Sprintf("An error occurred (AccessDenied) when calling the PutObject operation: User: arn:aws:sts::%s:assumed-role/%s/i-%s is not authorized to perform: kms:GenerateDataKey on resource: arn:aws:kms:eu-west-1:%s:key/%s", m.of(digits, 12), m.word(), m.hex(17), m.of(digits, 12), m.uuid())
	}},
	{"journal", func(m maker) string {
		return fmt.Sprintf("Nov 22 05:06:33 host systemd[1]: %s.service: Main process exited, code=exited, status=%d/n/a\nNov 22 05:06:33 host sshd[%d]: Failed password for invalid user %s from 192.0.2.7 port 4242 ssh2", m.word(), m.Intn(255), m.Intn(9999), m.word())
	}},
	{"nginx", func(m maker) string {
		return fmt.Sprintf("2026/11/22 05:06:33 [error] %d#%d: *%d connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.7, request: \"GET /a/%s?page=%d&sort=key HTTP/1.1\", upstream: \"http://127.0.0.1:8080/\"", m.Intn(99), m.Intn(99), m.Intn(999), m.uuid(), m.Intn(9))
	}},
	{"postgres", func(m maker) string {
		return fmt.Sprintf("ERROR:  duplicate key value violates unique constraint \"%s_pkey\"\nDETAIL:  Key (id)=(%d) already exists.\nFATAL:  password authentication failed for user \"%s\"", m.word(), m.Intn(99999), m.word())
	}},
	{"ansible", func(m maker) string {
		return fmt.Sprintf("fatal: [%s]: FAILED! => {\"changed\": false, \"msg\": \"Missing sudo password\", \"checksum\": \"%s\", \"password\": \"VALUE_SPECIFIED_IN_NO_LOG_PARAMETER\"}", m.word(), m.hex(40))
	}},
	{"data uri and source map", func(m maker) string {
		return fmt.Sprintf("background:url(data:image/png;base64,%s)\n//# sourceMappingURL=%s.js.map\nintegrity=\"sha384-%s\"", m.base64(120), m.word(), m.base64(64))
	}},
	{"hex dump", func(m maker) string {
		return fmt.Sprintf("%s: %s %s %s %s  ................\nmd5=%s etag: \"%s\" crc32=%s", m.hex(8), m.hex(4), m.hex(4), m.hex(4), m.hex(4), m.hex(32), m.hex(32), m.hex(8))
	}},
	{"environment without secrets", func(m maker) string {
		return fmt.Sprintf("HOME=/home/%s\nPWD=/srv/%s\nOLDPWD=/srv\nSSH_AUTH_SOCK=/run/user/1000/keyring/ssh\nKEYMAP=us\nMONKEY=banana%d\nPI_SESSION_ID=%s", m.word(), m.word(), m.Intn(99999999), m.uuid())
	}},
	{"compiler bootstrap", func(m maker) string {
		return fmt.Sprintf("syntax error near unexpected token `%s'\nbash: line %d: %s: command not found\nmake: *** [deploy] Error 127", m.of("()<>;", 1), m.Intn(99), m.word())
	}},
}
