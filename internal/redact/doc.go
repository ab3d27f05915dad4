// Package redact makes short, harmless text of what programs print.
//
// In this order: terminal escapes and control characters go ([Strip]), so that
// a secret cut up by colour codes is whole again; secrets become [redacted:rule];
// the first line of a full ring goes, because the ring's start may have cut a
// secret in two, and only now, because it may announce what follows; then the
// text is cut, so that no rule misses a secret for being cut ([Summary]). The
// text around a secret is kept.
//
// Of an output the line that names the cause is kept: every line is ranked by
// its label, a log's level or its words, by tables in several languages, in
// linear time (cause.go). testdata/errors.jsonl holds what some hundred
// programs really wrote.
//
// What is taken for a secret, by rule:
//
//	env            the values of environment variables whose names promise one
//	               (…_TOKEN, …_SECRET, …_PASSWORD, …_KEY, DATABASE_URL, …), of 8
//	               characters or more; also URL-encoded, escaped as in JSON or
//	               for the shell, and base64-encoded at any offset in a longer
//	               text; of several lines each one; of URLs also the password
//	               alone
//	pem            private keys, also those whose begin or end is cut off, or in
//	               base64
//	github, aws, … tokens with a well-known prefix (see wellKnown), bot tokens of
//	               Telegram and Discord
//	jwt            JSON web tokens
//	url            scheme://user:THIS@host, and a long token before the @
//	webhook        the addresses of Slack, Discord, Teams, … behind their host
//	bearer, basic, authorization, cookie, password
//	               what follows these words or headers
//	key            the value of key=value, key: value, "key": "value",
//	               [key] => value, key%3Dvalue, <key>value, where the key's last
//	               words are password, secret, token, api key and the like.
//	               Behind a colon, and for tokens, the value must look random:
//	               letters and digits, or both cases
//	flag           --token X, --password X and the like; -u user:THIS
//
// Hashes, ids, certificates, public keys, placeholders and sentences about
// passwords are left as they are. The tests measure both on a corpus.
//
// The patterns are small scanners instead of regular expressions: package
// regexp would cost every start of every shim about 50 µs for its tables. The
// TypeScript logger has the same rules; testdata/cases.json is tested by both.
package redact
