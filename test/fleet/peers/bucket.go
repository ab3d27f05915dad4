package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// The keys that the bucket lets in.
const (
	accessKey = "AKIDPITRACK"
	secretKey = "a-secret-that-is-never-sent"
	region    = "eu-central-1"
)

// bucket is gofakes3 behind a door that checks each signature with Amazon's own code,
// which gofakes3 does not.
func bucket(hostBase string) http.Handler {
	options := []gofakes3.Option{gofakes3.WithAutoBucket(true), gofakes3.WithIntegrityCheck(true), gofakes3.WithTimeSkewLimit(15 * time.Minute)}
	if hostBase != "" {
		options = append(options, gofakes3.WithHostBucketBase(hostBase))
	}
	s3 := gofakes3.New(s3mem.New(), options...).Server()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = checkSignature(r, body)
		}
		if err != nil {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprintf(w, "<Error><Code>SignatureDoesNotMatch</Code><Message>%v</Message></Error>", err)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		s3.ServeHTTP(w, r)
	})
}

// checkSignature signs the request anew and compares.
func checkSignature(r *http.Request, body []byte) error {
	got := r.Header.Get("Authorization")
	_, rest, _ := strings.Cut(got, "SignedHeaders=")
	names, signature, _ := strings.Cut(rest, ",")
	at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	if err != nil {
		return errors.New("no date")
	}
	sum := sha256.Sum256(body)
	if payload := hex.EncodeToString(sum[:]); payload != r.Header.Get("X-Amz-Content-Sha256") {
		return errors.New("another body than was signed")
	}
	again, err := http.NewRequest(r.Method, "http://"+r.Host+r.RequestURI, nil)
	if err != nil {
		return err
	}
	for name := range strings.SplitSeq(names, ";") {
		if name != "host" {
			again.Header[http.CanonicalHeaderKey(name)] = r.Header.Values(name)
		}
	}
	keys := aws.Credentials{AccessKeyID: accessKey, SecretAccessKey: secretKey}
	err = v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true }).
		SignHTTP(context.Background(), keys, again, hex.EncodeToString(sum[:]), "s3", region, at)
	if err != nil {
		return err
	}
	want := again.Header.Get("Authorization")
	if _, s, _ := strings.Cut(want, "Signature="); "Signature="+s != strings.TrimSpace(signature) {
		return fmt.Errorf("signed %s, want %s", got, want)
	}
	return nil
}
