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
//	               base64; PuTTY's
//	github, aws, … tokens with a well-known prefix (wellKnown) or a mark within
//	               (shapes)
//	jwt            JSON web tokens, also over several lines
//	hash           hashed passwords, as in shadow and htpasswd
//	url            scheme://user:THIS@host, and a long token before the @ or in a path,
//	               behind reset, invite, webhook and the like (linkWords)
//	webhook        the addresses of Slack, Discord, Teams, … behind their host
//	bearer, basic, authorization, cookie
//	               what follows these words or headers
//	key            the value of key=value, key: value, "key": "value",
//	               [key] => value, key%3Dvalue, <key>value, ('key', 'value') and
//	               their kind, where the key's last words are password, secret,
//	               token, api key and the like. Behind a colon, and for tokens,
//	               the value must look random, or stand alone on a line
//	password       the same with blanks between: IDENTIFIED BY, machine … password
//	flag           --token X, --password X and the like; the options of programs
//	               that are known to take secrets (commands): mysql -pX, curl -u
//	               user:X, echo X | docker login --password-stdin
//
// Hashes, ids, certificates, public keys, placeholders and sentences about
// passwords are left as they are. The tests measure both on a corpus.
//
// The prefixes, key words, options and addresses stand in rules.json, from
// which go generate makes the tables of this package and of the TypeScript
// logger, and a positive and a negative case of each entry. The scanners are
// written by hand and take linear time: package regexp would cost every start
// of every shim about 50 µs for its tables. testdata is read by the tests of
// both sides.
package redact
