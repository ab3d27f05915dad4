package view

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
)

// browser is a page that collects everything that goes wrong on it.
type browser struct {
	ctx      context.Context
	mu       sync.Mutex // events come from another goroutine
	problems []string
	requests []string
}

// TestBrowser looks at the page in headless Chromium, which must be there
// (make setup).
func TestBrowser(t *testing.T) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	if err := chromedp.Do(ctx); err != nil { // starts it
		t.Fatal(err)
	}
	planted := htmlOf(t, build(t, query.Options{Logs: []string{plantedLog(t)}, Sections: HTML.Sections()}))
	hostile := htmlOf(t, build(t, query.Options{Logs: []string{hostileLog(t)}, Sections: HTML.Sections()}))
	empty := htmlOf(t, build(t, query.Options{Logs: []string{(&logWriter{}).write(t)}, Sections: HTML.Sections()}))
	why := htmlOf(t, build(t, query.Options{
		Logs: []string{hostileLog(t)}, Sections: []query.Section{section.SectionOverview, section.SectionWhy}, Why: hostileName}))
	t.Run("renders", func(t *testing.T) { checkRenders(t, openPage(t, ctx, planted)) })
	t.Run("sorts", func(t *testing.T) { checkSorts(t, openPage(t, ctx, planted)) })
	t.Run("without scripts", func(t *testing.T) {
		start, end := strings.Index(planted, "<script>"), strings.Index(planted, "</script>")
		checkSame(t, openPage(t, ctx, planted), openPage(t, ctx, planted[:start]+planted[end+len("</script>"):]))
	})
	t.Run("changes", func(t *testing.T) { checkChanges(t, openPage(t, ctx, planted)) })
	t.Run("experiment", func(t *testing.T) { checkExperiment(t, openPage(t, ctx, trialPage(t))) })
	t.Run("narrow", func(t *testing.T) { checkNarrow(t, openPage(t, ctx, planted)) })
	t.Run("contents", func(t *testing.T) { checkContents(t, openPage(t, ctx, planted)) })
	t.Run("colours", func(t *testing.T) { checkColours(t, openPage(t, ctx, planted)) })
	t.Run("injection", func(t *testing.T) { checkInjection(t, openPage(t, ctx, hostile)) })
	t.Run("why", func(t *testing.T) { checkWhy(t, openPage(t, ctx, why)) })
	t.Run("empty log", func(t *testing.T) { openPage(t, ctx, empty).check(t) })
	t.Run("notices errors", func(t *testing.T) { checkNotices(t, ctx, planted) })
}

// openPage opens a tab of the browser of ctx.
func openPage(t *testing.T, ctx context.Context, html string) *browser {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, []byte(html), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)
	b := &browser{ctx: ctx}
	err := chromedp.Listen(ctx, func(e any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch e := e.(type) {
		case *runtime.EventExceptionThrown:
			b.problems = append(b.problems, fmt.Sprint(e.ExceptionDetails))
		case *log.EventEntryAdded:
			b.problems = append(b.problems, e.Entry.Text)
		case *runtime.EventConsoleAPICalled:
			b.problems = append(b.problems, fmt.Sprint("console.", e.Type))
		case *network.EventRequestWillBeSent:
			b.requests = append(b.requests, e.Request.URL)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	address := (&url.URL{Scheme: "file", Path: file}).String()
	if err := chromedp.Do(ctx, chromedp.Navigate(address), chromedp.WaitReady("footer")); err != nil {
		t.Fatal(err)
	}
	return b
}

// eval runs a script in the page.
func eval[T any](t *testing.T, b *browser, script string) T {
	t.Helper()
	out, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script))
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return out
}

func (b *browser) check(t *testing.T) {
	t.Helper()
	// What the page has to say came before the answer to this.
	eval[bool](t, b, "true")
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.problems) > 0 {
		t.Errorf("the page complains: %q", b.problems)
	}
	if len(b.requests) != 1 {
		t.Errorf("the page asks for more than itself: %q", b.requests)
	}
}

