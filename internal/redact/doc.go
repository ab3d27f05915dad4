// Package redact turns what a program prints into a short text without secrets.
//
// It works in this order ([Summary]):
//
//  1. Terminal escapes and control characters are removed ([Strip]), so that a secret
//     that colour codes cut up is whole again.
//  2. Secrets become [redacted:rule]. The text around a secret is kept.
//  3. If the ring was full, its first line is dropped, because the ring's start may have
//     cut a secret in two. This comes after step 2, because the line may announce what
//     follows.
//  4. The text is cut to length. This comes last, so that no rule misses a secret that
//     was cut.
//
// Of an output, the line that names the cause is kept. Every line is ranked by its label,
// a log's level or its words, by tables in several languages, in linear time (cause.go).
// testdata/errors.jsonl holds what some hundred programs really wrote.
//
// These are the rules, and what each takes for a secret:
//
//	env            the values of environment variables whose names promise one
//	               (…_TOKEN, …_SECRET, …_PASSWORD, …_KEY, DATABASE_URL, …), from 8
//	               characters on. Also URL-encoded, escaped as in JSON or for the
//	               shell, and base64-encoded at any offset in a longer text. Of a
//	               value of several lines, each line; of a URL, also the password
//	pem            private keys, also with a beginning or end that was cut off, or in
//	               base64, and PuTTY's
//	github, aws, … tokens with a well-known prefix (wellKnown) or with a known mark
//	               inside (shapes)
//	jwt            JSON web tokens, also over several lines
//	hash           hashed passwords, as in shadow and htpasswd
//	url            scheme://user:THIS@host, user:THIS@host:port; a long token before the @; one in a path
//	               after reset, invite, webhook and the like (linkWords)
//	webhook        in addresses of Slack, Discord, Teams, … what follows the host
//	bearer, basic, authorization, cookie
//	               what follows these words or headers
//	key            the value of key=value, key: value, "key": "value",
//	               [key] => value, key%3Dvalue, <key>value, ('key', 'value') and
//	               similar forms, if the key's last words are password, secret,
//	               token, api key and the like. After a colon, and for tokens, the
//	               value must look random or be alone on its line
//	password       the same with blanks between: IDENTIFIED BY, machine … password
//	flag           --token X, --password X and the like, and the options of programs
//	               that are known to take secrets (commands): mysql -pX, curl -u
//	               user:X, echo X | docker login --password-stdin; what a command
//	               inside of another prints for such an option: <(echo X)
//
// Hashes, ids, certificates, public keys, placeholders and sentences about passwords stay
// as they are. The tests measure both, on a corpus.
//
// rules.json lists the prefixes, key words, options and addresses. go generate makes from
// it the tables of this package and of the TypeScript logger, and a positive and a
// negative test case for each entry. The scanners are written by hand and take linear
// time. Package regexp would add about 50 µs to every start of every shim, for its
// tables. The tests of both languages read testdata.
package redact
