"use strict";
// The page is complete without this: it adds sorting and tooltips.
(function () {
  // A number to sort by, or null for text.
  function key(cell) {
    var sort = cell.dataset.sort;
    return sort === undefined ? null : Number(sort);
  }

  function compare(a, b, column) {
    var x = key(a.cells[column]), y = key(b.cells[column]);
    if (x !== null && y !== null) return x - y;
    if (x !== null || y !== null) return x === null ? -1 : 1; // no figure: below all figures
    return a.cells[column].textContent.localeCompare(b.cells[column].textContent);
  }

  function sortBy(table, column) {
    var heads = table.tHead.rows[0].cells, head = heads[column];
    var number = head.classList.contains("number");
    var was = head.getAttribute("aria-sort");
    var down = was ? was === "ascending" : number; // numbers: the largest first
    for (var i = 0; i < heads.length; i++) heads[i].removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    var body = table.tBodies[0];
    Array.from(body.rows)
      .sort(function (a, b) { return (down ? -1 : 1) * compare(a, b, column); })
      .forEach(function (row) { body.appendChild(row); });
  }

  document.querySelectorAll("table.sortable").forEach(function (table) {
    Array.from(table.tHead.rows[0].cells).forEach(function (head, column) {
      if (!head.textContent) return;
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.textContent = "";
      head.appendChild(button);
      button.addEventListener("click", function () { sortBy(table, column); });
    });
  });

  var tip = document.getElementById("tip");
  function show(text, x, y) {
    tip.textContent = text;
    tip.hidden = false;
    var box = tip.getBoundingClientRect();
    tip.style.left = Math.max(4, Math.min(x + 12, innerWidth - box.width - 4)) + "px";
    tip.style.top = Math.max(4, y + 16 + box.height > innerHeight ? y - box.height - 8 : y + 16) + "px";
  }
  document.querySelectorAll("[data-tip]").forEach(function (g) {
    var title = g.querySelector("title");
    if (title) title.remove(); // else there were two
    g.setAttribute("aria-label", g.dataset.tip);
    g.addEventListener("mousemove", function (e) { show(g.dataset.tip, e.clientX, e.clientY); });
    g.addEventListener("mouseleave", function () { tip.hidden = true; });
  });
})();
