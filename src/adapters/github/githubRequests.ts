import { parseJson } from "../http/parseJson";
import { textWithin } from "../http/textWithin";
import { GithubRefusal, refusalOf, refusalToDo } from "./githubRefusal";

const timeoutMs = 20_000;
/** A page of 50 runs has about 1 MB. */
const mostBytes = 32 << 20;
/** The log of a job: an editor takes no more of it. */
const mostLogBytes = 256 << 20;
const logTimeoutMs = 5 * 60_000;
const mostRedirects = 3;
/** With so few questions left until the limit's end none is asked in the background. */
const reserve = 50;

export interface GithubAnswer {
	readonly etag: string;
	readonly body: unknown;
	/** The next page, at the same host; null where this is the last one. */
	readonly next: string | null;
}

/**
 * Questions to one GitHub REST API with one token. What has not changed since it was last asked for is answered 304, which
 * counts against no rate limit. All reject with a `GithubRefusal`, or as `fetch` does.
 */
export class GithubRequests {
	readonly #kept = new Map<string, GithubAnswer>();
	#notBeforeMs: number | null = null;

	constructor(
		/** `https://api.github.com`, without a trailing slash. */
		readonly apiUrl: string,
		private readonly token: string,
	) {}

	/** The quota is nearly used up: until then (milliseconds since the epoch) it is a person's; null while there is enough. */
	get notBeforeMs(): number | null {
		return this.#notBeforeMs !== null && this.#notBeforeMs > Date.now() ? this.#notBeforeMs : null;
	}

	addressOf(repository: string): string {
		const [owner = "", name = ""] = repository.split("/");
		return `${this.apiUrl}/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
	}

	async get(address: string, repository: string, signal?: AbortSignal): Promise<GithubAnswer> {
		const kept = this.#kept.get(address);
		const response = await this.#send(address, { etag: kept?.etag ?? null, signal: within(timeoutMs, signal) });
		if (response.status === 304 && kept) {
			await response.body?.cancel();
			return kept;
		}
		if (!response.ok) throw refusalOf(response, await textOf(response), repository);
		const next = this.#nextPage(response.headers.get("link"));
		const answer = { etag: response.headers.get("etag") ?? "", body: parseJson(await textOf(response)), next };
		if (answer.etag !== "") this.#kept.set(address, answer);
		return answer;
	}

	/** Asks for something to be done. */
	async post(address: string, repository: string, signal?: AbortSignal): Promise<void> {
		const response = await this.#send(address, { method: "POST", etag: null, signal: within(timeoutMs, signal) });
		if (!response.ok) {
			const text = await textOf(response);
			throw refusalToDo(response.status, text, repository) ?? refusalOf(response, text, repository);
		}
		await response.body?.cancel();
	}

	/**
	 * A file that GitHub keeps elsewhere: it answers with a signed address, which is asked without the token. Null where it
	 * keeps it no longer, or not yet (404, 410).
	 */
	async file(address: string, repository: string, signal?: AbortSignal): Promise<string | null> {
		const reading = within(logTimeoutMs, signal);
		let response = await this.#ask(address, { etag: null, signal: reading });
		const location = response.headers.get("location");
		if (isRedirect(response.status) && location !== null && URL.canParse(location, address)) {
			await response.body?.cancel();
			const to = new URL(location, address);
			const isSafe = to.protocol === "https:" || to.origin === new URL(address).origin || isHere(to);
			if (!isSafe) throw new GithubRefusal("refused", "GitHub sends the request to an address that is not secure.");
			response = await fetch(to, { headers: { "user-agent": "gamma" }, signal: reading });
		}
		if (response.status === 404 || response.status === 410) {
			await response.body?.cancel();
			return null;
		}
		if (!response.ok) throw refusalOf(response, await textOf(response), repository);
		return textWithin(
			response,
			mostLogBytes,
			() => new GithubRefusal("refused", "This log is too long to be read here."),
		);
	}

	async #send(address: string, how: Asking): Promise<Response> {
		let url = new URL(address);
		for (let redirects = 0; ; redirects++) {
			const response = await this.#ask(url, how);
			const location = response.headers.get("location");
			if (!isRedirect(response.status) || location === null) return response;
			await response.body?.cancel();
			const to = URL.canParse(location, url.href) ? new URL(location, url) : null;
			if (to === null || to.origin !== url.origin || redirects >= mostRedirects) {
				throw new GithubRefusal("refused", "GitHub sends the request elsewhere; Gamma's token goes to no other host.");
			}
			url = to;
		}
	}

	async #ask(url: string | URL, { method = "GET", etag, signal }: Asking): Promise<Response> {
		const response = await fetch(url, {
			method,
			headers: {
				accept: "application/vnd.github+json",
				"x-github-api-version": "2022-11-28",
				"user-agent": "gamma",
				authorization: `Bearer ${this.token}`,
				...(etag !== null && { "if-none-match": etag }),
			},
			// The token goes to no other host; a repository that was renamed is sent on within this one.
			redirect: "manual",
			signal,
		});
		const left = response.headers.get("x-ratelimit-remaining") ?? "";
		const reset = response.headers.get("x-ratelimit-reset") ?? "";
		if (/^\d+$/.test(left) && /^\d+$/.test(reset)) {
			this.#notBeforeMs = Number(left) < reserve ? Number(reset) * 1000 : null;
		}
		return response;
	}

	/** From `Link: <…>; rel="next"` (RFC 8288); an address at another host is not followed. */
	#nextPage(link: string | null): string | null {
		const next = /<([^>]+)>\s*;[^,]*\brel="next"/.exec(link ?? "")?.[1];
		if (next === undefined || !URL.canParse(next)) return null;
		return new URL(next).origin === new URL(this.apiUrl).origin ? next : null;
	}
}

interface Asking {
	readonly method?: "GET" | "POST";
	readonly etag: string | null;
	readonly signal: AbortSignal;
}

function within(ms: number, signal?: AbortSignal): AbortSignal {
	const timeout = AbortSignal.timeout(ms);
	return signal ? AbortSignal.any([signal, timeout]) : timeout;
}

function isRedirect(status: number): boolean {
	return [301, 302, 307, 308].includes(status);
}

/** A stand-in of the tests. */
function isHere({ hostname }: URL): boolean {
	return hostname === "127.0.0.1";
}

function textOf(response: Response): Promise<string> {
	const tooLong = () => new GithubRefusal("refused", "GitHub answers with more than Gamma reads at once.");
	return textWithin(response, mostBytes, tooLong);
}
