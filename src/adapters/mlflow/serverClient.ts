import { setTimeout as wait } from "node:timers/promises";
import * as z from "zod/mini";
import { serverError } from "../../core/mlflow/serverWire";
import type { StoreAuth } from "../../core/stores/trackingStore";
import { GammaError } from "../../shared/errors";
import { networkCode } from "../http/networkCode";
import { parseJson } from "../http/parseJson";
import { retryAfterMs } from "../http/retryAfterMs";

/** The first and three more. */
const maxTries = 4;
const firstDelayMs = 250;
const maxRetryAfterMs = 60_000;
const maxRedirects = 5;
/** A page of 1,000 runs of 27 metrics has about 3 MB. */
const maxJsonBytes = 256 << 20;

export interface ServerClientOptions {
	/** `http(s)://host[:port][/prefix]`; a user and password in it become basic auth. */
	readonly url: string;
	readonly auth?: StoreAuth;
	readonly headers?: Readonly<Record<string, string>>;
	/** Without a byte for so long, a request is given up. */
	readonly timeoutMs?: number;
}

export interface ServerRequest {
	/** After the server's address, starting with a slash. */
	readonly path: string;
	readonly query?: Readonly<Record<string, string | undefined>>;
	/** Sent as JSON with POST; MLflow's searches are such, and change nothing. */
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
	/** The first try included; four unless told otherwise. */
	readonly tries?: number;
	readonly signal?: AbortSignal | undefined;
}

/** The server said no, in MLflow's own form. */
export class ServerRefusal extends Error {
	override readonly name = "ServerRefusal";

	constructor(
		readonly status: number,
		/** MLflow's, such as `INVALID_PARAMETER_VALUE`; empty where the answer was none of MLflow's. */
		readonly errorCode: string,
		message: string,
		/** MLflow's own words, without the server's name; empty where the answer was none of MLflow's. */
		readonly said = "",
	) {
		super(message);
	}
}

/** An answer whose body is still to be read; `touch` says that it is not stuck, `done` that it is read. */
export interface ServerAnswer {
	readonly response: Response;
	readonly touch: () => void;
	readonly done: () => void;
}

/** Requests to one MLflow server: sign-in, time limits, retries, and errors that name the host and never a secret. */
export class ServerClient {
	/** Without user, password and trailing slash. */
	readonly address: string;
	readonly #origin: string;
	readonly #host: string;
	readonly #headers: Readonly<Record<string, string>>;
	readonly #timeoutMs: number;
	/** The last request was given up: until one is answered, each is tried once. Who asks again waits longer each time. */
	#isDown = false;

