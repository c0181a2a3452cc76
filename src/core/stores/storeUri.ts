import { GammaError } from "../../shared/errors";
import { percentDecoded } from "../percentDecoded";

/** What a store's URI names, before anything was looked at. */
export type StoreTarget =
	| {
			readonly kind: "server";
			/** Without credentials, without a slash at the end. */
			readonly url: string;
			readonly username: string | null;
			readonly password: string | null;
	  }
	/** A folder or a file; may be relative. */
	| { readonly kind: "path"; readonly path: string };

/**
 * Reads a store's URI as MLflow's clients do: `http(s)://host`, `sqlite:///relative` and `sqlite:////absolute`
 * (SQLAlchemy's form, perhaps with a driver as in `sqlite+pysqlite:`; on Windows `sqlite:///C:/path`), `file:///path`, `file:relative`, or a plain path.
 * Throws `store.unrecognised` for other schemes.
 */
export function parseStoreUri(uri: string): StoreTarget {
	const text = uri.trim();
	const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1]?.toLowerCase();
	if (text === "")
		throw new GammaError("store.unrecognised", "The store's address is empty; give a folder, a file or a URL.");
	switch (scheme?.replace(/^sqlite\+\w+$/, "sqlite")) {
		case undefined:
			return { kind: "path", path: text };
		case "http":
		case "https":
			return serverTarget(text);
		case "file":
			return { kind: "path", path: filePath(text) };
		case "sqlite":
			return { kind: "path", path: sqlitePath(text) };
		default:
			throw new GammaError(
				"store.unrecognised",
				`Gamma does not read ${scheme}: stores; give a folder, an SQLite file, or the http address of the MLflow server in front of it.`,
			);
	}
}

/** Would opening it contact another machine: a URL, or a Windows share? */
export function isRemoteUri(uri: string): boolean {
	const text = uri.trim();
	return /^https?:/i.test(text) || /^(\\\\|\/\/)/.test(text) || /^file:\/\/(?!localhost\/)[^/]/i.test(text);
}

function serverTarget(text: string): StoreTarget {
	let url: URL;
	try {
		url = new URL(text);
	} catch {
		throw new GammaError("store.unrecognised", `${text} is not a URL; an MLflow server's looks like http://host:5000.`);
	}
	const username = url.username ? percentDecoded(url.username) : null;
	const password = url.password ? percentDecoded(url.password) : null;
	const path = url.pathname.replace(/\/+$/, "");
	return { kind: "server", url: `${url.protocol}//${url.host}${path}`, username, password };
}

function filePath(text: string): string {
	const rest = percentDecoded(text.slice("file:".length)).replace(/^\/\/(localhost(?=\/))?/i, "");
	return withoutSlashBeforeDrive(rest);
}

function sqlitePath(text: string): string {
	// Only a question mark ends the path, and nothing in it is an escape.
	const rest = text.slice(text.indexOf(":") + 1).replace(/\?.*$/s, "");
	return withoutSlashBeforeDrive(rest.startsWith("///") ? rest.slice(3) : rest.replace(/^\/\//, ""));
}

/** `/C:/x` is `C:/x`. */
function withoutSlashBeforeDrive(path: string): string {
	return /^\/[a-z]:([\\/]|$)/i.test(path) ? path.slice(1) : path;
}
