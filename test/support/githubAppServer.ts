import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface GithubAppServer {
	readonly url: string;
	/** Manifests that were posted, and to which path. */
	readonly posted: { readonly path: string; readonly manifest: Record<string, unknown> }[];
	/** Codes that were exchanged. */
	readonly exchanged: string[];
	/** The code of the next App; the stand-in takes each once. */
	code: string;
	/** Answers the exchange instead, where given. */
	refusal: { readonly status: number; readonly body: string } | null;
	stop(): Promise<void>;
}

export const appSecrets = {
	id: 4711,
	name: "Gamma lab",
	webhookSecret: "a webhook's secret",
	pem: "-----BEGIN RSA PRIVATE KEY-----\nbm90IGEga2V5\n-----END RSA PRIVATE KEY-----\n",
};

/** GitHub's manifest flow: a page with the manifest's name and a button that goes back with a code, good for one exchange. */
export async function startGithubApps(): Promise<GithubAppServer> {
	const state: Omit<GithubAppServer, "url" | "stop"> = { posted: [], exchanged: [], code: "c0de", refusal: null };
	const server = createServer((request, response) => {
		let text = "";
		request.setEncoding("utf8").on("data", (part: string) => {
			text += part;
		});
		request.on("end", () => {
			const url = new URL(request.url ?? "/", "http://localhost");
			const json = (status: number, body: unknown): void => {
				response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
			};
			if (request.method === "POST" && url.pathname.endsWith("/settings/apps/new")) {
				const manifest = JSON.parse(new URLSearchParams(text).get("manifest") ?? "{}") as Record<string, unknown>;
				state.posted.push({ path: url.pathname, manifest });
				const back = new URL(String(manifest.redirect_url));
				back.searchParams.set("code", state.code);
				back.searchParams.set("state", url.searchParams.get("state") ?? "");
				const page = `<title>GitHub</title><a href="${back.href.replaceAll("&", "&amp;")}">Create GitHub App for you</a>`;
				response.writeHead(200, { "content-type": "text/html" }).end(page);
				return;
			}
			const code = /^\/app-manifests\/([^/]+)\/conversions$/.exec(url.pathname)?.[1];
			if (request.method !== "POST" || code === undefined) return json(404, { message: "Not Found" });
			if (state.refusal) {
				response.writeHead(state.refusal.status).end(state.refusal.body);
				return;
			}
			if (code !== state.code || state.exchanged.includes(code)) return json(404, { message: "Not Found" });
			state.exchanged.push(code);
			json(201, {
				id: appSecrets.id,
				slug: "gamma-lab",
				node_id: "A_x",
				name: appSecrets.name,
				owner: { login: "lab" },
				html_url: "https://github.com/apps/gamma-lab",
				external_url: "https://relay.example.com",
				client_id: "Iv1.1",
				client_secret: "a client's secret",
				webhook_secret: appSecrets.webhookSecret,
				pem: appSecrets.pem,
			});
		});
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	const stop = async () => {
		server.closeAllConnections();
		await new Promise((done) => server.close(done));
	};
	return Object.assign(state, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop });
}
