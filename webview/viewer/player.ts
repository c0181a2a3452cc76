import type { Actor } from "./actors";

/** Of a frame, for physics: what is left is for drawing it. */
const budgetMs = 11;
/** A page that was hidden, or held up, does not catch up for longer than this. */
const longestFrameMs = 100;

export interface Section {
	readonly fromS: number;
	readonly toS: number;
}

/** The one timeline that all actors are played on, in seconds. */
export class Player {
	isPlaying = false;
	speed = 1;
	/** Played again and again; null: the whole. */
	loop: Section | null = null;
	/** Of the time that should have passed, how much did: 1 in real time. */
	pace = 1;
	/** It stopped because there was nothing more to play, not because a person wanted it to. */
	hasRunOut = false;
	#timeS = 0;
	#beforeMs: number | null = null;
	/** What is asked for while a moment is still being worked out waits for it. */
	#work: Promise<unknown> = Promise.resolve();
	#isBusy = false;

	constructor(
		readonly actors: readonly Actor[],
		/** Called after each moment that was reached. */
		private readonly onMoment: () => void,
	) {}

	get timeS(): number {
		return this.#timeS;
	}

	/** Infinity where one of the actors has no end. */
	get endS(): number {
		return Math.max(0, ...this.actors.map(({ endS }) => endS));
	}

	/** All that moves has come to its end, and only a reset begins it anew. */
	get isOver(): boolean {
		return this.actors.every(({ isOver }) => isOver);
	}

	get canSeek(): boolean {
		return Number.isFinite(this.endS);
	}

	/** Moves on by what has passed since the last picture. True when there is something new to draw. */
	async frame(nowMs: number): Promise<boolean> {
		const passedMs = Math.min(longestFrameMs, nowMs - (this.#beforeMs ?? nowMs));
		this.#beforeMs = nowMs;
		if (!this.isPlaying || this.#isBusy || passedMs <= 0) return false;
		const end = this.loop?.toS ?? this.endS;
		const start = this.loop?.fromS ?? 0;
		if (this.canSeek && this.#timeS >= end - 1e-9) {
			if (!this.loop) {
				this.#runOut();
				return true;
			}
			await this.seek(start);
			return true;
		}
		if (!this.canSeek && this.isOver) {
			this.#runOut();
			return true;
		}
		const wantedS = Math.min(end, this.#timeS + (passedMs / 1000) * this.speed);
		await this.#advance(wantedS, passedMs);
		return true;
	}

	#runOut(): void {
		this.isPlaying = false;
		this.hasRunOut = true;
	}

	#advance(wantedS: number, passedMs: number): Promise<void> {
		return this.#alone(async () => {
			const dueMs = performance.now() + budgetMs;
			let isReached = true;
			for (const actor of this.actors) {
				const isThere = await actor.advance(wantedS, () => performance.now() > dueMs);
				isReached &&= isThere;
			}
			const reachedS = isReached ? wantedS : (this.actors[0]?.state.timeS ?? wantedS);
			const pace = (reachedS - this.#timeS) / Math.max(1e-9, (passedMs / 1000) * this.speed);
			this.pace = 0.9 * this.pace + 0.1 * Math.min(1, pace);
			this.#timeS = reachedS;
			this.onMoment();
		});
	}

	/** Where recordings are played; others stay where they are. */
	seek(timeS: number): Promise<void> {
		return this.#alone(async () => {
			if (!this.canSeek) return;
			this.#timeS = Math.max(0, Math.min(this.endS, timeS));
			for (const actor of this.actors) await actor.advance(this.#timeS, () => false);
			this.onMoment();
		});
	}

	/** One moment, all actors; the first one's step is the timeline's. */
	step(): Promise<void> {
		this.isPlaying = false;
		return this.#moved(async () => {
			for (const actor of this.actors) await actor.step();
		});
	}

	stepBack(): Promise<void> {
		this.isPlaying = false;
		return this.#moved(async () => {
			for (const actor of this.actors) actor.stepBack();
		});
	}

	reset(keyframe = -1): Promise<void> {
		this.pace = 1;
		return this.#moved(async () => {
			for (const actor of this.actors) await actor.reset(keyframe);
		});
	}

	#moved(work: () => Promise<void>): Promise<void> {
		return this.#alone(async () => {
			await work();
			this.#timeS = this.actors[0]?.state.timeS ?? 0;
			this.onMoment();
		});
	}

	#alone(work: () => Promise<void>): Promise<void> {
		this.hasRunOut = false;
		const done = this.#work
			.catch(() => {})
			.then(async () => {
				this.#isBusy = true;
				await work().finally(() => {
					this.#isBusy = false;
				});
			});
		this.#work = done;
		return done;
	}
}