	/** Throws `settings.invalid`. */
	constructor(options: ServerClientOptions) {
		const url = parseServerUrl(options.url);
		this.#origin = url.origin;
		this.#host = url.host;
		this.address = `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
		this.#timeoutMs = options.timeoutMs ?? 30_000;
		const fromUrl: StoreAuth =
			url.username === ""
				? { kind: "none" }
				: { kind: "basic", username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
		const auth = options.auth === undefined || options.auth.kind === "none" ? fromUrl : options.auth;
		this.#headers = checkedHeaders({ ...authorization(auth), ...options.headers }, this.#host);
	}

	/** The answer as JSON. Rejects with a `ServerRefusal` for MLflow's own errors, else with a `GammaError`. */
	async json<Schema extends z.core.$ZodType>(schema: Schema, request: ServerRequest): Promise<z.core.output<Schema>> {
		const answer = await this.open(request);
		const text = await this.#text(answer, request.signal);
		const parsed = z.safeParse(schema, parseJson(text));
		if (parsed.success) return parsed.data;
		throw this.#notMlflow(answer.response);
	}

	/** An answer with status 2xx, its body unread. Rejects as `json` does. */
	async open(request: ServerRequest): Promise<ServerAnswer> {
		const mostTries = this.#isDown ? 1 : (request.tries ?? maxTries);
		for (let tried = 1; ; tried++) {
			const outcome = await this.#tryOnce(request, tried >= mostTries);
			if ("answer" in outcome) return outcome.answer;
			await wait(outcome.retryAfterMs ?? firstDelayMs * 2 ** (tried - 1) * (0.5 + Math.random()), undefined, {
				signal: request.signal,
			});
		}
	}

	/** For a caller that reads a body itself. */
	translate(error: unknown, signal: AbortSignal | undefined): unknown {
		if (signal?.aborted) return signal.reason;
		if (error instanceof ServerRefusal || GammaError.is(error)) return error;
		return new GammaError("store.unreachable", `The MLflow server ${this.#host} ${causeOf(error)}.`, { cause: error });
	}

	async #tryOnce(
		request: ServerRequest,
		isLast: boolean,
	): Promise<{ answer: ServerAnswer } | { retryAfterMs: number | null }> {
		const answer = await this.#send(request).catch((error: unknown) => {
			const mayPass = !request.signal?.aborted && isPassing(error);
			if (mayPass && !isLast) return null;
			if (mayPass) this.#isDown = true;
			throw this.translate(error, request.signal);
		});
		if (answer === null) return { retryAfterMs: null };
		const { response } = answer;
		if (response.ok) {
			this.#isDown = false;
			return { answer };
		}
		const mayPass = response.status === 429 || (response.status >= 500 && response.status !== 501);
		if (mayPass && !isLast) {
			await response.body?.cancel();
			answer.done();
			return { retryAfterMs: retryAfterMs(response, maxRetryAfterMs) };
		}
		this.#isDown = mayPass;
		throw await this.#refusal(answer, request.signal);
	}

	async #send({ path, query = {}, body, headers = {}, signal }: ServerRequest): Promise<ServerAnswer> {
		let url = new URL(`${this.address}${path}`);
		for (const [key, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(key, value);
		const timer = new IdleTimer(this.#timeoutMs);
		const signals = signal === undefined ? timer.signal : AbortSignal.any([signal, timer.signal]);
		try {
			for (let redirects = 0; ; redirects++) {
				const response = await fetch(url, {
					method: body === undefined ? "GET" : "POST",
					headers: {
						accept: "application/json, */*;q=0.5",
						...(body === undefined ? {} : { "content-type": "application/json" }),
						...this.#headers,
						...headers,
					},
					body: body === undefined ? null : JSON.stringify(body),
					redirect: "manual",
					signal: signals,
				});
				timer.touch();
				const location = response.headers.get("location");
				if (response.status < 300 || response.status > 399 || location === null) {
					return { response, touch: () => timer.touch(), done: () => timer.stop() };
				}
				await response.body?.cancel();
				url = this.#redirected(url, location, redirects);
			}
		} catch (error) {
			timer.stop();
			throw error;
		}
	}

	/** Only on the same host: credentials go nowhere else, and a sign-in page is no MLflow. */
	#redirected(from: URL, location: string, redirects: number): URL {
		const to = URL.canParse(location, from.href) ? new URL(location, from) : null;
		const isSame = to !== null && (to.origin === this.#origin || isUpgrade(from, to));
		if (isSame && redirects < maxRedirects) return to;
		throw new GammaError(
			"store.refused",
			`The MLflow server ${this.#host} sends every request elsewhere${to === null ? "" : ` (${to.protocol}//${to.host})`}; sign in to it, or correct its address.`,
		);
	}

	async #refusal(answer: ServerAnswer, signal: AbortSignal | undefined): Promise<Error> {
		const { response } = answer;
		const text = await this.#text(answer, signal).catch(() => "");
		const parsed = z.safeParse(serverError, parseJson(text));
		const code = response.status;
		if (code === 401 || code === 403) {
			return new GammaError(
				"store.refused",
				`The MLflow server ${this.#host} refuses the request (${code}); check the user, password or token in the settings.`,
			);
		}
		if (code === 429)
			return new GammaError("store.busy", `The MLflow server ${this.#host} is busy (429); try again later.`);
		if (parsed.success) {
			return new ServerRefusal(
				code,
				parsed.data.error_code,
				`${this.#host}: ${parsed.data.message || parsed.data.error_code}`,
				parsed.data.message,
			);
		}
		if (code >= 500) return new ServerRefusal(code, "", `The MLflow server ${this.#host} fails (${code}).`);
		// Not MLflow's words, but a caller may know what they mean for its question.
		if (code === 404 || code === 416)
			return new ServerRefusal(code, "", `The server ${this.#host} answers ${code}; check its address.`);
		return this.#notMlflow(response);
	}

	async #text({ response, touch, done }: ServerAnswer, signal: AbortSignal | undefined): Promise<string> {
		const decoder = new TextDecoder();
		let text = "";
		let size = 0;
		try {
			for await (const chunk of response.body ?? []) {
				touch();
				size += chunk.length;
				if (size > maxJsonBytes)
					throw new GammaError("store.unreachable", `The MLflow server ${this.#host} answers without end.`);
				text += decoder.decode(chunk, { stream: true });
			}
			return text + decoder.decode();
		} catch (error) {
			throw this.translate(error, signal);
		} finally {
			done();
		}
	}

	#notMlflow(response: Response): GammaError {
		const isPage = response.headers.get("content-type")?.includes("html") ?? false;
		return new GammaError(
			"store.refused",
			`The server ${this.#host} answers with ${isPage ? "a web page" : "something else"} instead of MLflow's API (${response.status}); check its address, or sign in.`,
		);
	}
}

