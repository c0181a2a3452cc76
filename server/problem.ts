import { STATUS_CODES } from "node:http";

/** An answer that is no success, as `application/problem+json` (RFC 9457). `detail` is for people and names no secret. */
export class Problem extends Error {
	override readonly name = "Problem";

	constructor(
		readonly status: number,
		readonly detail: string,
		/** Further members of the document, such as the offset wanted. */
		readonly more: Readonly<Record<string, unknown>> = {},
	) {
		super(detail);
	}

	toJSON(): Record<string, unknown> {
		return {
			type: "about:blank",
			title: STATUS_CODES[this.status] ?? "Error",
			status: this.status,
			detail: this.detail,
			...this.more,
		};
	}
}

/** What is not there and what may not be seen read alike. */
export const notFound = () => new Problem(404, "There is nothing here that you may see.");
