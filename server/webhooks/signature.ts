import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/**
 * Whether `X-Hub-Signature-256` is that of these bytes by one of the secrets, exactly as GitHub writes it; without a secret
 * nothing is. The length of a signature is nobody's secret, so that nothing has to hide it, nor which secret it is of.
 */
export function isSigned(body: Uint8Array, signature: unknown, secrets: readonly string[]): boolean {
	if (typeof signature !== "string") return false;
	const given = Buffer.from(signature);
	return secrets.some((secret) => {
		const expected = Buffer.from(`sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
		return given.length === expected.length && timingSafeEqual(given, expected);
	});
}

/** Compares in a time that tells nothing, not even the length. */
export function isEqual(given: unknown, expected: string | null): boolean {
	if (typeof given !== "string" || expected === null) return false;
	const digest = (text: string) => createHash("sha256").update(text).digest();
	return timingSafeEqual(digest(given), digest(expected));
}
