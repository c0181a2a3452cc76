import * as z from "zod/mini";
import { Owner } from "../disposable";
import { Emitter } from "../emitter";
import type { ChoicesStorage } from "../runs/runChoices";

const stateSchema = z.object({
	/** Pushes whose ends are told though they are somebody else's, by their keys; the newest last. */
	pinned: z.array(z.string()),
	/** Ids of jobs that failed before the person's eyes and were not opened since. */
	unseenFailures: z.array(z.string()),
});
type JobChoicesState = z.infer<typeof stateSchema>;

const storageKey = "gamma.jobChoices";
/** Pins of jobs long gone are let go. */
const mostKept = 200;

/** What the person chose about jobs, and what they have not looked at yet; kept per workspace. */
export class JobChoices extends Owner {
	#state: JobChoicesState;
	readonly #changed = this.own(new Emitter<void>());
	readonly onDidChange = this.#changed.event;

	constructor(private readonly storage: ChoicesStorage) {
		super();
		const stored = stateSchema.safeParse(storage.get(storageKey));
		this.#state = stored.success ? stored.data : { pinned: [], unseenFailures: [] };
	}

	get pinned(): ReadonlySet<string> {
		return new Set(this.#state.pinned);
	}

	get unseenFailures(): ReadonlySet<string> {
		return new Set(this.#state.unseenFailures);
	}

	setPinned(pushKey: string, isPinned: boolean): void {
		this.#set({ pinned: changed(this.#state.pinned, pushKey, isPinned) });
	}

	setUnseenFailure(jobId: string, isUnseen: boolean): void {
		if (this.#state.unseenFailures.includes(jobId) === isUnseen) return;
		this.#set({ unseenFailures: changed(this.#state.unseenFailures, jobId, isUnseen) });
	}

	#set(change: Partial<JobChoicesState>): void {
		this.#state = { ...this.#state, ...change };
		this.storage.set(storageKey, this.#state);
		this.#changed.fire();
	}
}

function changed(list: readonly string[], one: string, isIn: boolean): string[] {
	return [...list.filter((each) => each !== one), ...(isIn ? [one] : [])].slice(-mostKept);
}