/** Aborts when not touched for a while. */
class IdleTimer {
	readonly #controller = new AbortController();
	#handle: NodeJS.Timeout;

	constructor(private readonly timeoutMs: number) {
		this.#handle = this.#start();
	}

	get signal(): AbortSignal {
		return this.#controller.signal;
	}

	touch(): void {
		clearTimeout(this.#handle);
		this.#handle = this.#start();
	}

	stop(): void {
		clearTimeout(this.#handle);
	}

	#start(): NodeJS.Timeout {
		const giveUp = () => this.#controller.abort(new DOMException("no answer in time", "TimeoutError"));
		return setTimeout(giveUp, this.timeoutMs).unref();
	}
}

function parseServerUrl(text: string): URL {
	const url = URL.canParse(text) ? new URL(text) : null;
	if (url !== null && (url.protocol === "http:" || url.protocol === "https:")) return url;
	throw new GammaError(
		"settings.invalid",
		"The address of an MLflow server starts with http:// or https:// and a host.",
	);
}

function authorization(auth: StoreAuth): Record<string, string> {
	switch (auth.kind) {
		case "none":
			return {};
		case "basic":
			return {
				authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`, "utf8").toString("base64")}`,
			};
		case "bearer":
			return { authorization: `Bearer ${auth.token}` };
	}
}

function checkedHeaders(headers: Record<string, string>, host: string): Record<string, string> {
	try {
		return Object.fromEntries(new Headers(headers));
	} catch {
		// The cause would quote the header's value.
		throw new GammaError(
			"settings.invalid",
			`A header for the MLflow server ${host} holds characters that HTTP forbids.`,
		);
	}
}

function isUpgrade(from: URL, to: URL): boolean {
	return from.protocol === "http:" && to.protocol === "https:" && from.hostname === to.hostname;
}

function isPassing(error: unknown): boolean {
	return ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "EAI_AGAIN"].includes(networkCode(error));
}

function causeOf(error: unknown): string {
	if (error instanceof DOMException && error.name === "TimeoutError") return "does not answer in time";
	const code = networkCode(error);
	if (code === "ECONNREFUSED") return "is not running (connection refused)";
	if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "is unknown to the network; check its name";
	if (/CERT|TLS|SSL|SELF_SIGNED/.test(code)) return `shows a certificate that cannot be trusted (${code})`;
	return `cannot be reached (${code || "the connection broke"})`;
}
