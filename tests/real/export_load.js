// export_load.js - the exports in this folder as DuckDB loads them, types guessed from the
// first row alone, then written as Parquet and read again; and batches.ts, rows of the
// batches as literals of the SDKs' types.
//
//	usage: export_load.js ROWS FORMAT...
const fs = require("fs");
const { DuckDBInstance } = require("@duckdb/node-api");

const json = (name) => !/^(fasttext|libsvm|glue-tsv|csv|tsv|anthropic-batch)$/.test(name);

async function load(db, name) {
	const from = name === "anthropic-batch"
		? `(SELECT unnest(requests) AS r FROM read_json('${name}', maximum_object_size=268435456))`
		: json(name) ? `read_json('${name}', format='newline_delimited', sample_size=1)`
		: `read_csv('${name}', all_varchar=true, delim='${name === "csv" ? "," : "\t"}', quote='${name === "glue-tsv" ? "" : '"'}', header=true)`;
	await db.run(`COPY (SELECT * FROM ${from}) TO '${name}.parquet' (FORMAT parquet)`);
	const n = await db.runAndReadAll(`SELECT count(*)::INTEGER FROM '${name}.parquet'`);
	const types = await db.runAndReadAll(`DESCRIBE SELECT * FROM '${name}.parquet'`);
	return { rows: n.getRows()[0][0], types: types.getRows().map((r) => `${r[0]} ${r[1]}`) };
}

function literals() {
	const some = (name) => fs.readFileSync(name, "utf8").split("\n").filter((s, i) => s && i % 500 < 2);
	const openai = some("openai-batch").map((s) => {
		const r = JSON.parse(s);
		return `{ custom_id: ${JSON.stringify(r.custom_id)}, method: ${JSON.stringify(r.method)}, url: ${JSON.stringify(r.url)}, body: ${JSON.stringify(r.body)} }`;
	});
	const anthropic = JSON.parse(fs.readFileSync("anthropic-batch", "utf8"));
	anthropic.requests = anthropic.requests.filter((_, i) => i % 500 < 2);
	return `import type { ChatCompletionCreateParamsNonStreaming } from "openai/resources/chat/completions";
import type { BatchCreateParams } from "@anthropic-ai/sdk/resources/messages/batches";
import type { Content, GenerationConfig } from "@google/genai";
type Line = { custom_id: string; method: "POST"; url: "/v1/chat/completions"; body: ChatCompletionCreateParamsNonStreaming };
export const openai: Line[] = [${openai}];
export const anthropic: BatchCreateParams = ${JSON.stringify(anthropic)};
type Gemini = { key: string; request: { contents: Content[]; systemInstruction?: Content; generationConfig: GenerationConfig } };
export const gemini: Gemini[] = [${some("gemini-batch")}];
`;
}

(async () => {
	const db = await (await DuckDBInstance.create(":memory:")).connect();
	const rows = Number(process.argv[2]);
	let bad = 0;

	for (const name of process.argv.slice(3)) {
		if (name === "fasttext" || name === "libsvm")
			continue;
		const got = await load(db, name);
		const loose = got.types.filter((t) => / (JSON|NULL)\b/.test(t));
		const want = name === "trl-kto" ? 2 * rows : /batch|glue|snli/.test(name) ? got.rows : rows;
		console.log(`duckdb ${name}: ${got.rows} rows, expected ${want}; columns without a type: expected none, found ${loose.join(", ") || "none"}`);
		bad |= got.rows !== want || got.rows === 0 || loose.length > 0;
	}
	fs.writeFileSync("batches.ts", literals());
	process.exit(bad);
})();
