/*
 * browser.js - drive headless Chromium through its debugging pipe; node alone,
 * no package.
 *
 *	usage: [AXE=axe.min.js] node browser.js CHROMIUM PAGE [SHOTS]
 *
 * Opens PAGE from file:// wide and narrow, light and dark; prints "ok NAME" or
 * "FAIL NAME: why".  With SHOTS, a folder, leaves screenshots there.
 */
"use strict";
const { spawn } = require("child_process");
const fs = require("fs"), os = require("os"), path = require("path");

const [chromium, page, shots] = process.argv.slice(2);
const url = "file://" + path.resolve(page);
const home = fs.mkdtempSync(path.join(os.tmpdir(), "browser-"));
const child = spawn(chromium, ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
	"--no-first-run", "--disable-background-networking", "--disable-component-update",
	"--disable-sync", "--hide-scrollbars", "--remote-debugging-pipe",
	"--user-data-dir=" + home, "about:blank"],
	{ stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });

const PATIENCE = 120000; /* ms that anything may take */
let last = 0, rest = "";
const waiting = new Map(), listeners = [];
child.stdio[4].on("data", (chunk) => {
	rest += chunk;
	for (let end; (end = rest.indexOf("\0")) >= 0;) {
		const m = JSON.parse(rest.slice(0, end));
		rest = rest.slice(end + 1);
		if (m.id) {
			waiting.get(m.id)(m);
			waiting.delete(m.id);
		} else {
			listeners.forEach((f) => f(m));
		}
	}
});
let session;
function send(method, params) {
	const id = ++last;
	child.stdio[3].write(JSON.stringify({ id, method, params: params || {}, sessionId: session }) + "\0");
	return new Promise((done, fail) => {
		const late = setTimeout(fail, PATIENCE, new Error(method + ": no answer"));
		waiting.set(id, (m) => {
			clearTimeout(late);
			if (m.error) fail(new Error(method + ": " + m.error.message));
			else done(m.result);
		});
	});
}
function event(name) {
	return new Promise((done, fail) => {
		const late = setTimeout(fail, PATIENCE, new Error(name + " did not come"));
		const f = (m) => {
			if (m.method !== name) return;
			clearTimeout(late);
			listeners.splice(listeners.indexOf(f), 1);
			done(m.params);
		};
		listeners.push(f);
	});
}
async function run(source) {
	const r = await send("Runtime.evaluate", { expression: "(async () => {" + source + "})()",
		awaitPromise: true, returnByValue: true });
	if (r.exceptionDetails) throw new Error(r.exceptionDetails.exception.description);
	return r.result.value;
}

let failed = 0;
function check(name, problem) {
	if (problem) failed++;
	console.log(problem ? "FAIL " + name + ": " + problem : "ok " + name);
}

async function open(width, height, scheme, media) {
	await send("Emulation.setDeviceMetricsOverride",
		{ width, height, deviceScaleFactor: 1, mobile: width < 600 });
	await send("Emulation.setEmulatedMedia", { media: media || "", features: [{ name: "prefers-color-scheme", value: scheme }] });
	const loaded = event("Page.loadEventFired");
	await send("Page.navigate", { url });
	await loaded;
	await run("await document.fonts.ready;");
}

/* The page in pieces, for a whole one is taller than viewers take. */
async function shot(name, width) {
	const height = await run("return document.documentElement.scrollHeight;"), most = width < 600 ? 3600 : 2400;
	for (let y = 0, k = 0; y < height; y += most, k++) {
		await send("Emulation.setDeviceMetricsOverride",
			{ width, height: Math.min(most, height), deviceScaleFactor: 1, mobile: width < 600 });
		await run("document.documentElement.style.scrollBehavior = 'auto'; scrollTo(0, " + y + "); await new Promise((f) => setTimeout(f, 100));");
		const r = await send("Page.captureScreenshot", { format: "png" });
		fs.writeFileSync(path.join(shots, name + "-" + k + ".png"), Buffer.from(r.data, "base64"));
	}
}

/* Contrast of every text with what stands behind it (WCAG 2.1, 1.4.3: 4.5, or 3 for large). */
const contrast = `
	const bad = [];
	const parse = (c) => (c.match(/[\\d.]+/g) || []).map(Number);
	const lum = (c) => c.slice(0, 3).map((v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; })
		.reduce((s, v, i) => s + v * [.2126, .7152, .0722][i], 0);
	const behind = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] === 1) return c; } return [255, 255, 255]; };
	for (const e of document.querySelectorAll("h1,h2,h3,p,td,th,a,span,dt,dd,figcaption,summary,button,svg text")) {
		if (!e.textContent.trim() || !e.getClientRects().length) continue;
		const s = getComputedStyle(e), svg = e.namespaceURI.endsWith("svg");
		const a = lum(parse(svg ? s.fill : s.color)), b = lum(behind(svg ? e.ownerSVGElement : e));
		const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05), size = parseFloat(s.fontSize);
		if (ratio < (size >= 24 || (size >= 18.5 && s.fontWeight >= 700) ? 3 : 4.5))
			bad.push(e.tagName + "." + e.getAttribute("class") + " " + ratio.toFixed(2));
	}
	return [...new Set(bad)].slice(0, 5).join("; ");`;

