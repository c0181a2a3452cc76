import * as z from "zod/mini";
import { errorCodes, type Failure, GammaError, toFailure } from "./errors";

/**
 * The one typed call between two sides that share nothing but messages: panel and host, worker and host.
 * A contract is an object of methods: params schema (parsed at the receiving door) and a result type.
 * A failure crosses as a value; a call that is never answered ends by its time limit.
 */
export interface Method<P = unknown, R = unknown> {
	readonly params: z.ZodMiniType<P>;
	/** Never present at run time: carries the result's type only. */
	readonly result?: R;
}

export type Contract = Readonly<Record<string, Method>>;
export type ParamsOf<M> = M extends Method<infer P, unknown> ? P : never;
export type ResultOf<M> = M extends Method<never, infer R> | Method<infer _P, infer R> ? R : never;

export type Handlers<C extends Contract> = {
	readonly [K in keyof C]: (params: ParamsOf<C[K]>, signal: AbortSignal) => ResultOf<C[K]> | Promise<ResultOf<C[K]>>;
};

/** Declares a method: `method(z.object({…}))<Result>()`. */
export function method<P>(params: z.ZodMiniType<P>): <R>() => Method<P, R> {
	return () => ({ params });
}

export const nothing = z.optional(z.undefined());

const messageSchema = z.discriminatedUnion("type", [
	z.object({ type: z.literal("call"), id: z.number(), method: z.string(), params: z.optional(z.unknown()) }),
	z.object({ type: z.literal("done"), id: z.number(), value: z.optional(z.unknown()) }),
	z.object({
		type: z.literal("failed"),
		id: z.number(),
		failure: z.object({ code: z.enum(errorCodes), message: z.string() }),
	}),
	z.object({ type: z.literal("cancel"), id: z.number() }),
]);

export type CallMessage = z.infer<typeof messageSchema>;

/** One end of a message channel. `post` may move the buffers it is given. */
export interface MessageEnd {
	post(message: CallMessage): void;
}

interface Waiting {
	resolve(value: unknown): void;
	reject(error: GammaError): void;
	cleanUp(): void;
}

/** Long enough for a slow disk or server, short enough that a silent other side is noticed. */
const defaultTimeoutMs = 60_000;

export class CallPeer<Own extends Contract, Other extends Contract> {
	readonly #waiting = new Map<number, Waiting>();
	readonly #running = new Map<number, AbortController>();
	#nextId = 1;
	#closed = false;

	constructor(
		private readonly end: MessageEnd,
		private readonly own: Own,
		private readonly handlers: Handlers<Own>,
		/** Called for a message that fits no known shape: counted or logged, never thrown. */
		private readonly onStrange: (reason: string) => void = () => {},
	) {}

	/** Calls the other side. Rejects with a `GammaError`: the other side's, `call.timeout` or `call.cancelled`. */
	call<K extends keyof Other & string>(
		name: K,
		params: ParamsOf<Other[K]>,
		options: { signal?: AbortSignal | undefined; timeoutMs?: number } = {},
	): Promise<ResultOf<Other[K]>> {
		const { signal, timeoutMs = defaultTimeoutMs } = options;
		if (this.#closed || signal?.aborted) {
			return Promise.reject(new GammaError("call.cancelled", `${name} was cancelled.`));
		}
		const id = this.#nextId++;
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => {
				this.end.post({ type: "cancel", id });
				this.#settle(id)?.reject(new GammaError("call.timeout", `${name} had no answer within ${timeoutMs / 1000} s.`));
			}, timeoutMs);
			const onAbort = () => {
				this.end.post({ type: "cancel", id });
				this.#settle(id)?.reject(new GammaError("call.cancelled", `${name} was cancelled.`));
			};
			signal?.addEventListener("abort", onAbort, { once: true });
			this.#waiting.set(id, {
				// The contract is the type of the answer; both ends are built from the same one.
				resolve: (value) => resolve(value as ResultOf<Other[K]>),
				reject,
				cleanUp: () => {
					clearTimeout(timer);
					signal?.removeEventListener("abort", onAbort);
				},
			});
			this.end.post({ type: "call", id, method: name, params });
		});
	}

	/** Takes any message from the other side; what is not one of ours is reported as strange and dropped. */
	receive(raw: unknown): void {
		const parsed = messageSchema.safeParse(raw);
		if (!parsed.success) {
			this.onStrange("a message of unknown shape");
			return;
		}
		const message = parsed.data;
		switch (message.type) {
			case "call":
				void this.#answer(message.id, message.method, message.params);
				return;
			case "done":
				this.#settle(message.id)?.resolve(message.value);
				return;
			case "failed":
				this.#settle(message.id)?.reject(GammaError.fromFailure(message.failure));
				return;
			case "cancel":
				this.#running.get(message.id)?.abort();
				return;
		}
	}

	/** Ends every open call on both sides. */
	close(): void {
		this.#closed = true;
		for (const controller of this.#running.values()) controller.abort();
		for (const id of [...this.#waiting.keys()]) {
			this.#settle(id)?.reject(new GammaError("call.cancelled", "The other side was closed."));
		}
	}

	#settle(id: number): Waiting | undefined {
		const waiting = this.#waiting.get(id);
		this.#waiting.delete(id);
		waiting?.cleanUp();
		return waiting;
	}

	async #answer(id: number, name: string, rawParams: unknown): Promise<void> {
		const controller = new AbortController();
		this.#running.set(id, controller);
		let answer: CallMessage;
		try {
			answer = { type: "done", id, value: await this.#run(name, rawParams, controller.signal) };
		} catch (error) {
			answer = { type: "failed", id, failure: toFailure(error) satisfies Failure };
		}
		this.#running.delete(id);
		if (!this.#closed && !controller.signal.aborted) this.end.post(answer);
	}

	#run(name: string, rawParams: unknown, signal: AbortSignal): unknown {
		const declared = Object.hasOwn(this.own, name) ? this.own[name] : undefined;
		const handler = this.handlers[name];
		if (!declared || !handler) {
			this.onStrange("a call of an unknown method");
			throw new GammaError("call.unknown", `There is no call named ${name}.`);
		}
		const params = declared.params.safeParse(rawParams);
		if (!params.success) {
			this.onStrange(`wrong parameters for ${name}`);
			throw new GammaError("call.invalid", `${name} was called with the wrong parameters.`);
		}
		return handler(params.data as ParamsOf<Own[string]>, signal);
	}
}
