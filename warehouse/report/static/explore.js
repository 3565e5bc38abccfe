// Ask the published file in SQL, here in the browser: nothing is sent anywhere.
"use strict";

const MOST_ROWS = 1000; // shown, drawn and downloaded
const MOST_BARS = 30;
const MOST_LINES = 7;
const FORMULA = /^[=+\-@\t\r\0＝＋－＠]/; // what a spreadsheet may run
const READ_DOUBLES = { castBigIntToDouble: true, castDecimalToDouble: true };
const DATE = 8; // Arrow's types
const TIMESTAMP = 10;
const COLOUR = "#2a5a94";

const at = (id) => document.getElementById(id);
const words = JSON.parse(at("ask").dataset.words);
const say = (text) => (at("status").textContent = text);
let connection;

async function open() {
  if (location.protocol === "file:") throw new Error(words.disk);
  const file = new URL("../data/vpoe.duckdb", location).href;
  if (!(await fetch(file, { method: "HEAD" })).ok) throw new Error(words.gone);
  const worker = new Worker(new URL("../engine/duckdb-browser-eh.worker.js", location));
  const database = new window.duckdb.AsyncDuckDB(new window.duckdb.VoidLogger(), worker);
  await database.instantiate(new URL("../engine/duckdb-eh.wasm", location).href);
  await database.open({ query: READ_DOUBLES });
  connection = await database.connect();
  await connection.query(`attach '${file.replaceAll("'", "''")}' as vpoe (read_only)`);
  await connection.query("use vpoe");
}

function show(error) {
  say("");
  at("error").textContent = error.message;
  at("error").hidden = false;
}

async function ask() {
  const sql = at("sql").value.trim().replace(/;$/, "");
  if (!sql || !connection) return;
  history.replaceState(null, "", `#${encodeURIComponent(sql)}`);
  at("error").hidden = at("result").hidden = true;
  at("run").disabled = true;
  say(words.running);
  const begun = performance.now();
  try {
    const [fields, rows, isCut] = await read(sql);
    const milliseconds = Math.round(performance.now() - begun);
    const text = isCut ? words.first : words.rows;
    say(text.replace("{rows}", rows.length).replace("{ms}", milliseconds));
    fill(fields, rows);
    draw(fields, rows);
    at("result").hidden = false;
  } catch (error) {
    show(error);
  } finally {
    at("run").disabled = false;
  }
}

async function read(sql) {
  const batches = await connection.send(sql);
  const rows = [];
  let fields = [];
  for await (const batch of batches) {
    fields = batch.schema.fields.map((field) => ({ name: field.name, kind: field.type.typeId }));
    const columns = fields.map((_, number) => batch.getChildAt(number));
    for (let row = 0; row < batch.numRows && rows.length <= MOST_ROWS; row++)
      rows.push(columns.map((column, number) => plain(column.get(row), fields[number].kind)));
    if (rows.length > MOST_ROWS) {
      await connection.cancelSent();
      break;
    }
  }
  return [fields, rows.slice(0, MOST_ROWS), rows.length > MOST_ROWS];
}

function plain(value, kind) {
  if (value === null || value === undefined) return null;
  if (kind === DATE) return day(value).slice(0, 10);
  if (kind === TIMESTAMP) return day(value).replace("T", " ").slice(0, 19);
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "object") return Array.from(value, String).join(", ");
  return value;
}

function day(value) {
  const date = new Date(Number(value));
  return Number.isNaN(date.getTime()) ? String(value) : date.toISOString(); // infinity is no date
}

function fill(fields, rows) {
  const table = at("rows");
  table.replaceChildren();
  const head = table.createTHead().insertRow();
  for (const field of fields) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = field.name;
    head.append(cell);
  }
  const body = table.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const value of row) {
      const cell = line.insertCell();
      cell.textContent = value === null ? "–" : written(value);
      if (typeof value === "string") cell.className = "words";
    }
  }
  const lines = [fields.map((field) => field.name), ...rows].map((row) => row.map(quoted).join(","));
  URL.revokeObjectURL(at("csv").href);
  at("csv").href = URL.createObjectURL(new Blob([`${lines.join("\r\n")}\r\n`], { type: "text/csv" }));
}

function written(value) {
  const isFraction = typeof value === "number" && !Number.isInteger(value);
  return isFraction ? String(Number(value.toPrecision(6))) : String(value);
}

function quoted(value) {
  if (value === null) return "";
  const text = typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// A line over time if a column is one of dates, else a bar for each word of the first column.
function draw(fields, rows) {
  const place = at("drawing");
  place.replaceChildren();
  place.hidden = true;
  const numbers = fields.flatMap((_, at) => (rows.some((row) => typeof row[at] === "number") ? [at] : []));
  const time = fields.findIndex((field) => field.kind === DATE || field.kind === TIMESTAMP);
  const name = fields.findIndex((_, at) => rows.some((row) => typeof row[at] === "string") && at !== time);
  const value = numbers.find((number) => number !== time);
  if (value === undefined || rows.length < 2) return;
  const values = rows.map((row) => ({ x: row[time], name: row[name], y: row[value] }));
  const lines = new Set(values.map((one) => one.name));
  const y = { field: "y", type: "quantitative", title: fields[value].name };
  if (values.every((one) => Number.isInteger(one.y))) y.axis = { tickMinStep: 1 };
  let chart;
  if (time >= 0 && (name < 0 || lines.size <= MOST_LINES)) {
    const color = name < 0 ? { value: COLOUR } : { field: "name", type: "nominal", title: fields[name].name };
    const x = { field: "x", type: "temporal", title: null, scale: { type: "utc" }, axis: { grid: false, tickCount: 6 } };
    chart = { mark: { type: "line", point: true }, encoding: { x, y, color } };
  } else if (name >= 0 && lines.size === rows.length && rows.length <= MOST_BARS) {
    const bar = { field: "name", type: "nominal", sort: null, title: null, axis: { labelLimit: 220 } };
    chart = { height: 26 * rows.length, mark: { type: "bar", color: COLOUR }, encoding: { y: bar, x: y } };
  } else return;
  const config = JSON.parse(at("config").textContent);
  const spec = { config, width: "container", autosize: { type: "fit-x", contains: "padding" }, data: { values }, ...chart };
  place.hidden = false;
  window.vegaEmbed(place, spec, { actions: false, ast: true, renderer: "svg", defaultStyle: false });
}

at("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
at("sql").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) ask();
});
at("recipe").addEventListener("change", (event) => {
  const chosen = event.target.selectedOptions[0];
  if (chosen.value) at("sql").value = chosen.dataset.sql;
  ask();
});
const recipes = at("recipe").options;
at("recipe").value = location.hash ? "" : "vpoe_by_month";
at("sql").value = decodeURIComponent(location.hash.slice(1)) || recipes.namedItem("vpoe_by_month").dataset.sql;
open()
  .then(() => {
    say(words.ready);
    at("run").disabled = false;
    ask();
  })
  .catch(show);
