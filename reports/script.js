/* The page works without this: it sorts, searches, and shows values on hover. */
(function () {
"use strict";
var root = document.documentElement;

function make(tag, attributes, text) {
	var e = document.createElement(tag);
	for (var k in attributes) e.setAttribute(k, attributes[k]);
	if (text) e.textContent = text;
	return e;
}
function all(selector, from) {
	return Array.prototype.slice.call((from || document).querySelectorAll(selector));
}

/* Light or dark, by the system's wish until a hand says otherwise. */
var theme = document.getElementById("theme"), wish = matchMedia("(prefers-color-scheme: dark)");
function dark() { return (root.dataset.theme || (wish.matches ? "dark" : "light")) === "dark"; }
function say() { theme.textContent = dark() ? "Light" : "Dark"; }
try { if (localStorage.nliTheme) root.dataset.theme = localStorage.nliTheme; } catch (e) { /* no storage */ }
theme.hidden = false;
theme.addEventListener("click", function () {
	root.dataset.theme = dark() ? "light" : "dark";
	try { localStorage.nliTheme = root.dataset.theme; } catch (e) { /* no storage */ }
	say();
});
wish.addEventListener("change", say);
say();

/* Tables: a click on a head sorts, a second one turns round. */
function value(row, i) {
	var c = row.cells[i], v = c.getAttribute("data-v");
	return v === null ? c.textContent.trim() : Number(v);
}
function sortBy(table, i, head) {
	var body = table.tBodies[0], rows = all("tr", body);
	var down = head.getAttribute("aria-sort") === "descending" ? 1 : -1;
	if (!head.classList.contains("num") && head.getAttribute("aria-sort") !== "ascending") down = 1;
	else if (!head.classList.contains("num")) down = -1;
	rows.map(function (r, at) { return { r: r, at: at, v: value(r, i) }; })
		.sort(function (a, b) {
			var ea = a.v === "", eb = b.v === "";
			if (ea || eb) return ea - eb || a.at - b.at;
			var d = typeof a.v === "number" && typeof b.v === "number" ? a.v - b.v :
				String(a.v) < String(b.v) ? -1 : String(a.v) > String(b.v) ? 1 : 0;
			return down * d || a.at - b.at;
		})
		.forEach(function (x) { body.appendChild(x.r); });
	all("th", table.tHead).forEach(function (h) { h.removeAttribute("aria-sort"); });
	head.setAttribute("aria-sort", down > 0 ? "ascending" : "descending");
	table.dispatchEvent(new Event("sorted"));
}
all("table").forEach(function (table) {
	if (table.tBodies[0].rows.length < 3) return;
	all("th", table.tHead).forEach(function (head, i) {
		var b = make("button", { type: "button" }, head.textContent);
		head.textContent = "";
		head.appendChild(b);
		b.addEventListener("click", function () { sortBy(table, i, head); });
	});
});

/* Values on hover, in place of the browser's own slow ones. */
var tip = make("div", { "class": "tip", role: "status" });
tip.hidden = true;
document.body.appendChild(tip);
all("svg .mark").forEach(function (m) {
	var title = m.querySelector("title");
	m.dataset.tip = title ? title.textContent : "";
	if (!title) return;
	title.remove();
	m.addEventListener("pointerenter", function (e) {
		tip.textContent = m.dataset.tip;
		tip.hidden = false;
		var w = tip.offsetWidth, left = Math.min(e.clientX + 14, root.clientWidth - w - 8);
		tip.style.left = Math.max(8, left) + scrollX + "px";
		tip.style.top = e.clientY + scrollY + 16 + "px";
	});
	m.addEventListener("pointerleave", function () { tip.hidden = true; });
});

/* A box over each long table and each plot. */
function box(label, before, seek) {
	var p = make("p", { "class": "seek" });
	var input = make("input", { type: "search", "aria-label": label, placeholder: label });
	input.addEventListener("input", function () { seek(input.value.trim().toLowerCase()); });
	p.appendChild(input);
	before.parentNode.insertBefore(p, before);
}
/* The first rows of a long table; the others on request, in a search and on paper. */
var FEW = 15;
all(".table.search").forEach(function (div) {
	var body = div.querySelector("tbody"), whole = body.rows.length <= FEW + 3, query = "";
	var texts = new Map(all("tr", body).map(function (r) { return [r, r.textContent.toLowerCase()]; }));
	var more = make("button", { type: "button" }, "Show all " + body.rows.length);
	var p = make("p", { "class": "more" });
	function show() {
		all("tr", body).forEach(function (r, i) {
			r.hidden = query ? texts.get(r).indexOf(query) < 0 : !whole && i >= FEW;
		});
		p.hidden = whole || query !== "";
	}
	p.appendChild(more);
	div.parentNode.insertBefore(p, div.nextSibling);
	more.addEventListener("click", function () { whole = true; show(); });
	div.querySelector("table").addEventListener("sorted", show);
	addEventListener("beforeprint", function () { whole = true; show(); });
	box("Search this table", div, function (q) { query = q; show(); });
	show();
});
all(".chart.plot").forEach(function (figure) {
	var marks = all(".mark", figure);
	box("Find a dot", figure.querySelector(".wide"), function (q) {
		figure.classList.toggle("seeking", q !== "");
		marks.forEach(function (m) {
			m.classList.toggle("hit", q !== "" && m.dataset.tip.toLowerCase().indexOf(q) === 0);
		});
	});
});

/* Where one is on the page. */
if ("IntersectionObserver" in window) {
	var links = {};
	all("nav a").forEach(function (a) { links[a.getAttribute("href").slice(1)] = a; });
	var seen = new IntersectionObserver(function (entries) {
		entries.forEach(function (x) {
			if (!x.isIntersecting || !links[x.target.id]) return;
			all("nav a[aria-current]").forEach(function (a) { a.removeAttribute("aria-current"); });
			links[x.target.id].setAttribute("aria-current", "true");
		});
	}, { rootMargin: "-10% 0px -80% 0px" });
	all("main > section").forEach(function (s) { seen.observe(s); });
}
addEventListener("beforeprint", function () { all("details").forEach(function (d) { d.open = true; }); });
})();
