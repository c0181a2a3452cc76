import { execFileSync } from "node:child_process";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jwtVerify } from "jose";

type Json = Record<string, unknown>;
type Answer = readonly [status: number, body: Json | readonly Json[], link?: string];

/** One making of a delivery, as GitHub lists it. */
export interface HookDelivery {
	/** Of more digits than a number keeps. */
	readonly id: bigint;
	readonly guid: string;
	readonly deliveredAt: Date;
	readonly statusCode: number;
}

const documentation_url = "https://docs.github.com/rest";
const notFound: Answer = [404, { message: "Not Found", documentation_url, status: "404" }];
const unprocessable = (message: string): Answer => [422, { message, documentation_url, status: "422" }];

/**
 * What stands in for GitHub, as an App sees it: installations and their tokens, and the Git Data API over a real bare
 * repository, so that every id is git's own and git reads what was made. The App's tokens are checked as GitHub checks them.
 */
export class GithubServer {
	readonly appId = "4242";
	/** As GitHub gives it: PKCS #1. */
	readonly privateKey: string;
	readonly asked: string[] = [];
	/** By `owner/name` in lower case. */
	readonly installations = new Map<string, number>();
	/** The App's deliveries, newest first, and what was asked about them, apart from all else. */
	readonly deliveries: HookDelivery[] = [];
	readonly askedOfDeliveries: string[] = [];
	deliveriesAPage = 100;
	/** Makes a delivery again, after it was asked to; answers GitHub's status for whoever asks. */
	redeliver: (delivery: HookDelivery) => number = () => 202;
	tokenSeconds = 3_600;
	/** Who may do what in every repository, by login. */
	readonly collaborators = new Map<string, { readonly id: number; readonly permission: string }>();
	/** Answers instead, where it gives one; called before the request is carried out. */
	instead: (line: string) => Answer | undefined = () => undefined;
	readonly #key = generateKeyPairSync("rsa", { modulusLength: 2_048 });
	readonly #folder = mkdtempSync(join(tmpdir(), "gamma-github-"));
	readonly #tokens = new Map<string, { readonly repositories: readonly string[]; readonly expiresAtMs: number }>();
	readonly #server: Server;

	private constructor() {
		this.privateKey = this.#key.privateKey.export({ type: "pkcs1", format: "pem" }).toString();
		this.#server = createServer((request, response) => void this.#take(request, response));
	}