func htmlOf(t *testing.T, r *section.Report) string {
	t.Helper()
	var out strings.Builder
	if err := Render(&out, r, Options{Format: HTML}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// column is the texts of a column of a table, counted from 1.
func columnOf(t *testing.T, b *browser, table string, n int) []string {
	t.Helper()
	return eval[[]string](t, b, fmt.Sprintf(
		`[...document.querySelectorAll("#%s tbody tr > :nth-child(%d)")].map(c => c.textContent)`, table, n))
}

func click(t *testing.T, b *browser, table string, n int) {
	t.Helper()
	selector := fmt.Sprintf("#%s thead th:nth-child(%d) button", table, n)
	if err := chromedp.Do(b.ctx, chromedp.Click(selector)); err != nil {
		t.Fatal(err)
	}
}

func checkRenders(t *testing.T, b *browser) {
	for selector, least := range map[string]int{
		".tile": 5, "svg.chart": 3, "#helpers tbody tr": 8, "#flaky tbody tr": 5, "#failures tbody tr": 6,
		".matrix tbody tr": 5, "path.strat": 1, "#trend tbody tr": 5, "svg.spark": 8,
	} {
		n := eval[int](t, b, fmt.Sprintf(`document.querySelectorAll(%q).length`, selector))
		if n < least {
			t.Errorf("%s: %d on the page, want at least %d", selector, n, least)
		}
	}
	drawn := eval[bool](t, b, `[...document.querySelectorAll("svg.chart")].every(s => s.getBoundingClientRect().height > 50)`)
	if !drawn {
		t.Error("a chart has no height")
	}
	b.tooltip(t)
	b.check(t)
}

func checkSorts(t *testing.T, b *browser) {
	const runs = 3
	numbers := func() []int {
		var out []int
		for _, s := range columnOf(t, b, "helpers", runs) {
			n, err := strconv.Atoi(strings.ReplaceAll(s, ",", ""))
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, n)
		}
		return out
	}
	click(t, b, "helpers", runs)
	if got := numbers(); !slices.IsSortedFunc(got, func(a, b int) int { return b - a }) {
		t.Errorf("after one click: %v", got)
	}
	click(t, b, "helpers", runs)
	if got := numbers(); !slices.IsSorted(got) {
		t.Errorf("after two clicks: %v", got)
	}
	click(t, b, "helpers", 1)
	if got := columnOf(t, b, "helpers", 1); !slices.IsSorted(got) {
		t.Errorf("by name: %v", got)
	}
	if got := eval[string](t, b, `document.querySelector("#helpers th[aria-sort]").textContent`); got != "helper" {
		t.Errorf("aria-sort stands at %q", got)
	}
	b.check(t)
}

// tooltip moves over a day of the chart.
func (b *browser) tooltip(t *testing.T) {
	t.Helper()
	got := eval[string](t, b, `(() => {
		const day = document.querySelector("[data-tip]");
		day.dispatchEvent(new MouseEvent("mousemove", {clientX: 200, clientY: 200}));
		const tip = document.getElementById("tip");
		return tip.hidden ? "" : tip.textContent;
	})()`)
	if !strings.Contains(got, "runs") {
		t.Errorf("the tip says %q", got)
	}
}

// checkSame: the page shows the same when scripts are off.
func checkSame(t *testing.T, with, without *browser) {
	const text = `document.querySelector("main").innerText`
	if a, b := eval[string](t, with, text), eval[string](t, without, text); a != b {
		t.Errorf("with scripts %d characters, without %d", len(a), len(b))
	}
	without.check(t)
}

// checkColours: text stands out from its ground in light and in dark.
func checkColours(t *testing.T, b *browser) {
	ground := map[string]string{}
	for _, scheme := range []string{"light", "dark"} {
		feature := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}
		if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: feature}); err != nil {
			t.Fatal(err)
		}
		ground[scheme] = eval[string](t, b, `getComputedStyle(document.body).backgroundColor`)
		worst := eval[float64](t, b, contrastScript)
		if worst < 3 {
			t.Errorf("%s: the lowest contrast of a text is %.2f", scheme, worst)
		}
	}
	if ground["light"] == ground["dark"] {
		t.Errorf("light and dark look the same: %v", ground)
	}
	b.check(t)
}

// contrastScript is the lowest contrast ratio (WCAG 2) of the texts in cells,
// tiles and headings against the nearest ground that is not transparent.
const contrastScript = `(() => {
	const parse = c => c.match(/[\d.]+/g).map(Number);
	const light = c => { const [r, g, b] = parse(c).map(v => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4 }); return .2126 * r + .7152 * g + .0722 * b };
	const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor, p = parse(c); if (p.length < 4 || p[3] > 0) return c } return "rgb(255, 255, 255)" };
	let worst = 21;
	for (const e of document.querySelectorAll("td, th, h1, h2, p, .tile strong, .tile .note, .badge")) {
		if (!e.textContent.trim() || e.querySelector("td, .badge")) continue;
		const a = light(getComputedStyle(e).color), b = light(ground(e));
		worst = Math.min(worst, (Math.max(a, b) + .05) / (Math.min(a, b) + .05));
	}
	return worst;
})()`

