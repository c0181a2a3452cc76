import { randomBytes, timingSafeEqual } from "node:crypto";
import { open } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
	type GithubApp,
	type GithubAppWish,
	readConversion,
	toCreationUrl,
	toManifest,
	toRelayEnvironment,
} from "../../core/mmp/githubApp";
import { createdPage, creationPage, refusedPage } from "../../core/mmp/githubAppPage";
import { GammaError, toFailure } from "../../shared/errors";

/** A code of GitHub's is good for an hour. */
const withinMs = 60 * 60_000;
const answerWithinMs = 30_000;
const mostAnswer = 1 << 20;

export interface GithubAppParts {
	/** GitHub's own, or an Enterprise Server's: `GITHUB_SERVER_URL` and `GITHUB_API_URL`. */
	readonly serverUrl: string;
	readonly apiUrl: string;
	/** How the person's browser reaches a local address: another one where the editor runs elsewhere. */
	readonly expose: (localUrl: string) => Promise<string>;
	/** Shows the page to the person. */
	readonly show: (url: string) => Promise<void>;
	readonly signal: AbortSignal;
}

/**
 * Lets a person create the App: a local page posts the manifest to GitHub, which sends its browser back with a code that is
 * exchanged here, once, for the App's secrets. Rejects with `settings.invalid`, `github.refused`, `call.timeout` or `call.cancelled`.
 */
export async function createGithubApp(wish: GithubAppWish, parts: GithubAppParts): Promise<GithubApp> {
	toManifest(wish, "");
	const creation = new Creation(wish, parts);
	try {
		return await creation.run();
	} finally {
		creation.close();
	}
}

class Creation {
	/** In the address of the page, so that no other page of the browser finds it. */
	readonly #key = randomBytes(16).toString("base64url");
	readonly #state = randomBytes(24).toString("base64url");
	readonly #server = createServer((request, response) => void this.#answer(request, response));
	#made: (app: GithubApp) => void = () => {};
	#failed: (reason: unknown) => void = () => {};
	readonly #app = new Promise<GithubApp>((made, failed) => {
		this.#made = made;
		this.#failed = failed;
	});
	#base = "";
	#isUsed = false;

	constructor(
		private readonly wish: GithubAppWish,
		private readonly parts: GithubAppParts,
	) {
		this.#app.catch(() => {});
	}

	async run(): Promise<GithubApp> {
		const { signal, expose, show } = this.parts;
		await new Promise<void>((done, fail) => {
			this.#server.once("error", fail);
			this.#server.listen(0, "127.0.0.1", done);
		});
		const { port } = this.#server.address() as AddressInfo;
		this.#base = (await expose(`http://127.0.0.1:${port}`)).replace(/\/+$/, "");
		const cancel = () => this.#failed(new GammaError("call.cancelled", "The App was not made."));
		if (signal.aborted) cancel();
		signal.addEventListener("abort", cancel);
		const late = setTimeout(() => {
			this.#failed(new GammaError("call.timeout", "No App was made within an hour: begin again."));
		}, withinMs);
		try {
			await show(`${this.#base}/${this.#key}`);
			return await this.#app;
		} finally {
			clearTimeout(late);
			signal.removeEventListener("abort", cancel);
		}
	}

	close(): void {
		this.#server.close();
		// What answers now is the last page; it is let through.
		this.#server.closeIdleConnections();
	}

	async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const url = new URL(request.url ?? "/", "http://localhost");
		if (request.method !== "GET") return send(response, 405, refusedPage("Open the page's address again."), "'none'");
		if (url.pathname === `/${this.#key}`) {
			const { serverUrl } = this.parts;
			const action = toCreationUrl(serverUrl, this.wish.organization, this.#state);
			const manifest = toManifest(this.wish, `${this.#base}/${this.#key}/made`);
			return send(response, 200, creationPage(action, manifest), `'self' ${new URL(serverUrl).origin}`);
		}
		if (url.pathname === `/${this.#key}/made`) return this.#finish(url.searchParams, response);
		send(response, 404, refusedPage("There is no such page."), "'none'");
	}

	/** GitHub's browser is back. The state is good for one time, whatever comes of it. */
	async #finish(query: URLSearchParams, response: ServerResponse): Promise<void> {
		const isOurs = !this.#isUsed && isEqual(query.get("state") ?? "", this.#state);
		const code = query.get("code") ?? "";
		if (!isOurs || !/^[\w-]{1,200}$/.test(code)) {
			return send(
				response,
				400,
				refusedPage("This is no answer to the question that was asked: begin again."),
				"'none'",
			);
		}
		this.#isUsed = true;
		try {
			const app = await this.#convert(code);
			send(response, 200, createdPage(app.name, `${app.htmlUrl}/installations/new`), "'none'");
			this.#made(app);
		} catch (error) {
			send(response, 502, refusedPage(toFailure(error).message), "'none'");
			this.#failed(error);
		}
	}

	async #convert(code: string): Promise<GithubApp> {
		const url = `${this.parts.apiUrl.replace(/\/+$/, "")}/app-manifests/${code}/conversions`;
		const refused = (how: string, cause?: unknown) =>
			new GammaError(
				"github.refused",
				`GitHub ${how}: look under your GitHub Apps whether it was made, and begin again.`,
				{
					cause,
				},
			);
		let answer: Response;
		let text: string;
		try {
			answer = await fetch(url, {
				method: "POST",
				headers: { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" },
				redirect: "error",
				signal: AbortSignal.timeout(answerWithinMs),
			});
			text = await answer.text();
		} catch (error) {
			throw refused("did not tell the App's secrets", error);
		}
		const app = answer.ok && text.length < mostAnswer ? readConversion(parseJson(text)) : null;
		if (app) return app;
		throw refused(answer.ok ? "answered in words that Gamma does not know" : `refused the code (${answer.status})`);
	}
}

/** Writes the relay's variables where only this user reads them. A file that is there is `settings.invalid`, and stays. */
export async function saveRelayEnvironment(app: GithubApp, path: string): Promise<void> {
	let file: Awaited<ReturnType<typeof open>>;
	try {
		file = await open(path, "wx", 0o600);
	} catch (error) {
		if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
		throw new GammaError(
			"settings.invalid",
			`${path} is there already: choose another name, so that no secret is lost.`,
		);
	}
	try {
		await file.writeFile(toRelayEnvironment(app));
	} finally {
		await file.close();
	}
}

function isEqual(given: string, expected: string): boolean {
	const [a, b] = [Buffer.from(given), Buffer.from(expected)];
	return a.length === b.length && timingSafeEqual(a, b);
}

function send(response: ServerResponse, status: number, html: string, formAction: string): void {
	response
		.writeHead(status, {
			"content-type": "text/html; charset=utf-8",
			"cache-control": "no-store",
			"content-security-policy": `default-src 'none'; style-src 'unsafe-inline'; form-action ${formAction}; frame-ancestors 'none'; base-uri 'none'`,
			"referrer-policy": "no-referrer",
			"x-content-type-options": "nosniff",
			connection: "close",
		})
		.end(html);
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
