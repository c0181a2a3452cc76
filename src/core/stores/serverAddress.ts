import { parseStoreUri } from "./storeUri";

/** What is wrong with a server's address, as one sentence; undefined when nothing is. */
export function problemOfServerAddress(text: string): string | undefined {
	try {
		const target = parseStoreUri(text);
		if (target.kind !== "server")
			return "An MLflow server's address starts with http:// or https://, such as http://localhost:5000.";
		if (target.username !== null)
			return "Leave name and password out of the address; they are asked for next and kept safely.";
		return undefined;
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
}

/** May a name stand before a header's colon (RFC 9110, section 5.6.2)? */
export function isHeaderName(name: string): boolean {
	return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name);
}