	static async start(): Promise<GithubServer> {
		const made = new GithubServer();
		await new Promise<void>((done) => made.#server.listen(0, "127.0.0.1", done));
		return made;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	async stop(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((done) => this.#server.close(done));
		rmSync(this.#folder, { recursive: true, force: true });
	}

	/** Tokens given so far end at once. */
	revokeTokens(): void {
		this.#tokens.clear();
	}

	/** A repository with these files on this branch; answers the commit. */
	makeRepository(name: string, branch: string, files: Readonly<Record<string, string>>): string {
		execFileSync("git", ["init", "-q", "--bare", this.#at(name)]);
		const tree = this.#mktree(
			name,
			Object.entries(files).map(([path, content]) => [this.#modeOf(path), this.#blob(name, content), path]),
		);
		const commit = this.git(name, ["commit-tree", tree, "-m", "first"]);
		this.git(name, ["update-ref", `refs/heads/${branch}`, commit]);
		return commit;
	}

	git(name: string, args: readonly string[], input?: string): string {
		const who = ["-c", "user.name=gamma[bot]", "-c", "user.email=bot@gamma.test"];
		return execFileSync("git", ["--git-dir", this.#at(name), ...who, ...args], {
			input,
			encoding: "utf8",
			stdio: ["pipe", "pipe", "pipe"],
		}).trimEnd();
	}

	#at(name: string): string {
		return join(this.#folder, `${name.toLowerCase().replaceAll("/", "+")}.git`);
	}

	#modeOf(path: string): string {
		return path.endsWith(".sh") ? "100755" : path.endsWith(".link") ? "120000" : "100644";
	}

	#blob(name: string, content: string): string {
		return this.git(name, ["hash-object", "-w", "--stdin"], content);
	}

	/** A tree of files by path, on top of another: in an index of its own, as git makes trees. */
	#mktree(
		name: string,
		files: readonly (readonly [mode: string, sha: string | null, path: string])[],
		base?: string,
	): string {
		const env = { ...process.env, GIT_INDEX_FILE: join(this.#folder, randomUUID()) };
		const run = (args: readonly string[], input = "") =>
			execFileSync("git", ["--git-dir", this.#at(name), ...args], {
				env,
				input,
				encoding: "utf8",
				stdio: ["pipe", "pipe", "pipe"],
			});
		if (base !== undefined) run(["read-tree", base]);
		const lines = files.map(([mode, sha, path]) =>
			sha === null ? `0 ${"0".repeat(40)}\t${path}\0` : `${mode} ${sha}\t${path}\0`,
		);
		run(["update-index", "--add", "-z", "--index-info"], lines.join(""));
		return run(["write-tree"]).trimEnd();
	}

	async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
		let text = "";
		for await (const chunk of request) text += String(chunk);
		const line = `${request.method} ${request.url}`;
		const isOfDeliveries = line.includes(" /app/hook/deliveries");
		(isOfDeliveries ? this.askedOfDeliveries : this.asked).push(line);
		const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
		let answer: Answer;
		try {
			answer = isOfDeliveries
				? (await this.#isApp(bearer))
					? this.#ofDeliveries(line)
					: [401, { message: "A JSON web token could not be decoded", documentation_url }]
				: (this.instead(line) ?? (await this.#answer(line, bearer, text === "" ? {} : (JSON.parse(text) as Json))));
		} catch (error) {
			answer = [500, { message: String(error) }];
		}
		const [status, given, link] = answer;
		const headers = { "content-type": "application/json; charset=utf-8", ...(link !== undefined && { link }) };
		// Ids beyond 2^53 are numbers on the wire.
		response.writeHead(status, headers).end(JSON.stringify(given).replaceAll(/"(\d+)n"/g, "$1"));
	}

	#ofDeliveries(line: string): Answer {
		const attempt = /^POST \/app\/hook\/deliveries\/(\d+)\/attempts$/.exec(line)?.[1];
		if (attempt !== undefined) {
			const delivery = this.deliveries.find(({ id }) => id === BigInt(attempt));
			return delivery ? [this.redeliver(delivery), {}] : notFound;
		}
		const from = Number(new URL(line.split(" ")[1] ?? "", this.url).searchParams.get("cursor") ?? 0);
		const until = from + this.deliveriesAPage;
		const page = this.deliveries.slice(from, until).map(({ id, guid, deliveredAt, statusCode }) => ({
			id: `${id}n`,
			guid,
			delivered_at: deliveredAt.toISOString(),
			redelivery: false,
			duration: 0.03,
			status: statusCode < 300 ? "OK" : "Service Unavailable",
			status_code: statusCode,
			event: "push",
			action: null,
			installation_id: 1,
			repository_id: 1,
		}));
		const next = `<${this.url}/app/hook/deliveries?per_page=100&cursor=${until}>; rel="next"`;
		return until < this.deliveries.length ? [200, page, next] : [200, page];
	}

	async #answer(line: string, bearer: string, body: Json): Promise<Answer> {
		const tokenOf = /^POST \/app\/installations\/(\d+)\/access_tokens$/.exec(line);
		const installationAt = /^GET \/repos\/([^/]+\/[^/]+)\/installation$/.exec(line);
		if (tokenOf || installationAt) {
			if (!(await this.#isApp(bearer)))
				return [401, { message: "A JSON web token could not be decoded", documentation_url }];
			if (installationAt) {
				const id = this.installations.get(installationAt[1]!.toLowerCase());
				return id === undefined ? notFound : [200, { id, app_id: Number(this.appId) }];
			}
			return this.#giveToken(Number(tokenOf![1]), body);
		}
		const permissionOf = /^GET \/repos\/([^/]+\/[^/]+)\/collaborators\/([^/]+)\/permission$/.exec(line);
		const [, method, name, rest] = permissionOf
			? ["", "GET", permissionOf[1], `permission/${permissionOf[2]}`]
			: (/^(\w+) \/repos\/([^/]+\/[^/]+)\/git\/(.*)$/.exec(line) ?? []);
		if (!method || !name || rest === undefined) return notFound;
		const token = this.#tokens.get(bearer);
		if (!token || token.expiresAtMs < Date.now())
			return [401, { message: "Bad credentials", documentation_url, status: "401" }];
		if (!token.repositories.includes(name.toLowerCase())) return notFound;
		return this.#gitData(method, name, decodeURIComponent(rest), body);
	}

	/** RS256 by the App's key, of the App, for ten minutes at most, and not from the future. */
	async #isApp(jwt: string): Promise<boolean> {
		try {
			const { payload } = await jwtVerify(jwt, this.#key.publicKey, { algorithms: ["RS256"], issuer: this.appId });
			const nowSeconds = Date.now() / 1000;
			return (payload.iat ?? Number.POSITIVE_INFINITY) <= nowSeconds && (payload.exp ?? 0) - nowSeconds <= 600;
		} catch {
			return false;
		}
	}

	#giveToken(installation: number, { repositories, permissions }: Json): Answer {
		const its = [...this.installations].filter(([, id]) => id === installation).map(([name]) => name);
		if (its.length === 0) return notFound;
		const asked = (repositories as string[] | undefined)?.map((name) =>
			its.find((one) => one.split("/")[1] === name.toLowerCase()),
		);
		if (asked?.includes(undefined))
			return unprocessable(
				"There is at least one repository that does not exist or is not accessible to the parent installation.",
			);
		const token = `ghs_${randomUUID()}`;
		const expiresAtMs = Date.now() + this.tokenSeconds * 1000;
		this.#tokens.set(token, { repositories: (asked as string[] | undefined) ?? its, expiresAtMs });
		const expires_at = new Date(expiresAtMs).toISOString().replace(/\.\d+Z$/, "Z");
		return [201, { token, expires_at, permissions, repository_selection: "selected" }];
	}

	#gitData(method: string, name: string, path: string, body: Json): Answer {
		const [kind = "", ...parts] = path.split("/");
		const rest = parts.join("/");
		const has = (sha: string, type: string) => {
			try {
				return this.git(name, ["cat-file", "-t", sha]) === type;
			} catch {
				return false;
			}
		};
		switch (`${method} ${kind}`) {
			case "GET ref":
			case "PATCH refs": {
				const old = this.git(name, ["for-each-ref", "--format=%(objectname)", `refs/${rest}`]);
				if (old === "") return kind === "ref" ? notFound : unprocessable("Reference does not exist");
				const refOf = (sha: string): Answer => [200, { ref: `refs/${rest}`, object: { type: "commit", sha } }];
				if (kind === "ref") return refOf(old);
				const sha = String(body.sha);
				if (!has(sha, "commit")) return unprocessable("Object does not exist");
				const isOnTop = this.git(name, ["merge-base", old, sha]) === old;
				if (!isOnTop && body.force !== true) return unprocessable("Update is not a fast forward");
				this.git(name, ["update-ref", `refs/${rest}`, sha, old]);
				return refOf(sha);
			}
			case "POST refs": {
				const [ref, sha] = [String(body.ref), String(body.sha)];
				if (this.git(name, ["for-each-ref", ref]) !== "") return unprocessable("Reference already exists");
				if (!has(sha, "commit")) return unprocessable("Object does not exist");
				this.git(name, ["update-ref", ref, sha, ""]);
				return [201, { ref, object: { type: "commit", sha } }];
			}
			case "GET permission": {
				const known = this.collaborators.get(rest);
				if (!known) return notFound;
				return [
					200,
					{ permission: known.permission, role_name: known.permission, user: { login: rest, id: known.id } },
				];
			}
			case "GET commits":
				if (!has(rest, "commit")) return notFound;
				return [200, { sha: rest, tree: { sha: this.git(name, ["rev-parse", `${rest}^{tree}`]) } }];
			case "GET trees": {
				if (!has(rest, "tree")) return notFound;
				const tree = this.git(name, ["ls-tree", rest])
					.split("\n")
					.filter((line) => line !== "")
					.map((line) => {
						const [, mode, type, sha, path] = /^(\d+) (\w+) (\w+)\t(.*)$/.exec(line) ?? [];
						return { path, mode, type, sha };
					});
				return [200, { sha: rest, tree, truncated: false }];
			}
			case "POST blobs":
				if (body.encoding !== "utf-8" && body.encoding !== "base64") return unprocessable("Invalid request.");
				return [
					201,
					{
						sha: this.#blob(
							name,
							Buffer.from(String(body.content), body.encoding === "base64" ? "base64" : "utf8").toString(),
						),
					},
				];
			case "POST trees": {
				const tree = body.tree as readonly { path: string; mode: string; sha: string | null }[];
				if (tree.some(({ sha }) => sha !== null && !has(sha, "blob")))
					return unprocessable("tree.sha is not a valid blob");
				const files = tree.map(({ path, mode, sha }) => [mode, sha, path] as const);
				return [201, { sha: this.#mktree(name, files, body.base_tree as string | undefined) }];
			}
			case "POST commits": {
				const parents = body.parents as readonly string[];
				const args = ["commit-tree", String(body.tree), ...parents.flatMap((sha) => ["-p", sha])];
				const sha = this.git(name, args, String(body.message));
				return [201, { sha, html_url: `https://github.com/${name}/commit/${sha}` }];
			}
			default:
				return notFound;
		}
	}
}
