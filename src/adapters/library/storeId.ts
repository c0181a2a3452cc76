import { createHash } from "node:crypto";

/** A store's id: the first 8 hex digits of the SHA-256 of where it truly is (a real path, or a server's URL). */
export function storeIdOf(canonicalUri: string): string {
	return createHash("sha256").update(canonicalUri).digest("hex").slice(0, 8);
}
