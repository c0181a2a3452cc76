/** What the answer asks to wait, in milliseconds: seconds or a date (RFC 9110, section 10.2.3), `mostMs` at most; null where it asks nothing. */
export function retryAfterMs(response: Pick<Response, "headers">, mostMs: number): number | null {
	const written = response.headers.get("retry-after");
	if (written === null) return null;
	const ms = /^\d+$/.test(written) ? Number(written) * 1000 : Date.parse(written) - Date.now();
	return Number.isFinite(ms) ? Math.min(Math.max(0, ms), mostMs) : null;
}
