import type { Message, NoticeAction, Part, PermissionScope, WritingEdit } from "../../shared/agent/conversation";
import { toFailure } from "../../shared/errors";
import { type Answer, applyEvent, cutAnswer, cutInput, emptyAnswer } from "./answer";
import { backOffMs } from "./backOff";
import type { Claude, ClaudeModel, ClaudeProblem, ClaudeRequest, StopReason } from "./claude";
import { compact, summaryRequest } from "./compact";
import { costOf } from "./prices";
import type { Talk } from "./talk";
import { toClaudeMessages } from "./toClaudeMessages";
import { tokensOf, tokensOfMessages } from "./tokens";
import type { Toolbox } from "./toolbox";

export interface Clock {
	/** Milliseconds since 1970. */
	now(): number;
	/** Resolves early, and does not reject, when the signal is aborted. */
	sleep(ms: number, signal: AbortSignal): Promise<void>;
	random(): number;
	newId(): string;
}

export interface AnsweringParts {
	readonly claude: Claude;
	readonly model: ClaudeModel;
	readonly system: string;
	readonly toolbox: Toolbox;
	readonly clock: Clock;
	/** Called before and after whatever must survive a crash. */
	readonly keep: () => void;
	readonly decide: (callId: string, signal: AbortSignal) => Promise<Decision | null>;
}

export interface Decision {
	readonly decision: "allow" | "deny";
	readonly scope: PermissionScope;
}

/** Tries of one request that brought nothing. */
const mostTries = 6;
const mostWaitMs = 60_000;
/** Tools for one prompt; a person is asked to go on after that. */
const mostCalls = 25;
const mostOutputChars = 2_000_000;
const mostContinuations = 3;
const mostTokensOfAnswer = 32_000;
/** Of the context: above the first the service is asked for its own count, above the second the conversation is summarised. */
const worthCounting = 0.5;
const tooFull = 0.8;

type End =
	| { readonly kind: "ended"; readonly stop: StopReason; readonly answer: Answer }
	| { readonly kind: "failed"; readonly problem: ClaudeProblem; readonly answer: Answer }
	| { readonly kind: "stopped"; readonly answer: Answer };

/** One prompt's answer, from the first request to the last word: streams, runs tools, tries again, goes on. Never rejects. */
export class Answering {
	#tries = 0;
	#calls = 0;
	#outputChars = 0;
	#continuations = 0;
	#compactions = 0;
	/** By a call's id: what a person sees of an edit until it is proposed. */
	readonly #writing = new Map<string, WritingEdit>();

	constructor(
		private readonly talk: Talk,
		private readonly parts: AnsweringParts,
		private readonly signal: AbortSignal,
	) {}