// checkInjection: names, repos and error texts of a hostile log stay text
// wherever they are shown.
func checkInjection(t *testing.T, b *browser) {
	if n := eval[int](t, b, `document.querySelectorAll("script").length`); n != 1 {
		t.Errorf("%d scripts on the page", n)
	}
	if eval[bool](t, b, `"owned" in window`) {
		t.Error("a text of the log ran")
	}
	if n := eval[int](t, b, `document.querySelectorAll("img, iframe, object, embed, main a, a:not([href^='#h-']), base, link").length`); n != 0 {
		t.Errorf("%d elements that no report has", n)
	}
	if n := eval[int](t, b, `[...document.querySelectorAll("*")].filter(e => [...e.attributes].some(a => a.name.startsWith("on"))).length`); n != 0 {
		t.Errorf("%d elements with handlers", n)
	}
	names := columnOf(t, b, "helpers", 1)
	if !slices.Contains(names, hostileName) {
		t.Errorf("the name is not shown as it is: %q", names)
	}
	b.check(t)
}

// checkNotices: a page with a broken script, or with one that is not its own,
// is not taken for a good one.
func checkNotices(t *testing.T, ctx context.Context, html string) {
	for name, spoiled := range map[string]string{
		"script":  strings.Replace(html, `"use strict";`, `"use strict"; nowhere();`, 1),
		"foreign": strings.Replace(html, "</main>", "</main><script>owned=1</script>", 1),
	} {
		b := openPage(t, ctx, spoiled)
		eval[bool](t, b, "true")
		b.mu.Lock()
		if len(b.problems) == 0 {
			t.Errorf("%s: nothing noticed", name)
		}
		b.mu.Unlock()
		if eval[bool](t, b, `"owned" in window`) {
			t.Errorf("%s: the policy let a foreign script run", name)
		}
	}
}

// checkNarrow: at the width of a telephone nothing but what is made to scroll is
// wider than the page, the last days are seen, and so are rate and failures.
func checkNarrow(t *testing.T, b *browser) {
	size := emulation.SetDeviceMetricsOverrideParams{Width: 400, Height: 900, DeviceScaleFactor: 1, Mobile: true}
	if _, err := chromedp.Call(b.ctx, emulation.SetDeviceMetricsOverride, size); err != nil {
		t.Fatal(err)
	}
	if wide := eval[int](t, b, `document.documentElement.scrollWidth`); wide > 400 {
		t.Errorf("the page is %d px wide", wide)
	}
	if !eval[bool](t, b, `(() => {
		const days = document.querySelectorAll(".latest svg g:not(.change)"), last = days[days.length - 1].getBoundingClientRect();
		return last.right <= innerWidth && last.left >= 0;
	})()`) {
		t.Error("the last day is out of sight")
	}
	if !eval[bool](t, b, `[5, 9].every((n) => {
		const cell = document.querySelector("#helpers td:nth-child(" + n + ")").getBoundingClientRect();
		return cell.width > 0 && cell.right <= innerWidth;
	})`) {
		t.Error("rate and failures of the helpers are out of sight")
	}
	const points = `[...document.querySelectorAll(".points li")].filter((x) => {
		const box = x.getBoundingClientRect();
		return box.height > 0 && box.left >= 0 && box.right <= innerWidth;
	}).map((x) => x.textContent).join("; ")`
	if got := eval[string](t, b, points); !strings.Contains(got, "use-notes: with 66 of 100, without 72 of 100") || !strings.Contains(got, "+15.0 [") {
		t.Errorf("the points of the effect are out of sight: %q", got)
	}
}

// checkContents: the table of contents leads to every section, and to no other.
func checkContents(t *testing.T, b *browser) {
	links := eval[[]string](t, b, `[...document.querySelectorAll("nav a")].map((a) => a.getAttribute("href").slice(1))`)
	heads := eval[[]string](t, b, `[...document.querySelectorAll("main section > h2")].map((h) => h.id).filter((id) => id !== "h-digest")`)
	if !slices.Equal(links, heads) || len(links) < 5 {
		t.Errorf("contents %q, sections %q", links, heads)
	}
}
