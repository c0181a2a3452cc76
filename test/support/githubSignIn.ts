import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface GithubProfile {
	readonly id: number;
	readonly login: string;
	readonly name: string;
	readonly email: string;
}

export const octoAna: GithubProfile = { id: 4711, login: "octo-ana", name: "Ana Ñ", email: "ana@example.com" };

/** What GitHub was asked, as the recording keeps it. */
export interface GithubRequest {
	readonly req: string;
	readonly auth: string;
	readonly reqBody: string;
}

/** GitHub as a sign-in service sees it: its own page answers at once, yes or no, for whoever `person` is. */
export class GithubSignIn {
	person: GithubProfile = octoAna;
	/** The person presses Cancel. */
	refuses = false;
	readonly requests: GithubRequest[] = [];
	readonly #server: Server = createServer((request, response) => {
		void this.#answer(request).then(({ status, location, body }) => {
			response.writeHead(status, { ...(location && { location }), "content-type": "application/json" });
			response.end(body === undefined ? "" : JSON.stringify(body));
		});
	});
	#codes = 0;

	async start(): Promise<string> {
		await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
		return this.url;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	async stop(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((done) => this.#server.close(done));
	}

	async #answer(request: IncomingMessage): Promise<{ status: number; location?: string; body?: unknown }> {
		const url = new URL(request.url ?? "/", this.url);
		const reqBody = await textOf(request);
		const auth = request.headers.authorization ?? "";
		this.requests.push({ req: `${request.method} ${request.url}`, auth, reqBody });
		switch (url.pathname) {
			case "/login/oauth/authorize": {
				const back = new URL(url.searchParams.get("redirect_uri") ?? "");
				const state = url.searchParams.get("state") ?? "";
				const answer = this.refuses
					? {
							error: "access_denied",
							error_description: "The user has denied your application access.",
							error_uri: "/apps/troubleshooting",
						}
					: { code: `ghcode-${++this.#codes}` };
				back.search = String(new URLSearchParams({ ...answer, state }));
				return { status: 302, location: back.href };
			}
			case "/login/oauth/access_token":
				return { status: 200, body: { access_token: "gho_fake", token_type: "bearer", scope: "user:email" } };
			case "/api/v3/user":
				return { status: 200, body: { ...this.person, avatar_url: `${this.url}/a.png` } };
			case "/api/v3/user/emails":
				return { status: 200, body: [{ email: this.person.email, primary: true, verified: true }] };
			default:
				return { status: 404, body: { message: "Not Found" } };
		}
	}
}

export async function textOf(request: IncomingMessage): Promise<string> {
	let text = "";
	for await (const part of request.setEncoding("utf8")) text += part;
	return text;
}