	async run(): Promise<void> {
		try {
			while (!this.signal.aborted && (await this.#step()));
		} catch (error) {
			this.#say("error", toFailure(error).message, "retry");
		}
		this.parts.toolbox.endPreview(this.talk.conversation.id);
		this.parts.keep();
	}

	/** One request; whether another has to follow. */
	async #step(): Promise<boolean> {
		if (!(await this.#fit())) return false;
		if (this.signal.aborted) return false;
		const id = this.parts.clock.newId();
		const end = await this.#stream(id);
		if (this.#has(id)) this.parts.keep();
		switch (end.kind) {
			case "stopped":
				if (this.#has(id)) this.#note(id, "info", "Stopped.", "continue");
				return false;
			case "failed":
				return this.#afterFailure(id, end.problem, end.answer.parts.length > 0);
			case "ended":
				this.#tries = 0;
				return this.#afterEnd(id, end.stop);
		}
	}

	async #stream(id: string): Promise<End> {
		const { claude, clock } = this.parts;
		let answer = emptyAnswer;
		this.talk.does({ kind: "waiting", sinceMs: clock.now() });
		this.talk.heard(clock.now());
		const onHeard = () => this.talk.heard(clock.now());
		for await (const event of claude.stream(this.#request(), { signal: this.signal, onHeard })) {
			if (event.kind === "failed") return { kind: "failed", problem: event.problem, answer: this.#cut(id, answer) };
			const { openInput } = answer;
			answer = applyEvent(answer, event);
			if (event.kind === "ended") {
				answer = event.stop === "max_tokens" ? withoutLastCall(answer) : answer;
				this.#show(id, answer, true);
				return { kind: "ended", stop: event.stop, answer };
			}
			if (event.kind === "blockBegun") this.#showActivity(event.block.kind);
			if (event.kind === "input" || event.kind === "blockEnded") this.#preview(answer, openInput);
			if (answer.parts.length > 0) this.#show(id, answer, false);
		}
		return { kind: "stopped", answer: this.#cut(id, answer) };
	}

	#request(): ClaudeRequest {
		const { model, system, toolbox } = this.parts;
		return {
			...{ model: model.id, system, tools: toolbox.tools, mayUseTools: true, thinking: model.thinking },
			messages: toClaudeMessages(this.talk.messages),
			maxTokens: Math.min(mostTokensOfAnswer, model.outputLimit),
		};
	}

	#show(id: string, answer: Answer, isWhole: boolean): void {
		const { clock, model, toolbox } = this.parts;
		const parts = answer.parts.map((part, index): Part => {
			if (part.kind !== "tool") return part;
			// A title of an input that still grows would change with every letter.
			const isOpen = answer.openInput !== null && index === answer.parts.length - 1;
			const writing = part.output === null ? this.#writing.get(part.id) : undefined;
			return { ...part, ...(writing && { writing }), ...(!isOpen && { title: toolbox.titleOf(part) }) };
		});
		const change = {
			parts,
			model: answer.model ?? model.id,
			usage: isWhole ? answer.usage : null,
			costUsd: isWhole ? costOf(answer.model ?? model.id, answer.usage) : null,
		};
		if (this.#has(id)) this.talk.update(id, (message) => ({ ...message, ...change }));
		else this.talk.append({ id, role: "assistant", createdAtMs: clock.now(), ...change });
		if (isWhole) {
			const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = answer.usage;
			this.talk.contextTokens = inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens;
		}
	}

	/** What there is of an answer that ended early; nothing at all leaves no message. */
	#cut(id: string, answer: Answer): Answer {
		const left = cutAnswer(answer);
		this.parts.toolbox.endPreview(this.talk.conversation.id);
		if (left.parts.length > 0) this.#show(id, left, true);
		else this.talk.cutFrom(id);
		return left;
	}

	#showActivity(block: "text" | "thinking" | "redacted" | "tool"): void {
		const kind = block === "thinking" || block === "redacted" ? "thinking" : "writing";
		if (this.talk.activity.kind !== kind) this.talk.does({ kind, sinceMs: this.parts.clock.now() });
	}

	/** `before`: the input as it was one event earlier, which is the whole of it where its block has just ended. */
	#preview(answer: Answer, before: string | null): void {
		const call = answer.parts.at(-1);
		const json = answer.openInput ?? before;
		if (call?.kind !== "tool" || !json) return;
		const isWhole = answer.openInput === null;
		const writing = this.parts.toolbox.preview(call, { json, isWhole }, this.talk.conversation.id);
		if (writing) this.#writing.set(call.id, writing);
	}

	async #afterFailure(id: string, problem: ClaudeProblem, hasWords: boolean): Promise<boolean> {
		this.#tries = hasWords ? 1 : this.#tries + 1;
		if (problem.code === "agent.tooLong" && this.#compactions === 0) return this.#compact();
		const waitMs = backOffMs(this.#tries, problem.retryAfterMs, this.parts.clock.random);
		const isWorthIt = problem.canRetry && this.#tries < mostTries && waitMs <= mostWaitMs;
		if (!isWorthIt) {
			const action = problem.remedy ?? (problem.code === "agent.noKey" ? "setKey" : hasWords ? "continue" : "retry");
			const isLong = problem.canRetry && waitMs > mostWaitMs;
			const text = isLong ? `${problem.message} It can be asked again ${inWords(waitMs)}.` : problem.message;
			if (hasWords) this.#note(id, "error", text, action);
			else this.#say("error", text, action);
			return false;
		}
		if (hasWords) this.#note(id, "warning", `${problem.message} The answer goes on below.`, null);
		this.talk.does({ kind: "retrying", reason: problem.message, atMs: this.parts.clock.now() + waitMs });
		await this.parts.clock.sleep(waitMs, this.signal);
		return !this.signal.aborted;
	}

	async #afterEnd(id: string, stop: StopReason): Promise<boolean> {
		switch (stop) {
			case "tool_use":
				return this.#runCalls(id);
			case "pause_turn":
				return true;
			case "refusal":
				this.#note(
					id,
					"warning",
					"Claude declined to answer this. Ask in another way, or choose another model.",
					"chooseModel",
				);
				return false;
			case "model_context_window_exceeded":
				return this.#compactions === 0 && (await this.#compact());
			case "max_tokens":
				if (this.#callsOf(id).length > 0) return this.#runCalls(id);
				if (++this.#continuations <= mostContinuations) return true;
				this.#note(id, "info", "The answer is very long. It can go on from here.", "continue");
				return false;
			default:
				// A stop with calls in it happens where the service stops for another reason at the same time.
				return this.#callsOf(id).some(({ output }) => output === null) ? this.#runCalls(id) : false;
		}
	}

	async #runCalls(id: string): Promise<boolean> {
		const seen = new Set<string>();
		for (const call of this.#callsOf(id)) {
			if (this.signal.aborted) break;
			if (call.output !== null) continue;
			if (seen.has(call.id)) this.#settle(id, call.id, "failed", "Two calls had the same id; only the first was run.");
			else await this.#runCall(id, call);
			seen.add(call.id);
		}
		for (const call of this.#callsOf(id)) {
			if (call.output === null) this.#settle(id, call.id, "stopped", "The person stopped the answer before this ran.");
		}
		this.parts.toolbox.endPreview(this.talk.conversation.id);
		this.parts.keep();
		if (this.signal.aborted) {
			this.#note(id, "info", "Stopped.", "continue");
			return false;
		}
		if (this.#calls < mostCalls && this.#outputChars < mostOutputChars) return true;
		this.#note(id, "info", `${this.#calls} tools were used for this prompt. Go on?`, "continue");
		return false;
	}

	async #runCall(messageId: string, call: Extract<Part, { kind: "tool" }>): Promise<void> {
		const { toolbox, clock, decide } = this.parts;
		const conversationId = this.talk.conversation.id;
		this.#calls++;
		const verdict = toolbox.judge(call, conversationId);
		if (verdict.kind === "deny") return this.#settle(messageId, call.id, "denied", verdict.reason);
		if (verdict.kind === "ask") {
			this.talk.changeCall(messageId, call.id, { state: "asking" });
			this.talk.does({ kind: "asking", callId: call.id, sinceMs: clock.now() });
			this.parts.keep();
			const decided = await decide(call.id, this.signal);
			if (decided === null) return;
			if (decided.decision === "deny") {
				const answer = "The person did not allow this. Do not try it again in another way; ask what they want instead.";
				return this.#settle(messageId, call.id, "denied", answer);
			}
		}
		this.talk.changeCall(messageId, call.id, { state: "running" });
		this.talk.does({ kind: "tool", name: call.name, sinceMs: clock.now() });
		const outcome = await toolbox.run(call, { conversationId, signal: this.signal });
		this.#outputChars += outcome.output.length;
		this.#settle(messageId, call.id, outcome.isError ? "failed" : "done", outcome.output);
		for (const part of outcome.parts) this.talk.addPart(messageId, part);
	}

	#settle(messageId: string, callId: string, state: "done" | "failed" | "denied" | "stopped", output: string): void {
		this.talk.update(messageId, (message) => {
			const at = message.parts.findIndex((part) => part.kind === "tool" && part.id === callId && part.output === null);
			const part = message.parts[at];
			if (part?.kind !== "tool") return message;
			return { ...message, parts: message.parts.with(at, { ...part, state, output, writing: undefined }) };
		});
	}

	/** Before a request: makes room where the context is nearly full. Whether there is room. */
	async #fit(): Promise<boolean> {
		const { claude, model } = this.parts;
		const request = this.#request();
		const limit = model.contextLimit - request.maxTokens;
		let tokens = tokensOfMessages(request.messages) + tokensOf(request.system + JSON.stringify(request.tools));
		if (tokens > limit * worthCounting) {
			// Without the service's count the estimate stands: it is rather too high.
			tokens = await claude.countTokens(request, this.signal).catch(() => tokens);
		}
		this.talk.contextTokens = tokens;
		return tokens <= limit * tooFull || this.#compactions > 0 || this.#compact();
	}

	async #compact(): Promise<boolean> {
		const { claude, clock, keep } = this.parts;
		this.#compactions++;
		this.talk.does({ kind: "compacting", sinceMs: clock.now() });
		const request = summaryRequest(this.#request(), this.parts.model.contextLimit);
		let answer = emptyAnswer;
		const onHeard = () => this.talk.heard(clock.now());
		for await (const event of claude.stream(request, { signal: this.signal, onHeard })) {
			if (event.kind === "failed") {
				const text = `The conversation is too long, and could not be summarised: ${event.problem.message}`;
				this.#say("error", text, "retry");
				return false;
			}
			answer = applyEvent(answer, event);
		}
		if (this.signal.aborted) return false;
		this.talk.paid(this.parts.model.id, answer.usage);
		this.talk.append(compact(this.talk.messages, answer, clock.newId(), clock.now()));
		keep();
		return true;
	}

	#has(id: string): boolean {
		return this.talk.messages.some((message) => message.id === id);
	}