/* Words of a drawing that leave it, or that lie on other words of it. */
const cut = `
	const bad = [];
	for (const svg of document.querySelectorAll("figure.chart svg")) {
		if (!svg.getClientRects().length) continue;
		const page = document.documentElement.clientWidth, boxes = [];
		for (const t of svg.querySelectorAll("text")) {
			const r = t.getBoundingClientRect();
			if (!r.width) continue;
			if (r.right > page + 1 || r.left < -1) bad.push(svg.id + " leaves: " + t.textContent.slice(0, 30));
			/* Slanted names stand side by side where their lines are apart: not their boxes. */
			const slant = /translate.([-.0-9]+) .*rotate.-40/.exec(t.getAttribute("transform"));
			const over = boxes.find((o) => slant && o.slant ?
				Math.abs(slant[1] - o.slant[1]) * Math.sin(40 * Math.PI / 180) < 9 : Math.min(r.right, o.r.right) - Math.max(r.left, o.r.left) > 3 &&
				Math.min(r.bottom, o.r.bottom) - Math.max(r.top, o.r.top) > r.height / 3);
			if (over) bad.push(svg.id + ": " + t.textContent.slice(0, 30) + " on " + over.t.textContent.slice(0, 30));
			boxes.push({ r, t, slant });
		}
	}
	return bad.slice(0, 4).join("; ") + (bad.length > 4 ? " and " + (bad.length - 4) : "");`;

async function axe() {
	await send("Runtime.evaluate", { expression: fs.readFileSync(process.env.AXE, "utf8") });
	return run(`
		/* Its rule of contrast takes minutes on long pages; all pages have the one above. */
		const small = document.getElementsByTagName("*").length < 6000;
		const r = await axe.run(document, { rules: { "color-contrast": { enabled: small } } });
		return r.violations.filter((v) => v.impact === "serious" || v.impact === "critical")
			.map((v) => v.id + ": " + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 120)).join(" ")).join("; ");`);
}

