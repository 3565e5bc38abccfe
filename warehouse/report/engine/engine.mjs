// What the Explore page needs of DuckDB-wasm, as one script without a module loader.
import { AsyncDuckDB, VoidLogger } from "@duckdb/duckdb-wasm";

window.duckdb = { AsyncDuckDB, VoidLogger };
