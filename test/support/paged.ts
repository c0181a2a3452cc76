/** One page of a list as AWS gives it: `NextToken` on all but the last. */
export function paged<T>(all: readonly T[], token: unknown, most: unknown, usual: number) {
	const from = typeof token === "string" ? Number(Buffer.from(token, "base64").toString()) : 0;
	const to = from + (typeof most === "number" ? most : usual);
	const NextToken = to < all.length ? Buffer.from(String(to)).toString("base64") : undefined;
	return { page: all.slice(from, to), NextToken };
}
