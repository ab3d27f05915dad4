// Command peers stands for a bucket, as gofakes3 keeps it, and for a collector. It prints "ready ADDRESS" and serves
// until it is killed. As long as the file CALM does not exist it fails in every way that a server
// and the way to it can: of each seven requests one is hung up on before it is carried out, one
// after, one gets half an answer, one gets 503.
//
//	peers --calm FILE
package main

import (
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"sync/atomic"
)

func main() {
	calm := flag.String("calm", "", "file whose existence ends the failures")
	flag.Parse()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
	mux := http.NewServeMux()
	mux.Handle("/", stormy(bucket(""), *calm))
	mux.Handle("/v1/traces", stormy(&collector{seen: map[string]bool{}}, *calm))
	fmt.Println("ready", l.Addr())
	fmt.Fprintln(os.Stderr, "peers:", http.Serve(l, mux))
	os.Exit(1)
}

// stormy lets h fail now and then.
func stormy(h http.Handler, calm string) http.Handler {
	var n atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		const before, unavailable, after, half, of = 1, 2, 3, 4, 7
		what := n.Add(1) % of
		if _, err := os.Stat(calm); err == nil {
			what = 0
		}
		switch what {
		case before:
			panic(http.ErrAbortHandler)
		case unavailable:
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		case after, half:
			h.ServeHTTP(httptest.NewRecorder(), r)
			if what == half {
				w.Header().Set("Content-Length", "100")
				w.WriteHeader(http.StatusOK)
				w.(http.Flusher).Flush()
			}
			panic(http.ErrAbortHandler)
		}
		h.ServeHTTP(w, r)
	})
}
