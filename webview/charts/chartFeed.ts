import type { ChartAnswer, ChartQuery } from "../../src/shared/chart";
import { GammaError } from "../../src/shared/errors";

/** Zooms, slider moves and the like within this time make one question. */
const coalesceMs = 40;

export interface Asked {
	readonly query: ChartQuery;
	readonly revision: number;
}

export type FeedState =
	| { readonly kind: "waiting" }
	| { readonly kind: "answered"; readonly asked: Asked; readonly answer: ChartAnswer }
	| { readonly kind: "failed"; readonly asked: Asked; readonly message: string; readonly before: ChartAnswer | null };

/**
 * One chart's questions to the host, one at a time. A question about another part of the picture (zoom, axis, smoothing)
 * cancels the one under way; new points do not, so that a chart of a quick training is never starved of answers.
 */
export class ChartFeed {
	#state: FeedState = { kind: "waiting" };
	#wanted: Asked | null = null;
	#underWay: { asked: Asked; controller: AbortController } | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(
		private readonly ask: (query: ChartQuery, signal: AbortSignal) => Promise<ChartAnswer>,
		private readonly onChange: () => void,
	) {}

	get state(): FeedState {
		return this.#state;
	}

	/** What can be drawn now: the latest answer, though another may be on its way. */
	get answer(): ChartAnswer | null {
		if (this.#state.kind === "answered") return this.#state.answer;
		return this.#state.kind === "failed" ? this.#state.before : null;
	}

	get isAsking(): boolean {
		return this.#underWay !== null || this.#timer !== undefined;
	}

	/** The question that `answer` answers. */
	get answered(): Asked | null {
		return this.#state.kind === "answered" ? this.#state.asked : null;
	}

	want(wanted: Asked): void {
		this.#wanted = wanted;
		const known = this.#underWay?.asked ?? (this.#state.kind === "waiting" ? null : this.#state.asked);
		if (known && covers(known, wanted)) return;
		if (this.#underWay) {
			if (isSamePicture(this.#underWay.asked.query, wanted.query)) return;
			this.#underWay.controller.abort();
			this.#underWay = null;
		}
		// The first question goes at once; what follows an answer may be one of many.
		if (this.#state.kind === "waiting") this.#send();
		else this.#timer ??= setTimeout(() => this.#send(), coalesceMs);
	}

	retry(): void {
		this.#send();
	}

	/** Out of sight: what is under way is no longer needed. */
	pause(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#underWay?.controller.abort();
		this.#underWay = null;
		this.#wanted = null;
	}

	#send(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		const asked = this.#wanted;
		if (!asked) return;
		const controller = new AbortController();
		this.#underWay?.controller.abort();
		this.#underWay = { asked, controller };
		this.ask(asked.query, controller.signal).then(
			(answer) => this.#settle(controller, { kind: "answered", asked, answer }),
			(error: unknown) => {
				if (GammaError.is(error, "call.cancelled")) return;
				const message = error instanceof Error ? error.message : String(error);
				this.#settle(controller, { kind: "failed", asked, message, before: this.answer });
			},
		);
	}

	#settle(controller: AbortController, state: FeedState): void {
		if (this.#underWay?.controller !== controller) return;
		this.#underWay = null;
		this.#state = state;
		this.onChange();
		if (state.kind === "answered" && this.#wanted) this.want(this.#wanted);
	}
}

/** Does the answer to `known` hold all that `wanted` asks? A hidden run needs no new question. */
function covers(known: Asked, wanted: Asked): boolean {
	if (known.revision !== wanted.revision || !isSamePicture(known.query, wanted.query)) return false;
	const lines = new Map(known.query.lines.map((line) => [line.id, line.runKeys.join("\n")]));
	return wanted.query.lines.every((line) => lines.get(line.id) === line.runKeys.join("\n"));
}

function isSamePicture(a: ChartQuery, b: ChartQuery): boolean {
	return (
		a.metric === b.metric &&
		a.xAxis === b.xAxis &&
		a.logX === b.logX &&
		a.pixels === b.pixels &&
		a.smoothing === b.smoothing &&
		a.xRange?.[0] === b.xRange?.[0] &&
		a.xRange?.[1] === b.xRange?.[1]
	);
}
