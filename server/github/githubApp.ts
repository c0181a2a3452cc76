import type { KeyObject } from "node:crypto";
import { SignJWT } from "jose";
import * as z from "zod/mini";
import { parseJson } from "../../src/adapters/http/parseJson";
import { textWithin } from "../../src/adapters/http/textWithin";
import { Problem } from "../problem";
import { GithubRefusal, githubAway } from "./githubRefusal";
import { readPrivateKey } from "./privateKey";

const answerMs = 15_000;
const mostAnswerBytes = 16 << 20;
/** GitHub takes ten minutes at most, and a clock that runs a little ahead of its own not at all. */
const jwtSeconds = { back: 60, ahead: 540 };
/** A token that ends within this time is not begun with: a commit of many files takes a while. */
const spareMs = 5 * 60_000;
const mostTokens = 1_000;

const tokenAnswer = z.object({ token: z.string(), expires_at: z.string() });
const installationAnswer = z.object({ id: z.int() });
const said = z.object({ message: z.string() });

interface Call {
	readonly method?: "GET" | "POST" | "PATCH";
	readonly body?: unknown;
	readonly signal: AbortSignal;
}

/** Asks GitHub as an installation of the App, about one repository. Rejects as `GithubApp` does. */
export interface RepositoryDoor {
	/** `path` is below `/repos/owner/name`; its parts are encoded already. */
	ask<Schema extends z.core.$ZodType>(schema: Schema, path: string, call: Call): Promise<z.output<Schema>>;
}

export interface GithubAppSettings {
	readonly id: string;
	readonly privateKey: string;
	/** Without a trailing slash. */
	readonly apiUrl: string;
}

/**
 * The GitHub App: signs in with its key, and acts as one of its installations with a token for one repository's contents.
 * Rejects with a `GithubRefusal` where GitHub says no, with a 503 problem where it does not answer.
 */
export class GithubApp {
	readonly #key: KeyObject;
	/** By installation and repository. */
	readonly #tokens = new Map<string, { readonly token: string; readonly expiresAtMs: number }>();

	constructor(private readonly settings: GithubAppSettings) {
		this.#key = readPrivateKey(settings.privateKey);
	}

	/** GitHub's own word on where the App is installed; null where it is not on this repository. */
	async findInstallation(repository: string, signal: AbortSignal): Promise<string | null> {
		try {
			const path = `/repos/${toPath(repository)}/installation`;
			return String((await this.#send(installationAnswer, path, await this.signIn(), { signal })).id);
		} catch (error) {
			if (error instanceof GithubRefusal && error.status === 404) return null;
			throw error;
		}
	}

	/** Rejects with a refusal of 404 where there is no such installation, of 422 where it does not have the repository. */
	async enter(installationId: string, repository: string, signal: AbortSignal): Promise<RepositoryDoor> {
		await this.#token(installationId, repository, signal);
		return {
			ask: async (schema, path, call) => {
				const send = async () =>
					this.#send(
						schema,
						`/repos/${toPath(repository)}${path}`,
						await this.#token(installationId, repository, call.signal),
						call,
					);
				return send().catch((error: unknown) => {
					// A token may be taken back before it ends.
					if (!(error instanceof GithubRefusal) || error.status !== 401) throw error;
					this.#tokens.delete(`${installationId} ${repository}`);
					return send();
				});
			},
		};
	}

	async #token(installationId: string, repository: string, signal: AbortSignal): Promise<string> {
		const key = `${installationId} ${repository}`;
		const known = this.#tokens.get(key);
		if (known && known.expiresAtMs - Date.now() > spareMs) return known.token;
		const body = { repositories: [repository.split("/")[1]], permissions: { contents: "write" } };
		const path = `/app/installations/${encodeURIComponent(installationId)}/access_tokens`;
		const given = await this.#send(tokenAnswer, path, await this.signIn(), { method: "POST", body, signal });
		if (this.#tokens.size >= mostTokens) this.#tokens.clear();
		this.#tokens.set(key, { token: given.token, expiresAtMs: Date.parse(given.expires_at) });
		return given.token;
	}

	/** A token of the App itself, good for nine minutes. */
	signIn(): Promise<string> {
		const nowSeconds = Math.floor(Date.now() / 1000);
		return new SignJWT()
			.setProtectedHeader({ alg: "RS256" })
			.setIssuer(this.settings.id)
			.setIssuedAt(nowSeconds - jwtSeconds.back)
			.setExpirationTime(nowSeconds + jwtSeconds.ahead)
			.sign(this.#key);
	}

	async #send<Schema extends z.core.$ZodType>(
		schema: Schema,
		path: string,
		token: string,
		{ method = "GET", body, signal }: Call,
	): Promise<z.output<Schema>> {
		const { status, text } = await fetch(`${this.settings.apiUrl}${path}`, {
			method,
			headers: {
				accept: "application/vnd.github+json",
				authorization: `Bearer ${token}`,
				"x-github-api-version": "2022-11-28",
				"user-agent": "gamma-relay",
				...(body !== undefined && { "content-type": "application/json" }),
			},
			body: body === undefined ? null : JSON.stringify(body),
			// A repository that was renamed answers so: whoever has its new name corrects the project.
			redirect: "manual",
			signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
		})
			.then(async (response) => ({
				status: response.status,
				text: await textWithin(response, mostAnswerBytes, () => new Problem(502, "GitHub's answer has no end.")),
			}))
			.catch((error: unknown) => {
				throw error instanceof Problem ? error : githubAway();
			});
		const parsed = parseJson(text);
		if (status < 200 || status > 299) {
			const words = z.safeParse(said, parsed);
			throw new GithubRefusal(status, words.success ? words.data.message.slice(0, 300) : "");
		}
		const answer = z.safeParse(schema, parsed);
		if (answer.success) return answer.data;
		throw new Problem(
			502,
			"GitHub answers in another form than the relay knows: GITHUB_API_URL may name another server.",
		);
	}
}

/** Nothing in an address may lead elsewhere: a name of dots only would. */
function toPath(repository: string): string {
	const parts = repository.split("/");
	if (parts.length !== 2 || parts.some((part) => /^\.*$/.test(part))) throw new GithubRefusal(404, "Not Found");
	return parts.map(encodeURIComponent).join("/");
}