(async () => {
	const { targetInfos } = await send("Target.getTargets");
	const target = targetInfos.find((t) => t.type === "page");
	session = (await send("Target.attachToTarget", { targetId: target.targetId, flatten: true })).sessionId;
	const errors = [], requests = [], dialogs = [];
	listeners.push((m) => {
		const p = m.params;
		if (m.method === "Runtime.exceptionThrown") errors.push(p.exceptionDetails.text);
		if (m.method === "Runtime.consoleAPICalled" && p.type === "error") errors.push(JSON.stringify(p.args));
		if (m.method === "Log.entryAdded" && p.entry.level === "error") errors.push(p.entry.text);
		if (m.method === "Network.requestWillBeSent" && p.request.url.split("#")[0] !== url)
			requests.push(p.request.url);
		if (m.method === "Page.javascriptDialogOpening") {
			dialogs.push(p.message);
			send("Page.handleJavaScriptDialog", { accept: true });
		}
	});
	for (const d of ["Page", "Runtime", "Log", "Network"]) await send(d + ".enable");

	for (const [w, h] of [[1280, 900], [390, 844]])
		for (const scheme of ["light", "dark"]) {
			const name = w + " " + scheme;
			await open(w, h, scheme);
			check("no sideways scrolling " + name, await run(
				"const d = document.documentElement; return d.scrollWidth > d.clientWidth ? d.scrollWidth + ' in ' + d.clientWidth : '';"));
			check("contrast " + name, await run(contrast));
			check("nothing is cut off " + name, await run(cut));
			if (process.env.AXE && (w < 600) === (scheme === "dark")) check("axe-core " + name, await axe());
		}

	await open(1280, 900, "light");
	check("one script", await run("const n = document.querySelectorAll('script').length; return n === 1 ? '' : n + ' of them';"));
	check("no element of a corpus", await run(
		"const n = document.querySelectorAll('img,iframe,object,embed,form,base,link,[onerror],[onload],[onclick],[onmouseover]').length; return n ? n + ' of them' : '';"));
	check("ids are unique", await run(
		"const seen = new Set(), twice = []; document.querySelectorAll('[id]').forEach((e) => { if (seen.has(e.id)) twice.push(e.id); seen.add(e.id); }); return twice.join(' ');"));
	check("links lead somewhere", await run(
		"return [...document.querySelectorAll('a')].map((a) => a.getAttribute('href')).filter((h) => !document.getElementById(h.slice(1))).join(' ');"));
	check("charts have names", await run(
		"return [...document.querySelectorAll('svg')].filter((s) => !s.getAttribute('aria-labelledby').split(' ').every((i) => document.getElementById(i).textContent)).map((s) => s.id).join(' ');"));
	check("tables sort", await run(`
		for (const t of document.querySelectorAll("table")) {
			const heads = [...t.tHead.rows[0].cells], body = t.tBodies[0];
			const i = heads.findIndex((h) => h.classList.contains("num") && h.querySelector("button"));
			if (i < 0) continue;
			for (const sign of [-1, 1]) {
				heads[i].querySelector("button").click();
				const v = [...body.rows].map((r) => r.cells[i].getAttribute("data-v")).filter((x) => x !== null).map(Number);
				if (v.some((x, k) => k && sign * (x - v[k - 1]) < 0)) return t.id + " " + v.slice(0, 9);
			}
		}
		return "";`));
	check("tables search", await run(`
		const div = document.querySelector(".table.search");
		if (!div) return "";
		const box = div.previousElementSibling.querySelector("input"), rows = [...div.querySelectorAll("tbody tr")];
		const want = rows[rows.length - 1].cells[0].textContent.toLowerCase();
		box.value = want;
		box.dispatchEvent(new Event("input"));
		const shown = rows.filter((r) => !r.hidden);
		return shown.length && shown.every((r) => r.textContent.toLowerCase().includes(want)) && !rows[rows.length - 1].hidden ? "" : shown.length + " rows for " + want;`));
	check("dots are found", await run(`
		const box = document.querySelector(".plot .seek input");
		if (!box) return "";
		const dot = document.querySelector(".plot .mark[data-tip]");
		box.value = dot.dataset.tip.split(":")[0];
		box.dispatchEvent(new Event("input"));
		return dot.classList.contains("hit") ? "" : box.value;`));
	check("values on hover", await run(`
		const m = [...document.querySelectorAll(".wide .mark")].find((x) => x.dataset.tip);
		if (!m) return "";
		m.dispatchEvent(new PointerEvent("pointerenter", { clientX: 50, clientY: 50 }));
		return document.querySelector(".tip").textContent === m.dataset.tip ? "" : "another text";`));
	check("the button changes the colours", await run(`
		const b = () => getComputedStyle(document.body).backgroundColor, before = b();
		document.getElementById("theme").click();
		localStorage.clear();
		return before === b() ? before : "";`));
	await open(720, 1000, "dark", "print");
	await run("dispatchEvent(new Event('beforeprint'));");
	check("every chart is printed", await run(`
		return [...document.querySelectorAll("figure.chart")].filter((f) =>
			[...f.querySelectorAll("svg")].filter((s) => s.getBoundingClientRect().width > 300).length !== 1)
			.map((f) => f.querySelector("svg").id).join(" ");`));
	check("contrast on paper", await run(contrast));
	check("every row is printed", await run(`
		return [...document.querySelectorAll("tbody tr")].filter((r) => !r.getClientRects().length).length || "";`));
	await send("Emulation.setEmulatedMedia", { media: "", features: [] });
	const pdf = Buffer.from((await send("Page.printToPDF", { printBackground: true })).data, "base64");
	check("prints", pdf.length > 20000 ? "" : pdf.length + " bytes");
	if (shots) fs.writeFileSync(path.join(shots, "page.pdf"), pdf);

	for (const [w, scheme] of shots ? [[1280, "light"], [390, "dark"]] : []) {
		await open(w, 900, scheme);
		await shot("page-" + w + "-" + scheme, w);
	}

	await send("Emulation.setScriptExecutionDisabled", { value: true });
	await open(1280, 900, "light").catch(() => 0);
	check("without script all rows, charts and findings are there", await run(`
		const gone = [...document.querySelectorAll("tr,figure.chart,.findings li,.example")].filter((e) =>
			!e.getClientRects().length && !e.closest("details:not([open])"));
		return gone.length ? gone.length + " hidden, first " + gone[0].outerHTML.slice(0, 80) : "";`));
	check("without script no button that does nothing", await run(`
		return [...document.querySelectorAll("button,input")].filter((e) => e.getClientRects().length).length || "";`));
	check("without script marks say their values", await run(`
		const tips = document.querySelectorAll(".wide .mark title").length, marks = document.querySelectorAll(".wide .mark").length;
		return marks && !tips ? marks + " marks" : "";`));
	check("no error", errors.join("; "));
	check("no request", requests.join(" "));
	check("no dialog", dialogs.join("; "));
})().catch((e) => check("browser", e.message)).finally(() => {
	child.kill();
	child.on("exit", () => {
		fs.rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
		process.exit(failed ? 1 : 0);
	});
});