	#callsOf(id: string): Extract<Part, { kind: "tool" }>[] {
		const message = this.talk.messages.find((one) => one.id === id);
		return (message?.parts ?? []).filter((part) => part.kind === "tool");
	}

	#note(id: string, level: "info" | "warning" | "error", text: string, action: NoticeAction | null): void {
		this.talk.addPart(id, { kind: "notice", level, text, action });
	}

	/** A notice that belongs to no answer. */
	#say(level: "info" | "warning" | "error", text: string, action: NoticeAction | null): void {
		const { clock } = this.parts;
		const message: Message = {
			...{ id: clock.newId(), role: "assistant", createdAtMs: clock.now() },
			...{ model: null, costUsd: null, usage: emptyAnswer.usage },
			parts: [{ kind: "notice", level, text, action }],
		};
		this.talk.append(message);
	}
}

/** A call that the limit of tokens cut is not run, even where what there is of it reads as whole. */
function withoutLastCall(answer: Answer): Answer {
	const last = answer.parts.at(-1);
	if (last?.kind !== "tool" || last.output !== null) return answer;
	const part: Part = { ...last, input: last.input ?? {}, state: "failed", output: cutInput };
	return { ...answer, parts: [...answer.parts.slice(0, -1), part], openInput: null };
}

function inWords(ms: number): string {
	const minutes = Math.ceil(ms / 60_000);
	return minutes < 90 ? `in ${minutes} minutes` : `in ${Math.ceil(minutes / 60)} hours`;
}
