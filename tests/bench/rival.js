/*
 * rival.js - three members of each line of JSONL by DuckDB or polars, one thread.
 *
 *	usage: node rival.js duckdb|polars FILE MEMBER MEMBER MEMBER OUT
 *
 * NODE_PATH names the folder node_modules of
 * npm install @duckdb/node-api nodejs-polars.  With no FILE it only says
 * whether the rival is here, by its exit status.
 */
'use strict';
const [rival, file, ...rest] = process.argv.slice(2);
const out = rest.pop();

async function duckdb() {
	const { DuckDBInstance } = require('@duckdb/node-api');
	if (!file)
		return;
	const db = await DuckDBInstance.create(':memory:', { threads: '1' });
	const c = await db.connect();
	const columns = rest.map((m) => `${m}: 'VARCHAR'`).join(', ');
	await c.run(`COPY (SELECT ${rest.join(', ')} FROM read_json('${file}',
		format = 'newline_delimited', columns = {${columns}}))
		TO '${out}' (FORMAT json, USE_TMP_FILE false)`);
}

async function polars() {
	const pl = require('nodejs-polars');
	if (!file)
		return;
	const all = pl.scanJson(file);
	const some = all.select(...rest).collectSync();
	some.writeJSON(out, { format: 'lines' });
}

process.env.POLARS_MAX_THREADS = '1';
({ duckdb, polars })[rival]().catch((e) => {
	console.error(e.message.split('\n')[0]);
	process.exit(1);
});
